"""CPU milliseconds and SQL statements of each page, one client, warm, in process: `python bench/pages.py DATA [DATA…]`.

DATA are data folders made by `makegood seed`, or databases (postgres://…) that it filled. Exits non-zero when a budget
is missed (at a yardstick of 30 ms, or in proportion), or when the last folder costs more than 1.3 times the first.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

BUDGET = {"list": (15.0, 12), "conversation": (15.0, 15), "search_rare": (20.0, 20), "search_common": (20.0, 20)}
RATIO, YARDSTICK = 1.3, 30.0


def calibrate() -> float:
    """CPU ms of a fixed piece of work, as the peers' drivers measure it when they are beside us."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "bench" / "peers"
    if (shared / "calib.py").exists():
        sys.path.insert(0, str(shared))
        import calib

        return float(calib.measure())
    begin = time.process_time()
    total = 0
    for number in range(300_000):
        total += number * number % 7
    return (time.process_time() - begin) * 1000


def noting(noted: list[str], run: Any, sql: str, *rest: Any) -> Any:
    """Keeps each statement that is run."""
    noted.append(sql)
    return run(sql, *rest)


def measure() -> None:
    """In a process of its own for each data folder: prints one JSON object."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "makegood.project.settings"
    os.environ["MAKEGOOD_LOG"] = "ERROR"
    django.setup()
    from django.db import connection
    from django.test import Client

    from makegood.agents.models import Agent
    from makegood.conversations.models import Conversation, Message
    from makegood.project.starting import bring_up_to_date

    bring_up_to_date()
    agent, _ = Agent.objects.get_or_create(
        email="bench@quillfeather.example", defaults={"name": "Bench", "role": "admin"}
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(agent, backend="allauth.account.auth_backends.AuthenticationBackend")
    conversation = Conversation.objects.filter(status="open").order_by("-pk")[10]
    first = conversation.messages.first()
    for number in range(conversation.messages.count(), 20):
        Message.objects.create(
            conversation=conversation, inbox=conversation.inbox, direction="in", contact=conversation.contact,
            from_name="Odile Fenwick", from_email="odile@fenwick.example", subject=first.subject,
            text=first.text, at=first.at, message_id=f"<bench{number}@post.example>", raw_id=number,
        )  # fmt: skip
    pages = {
        "list": "/conversations",
        "conversation": f"/conversations/{conversation.pk}",
        "search_rare": "/search?q=quixotrope",
        "search_common": "/search?q=delivery",
    }
    found: dict[str, Any] = {"messages": Message.objects.count()}
    for name, url in pages.items():
        client.get(url)
        yardstick = calibrate()
        queries: list[str] = []
        with connection.execute_wrapper(partial(noting, queries)):
            answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        cpu, wall = [], []
        for _ in range(40):
            begin, started = time.process_time(), time.perf_counter()
            client.get(url)
            cpu.append((time.process_time() - begin) * 1000)
            wall.append((time.perf_counter() - started) * 1000)
        wall.sort()
        yardstick = (yardstick + calibrate()) / 2
        found[name] = {
            "cpu_ms": round(statistics.median(cpu), 2),
            "at_yardstick": round(statistics.median(cpu) * YARDSTICK / yardstick, 2),
            "p95_ms": round(wall[37], 1),
            "sql": len(queries),
        }
    print(json.dumps(found))


def house(given: str) -> dict[str, str]:
    """Its environment. It is there: otherwise an empty one would be made and measured."""
    if given.startswith("postgres"):
        return {"DATABASE_URL": given, "MAKEGOOD_DATA": tempfile.mkdtemp()}
    if not (Path(given) / "makegood.sqlite3").exists():
        raise argparse.ArgumentTypeError(f"{given} is no data folder made by makegood seed")
    return {"MAKEGOOD_DATA": given}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="+", type=house)
    runs = []
    for place in parser.parse_args().data:
        environment = {**os.environ, **place, "BENCH_MEASURE": "1"}
        answer = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True, check=True)
        found = json.loads(answer.stdout.splitlines()[-1])
        runs.append(found)
        print(f"{place.get('DATABASE_URL', place['MAKEGOOD_DATA'])}: {found.pop('messages')} messages")
        for name, figures in found.items():
            print(
                f"  {name:14} {figures['cpu_ms']:7.2f} ms CPU, {figures['at_yardstick']:6.2f} at a yardstick of 30"
                f"   p95 {figures['p95_ms']:6.1f} ms   {figures['sql']} SQL"
            )
    short = []
    for found in runs:
        for name, (cpu, sql) in BUDGET.items():
            if min(found[name]["cpu_ms"], found[name]["at_yardstick"]) > cpu or found[name]["sql"] > sql:
                short.append(f"{name}: {found[name]}")
    for name in ("list", "conversation") if len(runs) > 1 else ():
        ratio = runs[-1][name]["at_yardstick"] / runs[0][name]["at_yardstick"]
        print(f"{name}: the last costs {ratio:.2f} times the first")
        if ratio > RATIO:
            short.append(f"{name} grows with the data: {ratio:.2f}")
    print("\n".join(["short:", *short]) if short else "all within their budgets")
    return int(bool(short))


if __name__ == "__main__":
    if os.environ.get("BENCH_MEASURE"):
        measure()
    else:
        sys.exit(main())
