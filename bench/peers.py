"""Makegood by the drivers that also measure other help desks: `python bench/peers.py DRIVERS [--conversations N]`.

DRIVERS is the folder that holds corpus.py, httpbench.py, intake.py and the peers' own configurations; to compare, run
theirs in the same hour: a machine's speed changes, so the yardstick (`calib_ms`) stands in every line.

Starts a Makegood of its own, stores the corpus, prints a JSON line for each page, for the memory of all processes and
for each way of taking mail in. Whoever reads lines divides `cpu_ms` by `calib_ms`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.counterparts.makegood import Makegood, makegood

from bench.peers_load import ADDRESS

HERE = Path(__file__).resolve().parent
LOAD = [sys.executable, str(HERE / "peers_load.py")]
MAKEGOOD = [sys.executable, "-m", "makegood"]
WAYS = {
    "pipe": ("pipe", 60, [*MAKEGOOD, "mail", "accept", "--inbox", ADDRESS]),
    "lmtp": ("batch", 2000, [*LOAD, "lmtp", "{dir}"]),
    "import": ("batch", 2000, [*MAKEGOOD, "mail", "import", "{dir}", "--inbox", ADDRESS, "--as-new"]),
}


class Drivers:
    """The folder of drivers, run for one house."""

    def __init__(self, folder: Path, house: Makegood, out: list[str]) -> None:
        self.folder, self.house, self.out = folder, house, out

    def run(self, driver: str, *words: str) -> None:
        command = [sys.executable, str(self.folder / driver), *words]
        subprocess.run(command, env=self.house.environment, check=True)

    def measure(self, driver: str, *words: str, command: list[str] | None = None) -> None:
        """With the server's process tree, which is where its processor time and memory are counted."""
        assert self.house.process is not None
        known = ["--pids", str(self.house.process.pid), *self.out]
        self.run(driver, *words, *known, *(["--", *command] if command else []))

    def load(self, conversations: int) -> None:
        corpus = [sys.executable, str(self.folder / "corpus.py"), "tickets", "--n", str(conversations)]
        with subprocess.Popen(corpus, stdout=subprocess.PIPE) as made:
            subprocess.run([*LOAD, "tickets"], stdin=made.stdout, env=self.house.environment, check=True)

    def pages(self, conversations: int) -> None:
        config = {**json.loads((HERE / "makegood.json").read_text()), "base": self.house.url}
        file = self.house.data / "peers.json"
        file.write_text(json.dumps(config))
        self.measure("httpbench.py", str(file), "--ids", f"1-{conversations}", "--label", "makegood")

    def intake(self, way: str, seed: int) -> None:
        mode, number, command = WAYS[way]
        mail = str(self.house.data / f"peers-{way}")
        self.run("corpus.py", "mail", "--n", str(number), "--seed", str(seed), "--out", mail, "--to", ADDRESS)
        counting = ["--mail", mail, "--label", f"makegood-{way}", "--count", f"{sys.executable} {LOAD[1]} count"]
        self.measure("intake.py", mode, *counting, command=command)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drivers", type=Path)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--out", type=Path, help="a file to which the lines are added as well")
    arguments = parser.parse_args()
    with makegood() as house:
        out = ["--out", str(arguments.out.resolve())] if arguments.out else []
        drivers = Drivers(arguments.drivers.resolve(), house, out)
        house.run("inbox", "add", "email", "--address", ADDRESS, "--name", "Support")
        drivers.load(arguments.conversations)
        house.start()
        drivers.pages(arguments.conversations)
        for seed, way in enumerate(WAYS, start=21):
            drivers.intake(way, seed)


if __name__ == "__main__":
    main()
