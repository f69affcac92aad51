"""How well replies are cut: `python bench/replies.py [-v]`, over the development cases beside the repository.

Exact: the reply as its authors expect it, with white space collapsed. Kept: no word of it is missing from ours.
Exits with 1 below the goals, with 2 when the cases are not there.
"""

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from makegood.text.quotes import reply_of

CASES = Path(__file__).resolve().parents[2] / "shared" / "data" / "mail" / "replies_dev.jsonl"
GOAL_EXACT = 0.86
GOAL_KEPT = 0.98


@dataclass(frozen=True)
class Score:
    name: str
    expected: str
    found: str

    @property
    def is_exact(self) -> bool:
        return self.found.split() == self.expected.split()

    @property
    def lost(self) -> list[str]:
        """Words of the expected reply that ours lacks."""
        words = re.compile(r"\w+").findall
        return list((Counter(words(self.expected)) - Counter(words(self.found))).elements())


def scores() -> list[Score]:
    with CASES.open(encoding="utf-8") as file:
        cases = [json.loads(line) for line in file if line.strip()]
    return [Score(case["id"], case["reply"], reply_of(case["body"])) for case in cases]


def main() -> int:
    if not CASES.exists():
        print(f"no cases at {CASES}")
        return 2
    found = scores()
    exact = sum(score.is_exact for score in found) / len(found)
    kept = sum(not score.lost for score in found) / len(found)
    print(
        f"{len(found)} cases: exact {exact:.1%} (goal {GOAL_EXACT:.0%}), no word lost {kept:.1%} (goal {GOAL_KEPT:.0%})"
    )
    if "-v" in sys.argv[1:]:
        for score in found:
            if not score.is_exact:
                print(f"\n=== {score.name}\n--- expected\n{score.expected}\n--- found\n{score.found}")
    return 0 if exact >= GOAL_EXACT and kept >= GOAL_KEPT else 1


if __name__ == "__main__":
    sys.exit(main())
