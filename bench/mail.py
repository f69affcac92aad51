"""How well and how fast incoming mail is read: each figure against its goal; exit code 1 when one is missed.

python bench/mail.py               everything; hostile messages at 40 MiB, each in a fresh process
python bench/mail.py --mib 4       the same with smaller hostile messages
python bench/mail.py --no-hostile  the figures of recognition and speed alone
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

from makegood.channels.email.parsing.as_json import as_json
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.generator import Sample, samples
from makegood.channels.email.parsing.tests.hostile import CASES
from makegood.conversations.envelope import Incoming, Kind

CPU_SECONDS = 1.0
PEAK_MIB = 200.0
ORDINARY_MS = 2.0


class Table:
    """Lines of figure and goal, and whether all goals were met."""

    def __init__(self) -> None:
        self.met = True

    def line(self, name: str, figure: str, goal: str, met: bool) -> None:
        self.met = self.met and met
        print(f"{'ok   ' if met else 'SHORT'}  {name:<44} {figure:>22}   goal {goal}")

    def share(self, name: str, right: int, of: int, goal: float) -> None:
        share = right / of if of else 1.0
        self.line(name, f"{right} of {of} = {share:.1%}", f">= {goal:.0%}", share >= goal)


def recognition(table: Table) -> None:
    read = [(sample, parse(sample.content)) for sample in samples()]

    def count(kinds: Iterable[Kind], is_right: Callable[[Sample, Incoming], bool]) -> tuple[int, int]:
        chosen = [(sample, incoming) for sample, incoming in read if sample.kind in kinds]
        return sum(is_right(sample, incoming) for sample, incoming in chosen), len(chosen)

    failed = (Kind.BOUNCE, Kind.DELAYED)
    table.share("bounces and delays recognised", *count(failed, lambda s, i: i.kind in failed), 0.99)
    table.share("bounce told from delay", *count(failed, lambda s, i: i.kind is s.kind), 0.95)
    table.share(
        "hard or soft right", *count(failed, lambda s, i: i.bounce is not None and i.bounce.hard is s.hard), 0.90
    )
    table.share(
        "recipient right",
        *count(failed, lambda s, i: i.bounce is not None and s.recipient in i.bounce.recipients),
        0.95,
    )
    table.share("auto-replies recognised", *count([Kind.AUTO_REPLY], lambda s, i: i.kind is s.kind), 1.0)
    table.share("complaints recognised", *count([Kind.COMPLAINT], lambda s, i: i.kind is s.kind), 1.0)
    table.share("receipts recognised", *count([Kind.RECEIPT], lambda s, i: i.kind is s.kind), 1.0)
    right, of = count([Kind.MESSAGE], lambda s, i: i.kind is s.kind)
    table.line("people's mail taken for a machine's", f"{of - right} of {of}", "<= 1 of 92", (of - right) * 92 <= of)


def validity(table: Table) -> None:
    """Every sample, whole and damaged, gives JSON that is valid UTF-8 without NUL."""
    contents = [sample.content for sample in samples()]
    contents += [content[: len(content) * cut // 4] for content in contents for cut in (1, 2, 3)]
    contents += [content.replace(b"e", b"\xe9").replace(b"0", b"\0") for content in contents[: len(samples())]]
    table.share("valid answers", sum(is_valid(content) for content in contents), len(contents), 1.0)


def is_valid(content: bytes) -> bool:
    """Can the answer be printed? A crash ends the bench."""
    written = json.dumps(as_json(parse(content), content), ensure_ascii=False)
    return "\\u0000" not in written and not any("\ud800" <= letter <= "\udfff" for letter in written)


def speed(table: Table) -> None:
    """An ordinary mail of 4 KB with text and HTML, sanitising and reply trimming included."""
    words = "Good morning,\n\nthe lamp I bought last week does not burn any more. What shall I do?\n" * 18
    html = "".join(f'<p style="margin:0;color:#333333">{line}</p>' for line in words.splitlines()[:30])
    head = "From: Odile Fenwick <odile@fenwick.example>\nTo: help@lamps.example\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
    parts = f"--b\nContent-Type: text/plain\n\n{words}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    raw = f"{head}Content-Type: multipart/alternative; boundary=b\n\n{parts}".replace("\n", "\r\n").encode()
    best = min(cpu_ms(raw) for _ in range(7))
    table.line(
        f"ordinary mail of {len(raw) / 1000:.1f} KB", f"{best:.2f} ms CPU", f"<= {ORDINARY_MS} ms", best <= ORDINARY_MS
    )


def cpu_ms(raw: bytes) -> float:
    start = time.process_time()
    for _ in range(100):
        parse(raw)
    return (time.process_time() - start) * 10


def hostile(table: Table, mib: float) -> None:
    module = "makegood.channels.email.parsing.tests.hostile"
    for name in CASES:
        command = [sys.executable, "-m", module, name, str(mib)]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            table.line(name, type(error).__name__, "an answer", met=False)
            continue
        seconds, peak = map(float, answer.stdout.split())
        met = seconds < CPU_SECONDS and peak < PEAK_MIB
        table.line(name, f"{seconds:.2f} s, {peak:.0f} MiB", f"< {CPU_SECONDS:.0f} s, < {PEAK_MIB:.0f} MiB", met)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mib", type=float, default=40.0, help="size of each hostile message")
    options.add_argument("--no-hostile", action="store_true", help="leave the hostile messages out")
    chosen = options.parse_args()
    table = Table()
    recognition(table)
    validity(table)
    speed(table)
    if not chosen.no_hostile:
        hostile(table, chosen.mib)
    return 0 if table.met else 1


if __name__ == "__main__":
    sys.exit(main())
