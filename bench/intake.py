"""Letters through LMTP to stored, threaded, findable conversations: `python bench/intake.py [--count N] [--data DIR]`.

Prints messages a second (until the last can be found), our processes' CPU milliseconds a message and, on PostgreSQL
(DATABASE_URL), the server's beside it. Exits non-zero under 120 a second or above 12 ms at a yardstick of 30 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.counterparts.makegood import Makegood, children_of, makegood

from bench.letters import letter
from bench.pages import YARDSTICK, calibrate

TO = "letters@quillfeather.example"  # an address that seeded data does not have
WATCHING = """
import sys, time, django; django.setup()
from django.db.models import Max
from makegood.channels.models import RawMessage
from makegood.conversations.models import Message
from makegood.search.models import SearchDocument
number, raws = int(sys.argv[1]), RawMessage.objects.all()
last = raws.aggregate(last=Max("id"))["last"] or 0
before = Message.objects.count(), SearchDocument.objects.count()
print("ready", flush=True)
end = time.monotonic() + 300
while raws.filter(id__gt=last).exclude(state="new").count() < number and time.monotonic() < end:
    time.sleep(0.1)
done = time.monotonic()
print(done, Message.objects.count() - before[0], SearchDocument.objects.count() - before[1])
"""


def cpu_seconds(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def postgres_pids() -> list[int]:
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal() and _is_postgres(p)]


def _is_postgres(process: Path) -> bool:
    with suppress(OSError):
        return (process / "comm").read_text().strip() == "postgres"
    return False


def watch(house: Makegood, number: int) -> subprocess.Popen[str]:
    """One process that asks ten times a second whether all are read, so that asking costs next to nothing."""
    environment = {**house.environment, "DJANGO_SETTINGS_MODULE": "makegood.project.settings"}
    environment["MAKEGOOD_DATA"] += "/."  # not one of the server's own processes
    command = [sys.executable, "-c", WATCHING, str(number)]
    watching = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert watching.stdout is not None
    assert watching.stdout.readline() == "ready\n"
    return watching


def send(house: Makegood, letters: list[bytes]) -> None:
    with smtplib.LMTP("127.0.0.1", house.lmtp_port) as session:
        for content in letters:
            session.sendmail("outside@elsewhere.example", [TO], content)


def measure(house: Makegood, number: int, sessions: int) -> dict[str, float]:
    dice = random.Random()  # a database that was measured before must not know them
    letters, ids = [], [""]
    for one in range(number):
        content = letter(one, TO, dice, dice.choice(ids) if one % 3 == 2 else "")
        letters.append(content)
        ids.append(content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode())
    watching, own, server = watch(house, number), children_of(house.data), postgres_pids()
    cpu, server_cpu, begin = cpu_seconds(own), cpu_seconds(server), time.monotonic()
    threads = [threading.Thread(target=send, args=(house, letters[n::sessions])) for n in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = time.monotonic() - begin
    done, stored, findable = watching.communicate()[0].split()
    took = float(done) - begin
    assert (int(stored), int(findable)) == (number, number), "every letter is stored and can be found"
    return {
        "per_second": round(number / took, 1),
        "accepted_per_second": round(number / accepted, 1),
        "cpu_ms": round((cpu_seconds(own) - cpu) / number * 1000, 2),
        "database_cpu_ms": round((cpu_seconds(server) - server_cpu) / number * 1000, 2),
    }


@contextmanager
def house_on(data: str) -> Iterator[Makegood]:
    """A copy of a seeded folder; a seeded database (postgres://…) itself; a fresh one when nothing is named."""
    if data.startswith("postgres"):
        house = Makegood(Path(tempfile.mkdtemp()), more={"DATABASE_URL": data})
        try:
            yield house
        finally:
            house.stop()
        return
    with makegood() as house:
        if data:
            shutil.copytree(data, house.data, dirs_exist_ok=True)
        yield house


def settle(house: Makegood) -> None:
    """What a first start has to do, such as the first backup, is over: two seconds with little work."""
    before = -1.0
    while (spent := cpu_seconds(children_of(house.data))) > before + 0.3:
        before = spent
        time.sleep(2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--sessions", type=int, default=20, help="as many as Postfix opens to one destination")
    parser.add_argument(
        "--data", default="", help="a seeded data folder to copy and go on from, or a seeded database (postgres://…)"
    )
    arguments = parser.parse_args()
    yardstick = calibrate()
    with house_on(arguments.data) as house:
        house.run("inbox", "add", "email", "--address", TO, check=False)  # a database may have had it before
        house.start()
        settle(house)
        measure(house, 100, 2)
        found = measure(house, arguments.count, arguments.sessions)
    yardstick = max(yardstick, calibrate())
    print(json.dumps({**found, "yardstick_ms": round(yardstick, 1)}))
    scale = max(yardstick / YARDSTICK, 1)
    return int(found["cpu_ms"] > 12 * scale or found["per_second"] < 120 / scale)


if __name__ == "__main__":
    sys.exit(main())
