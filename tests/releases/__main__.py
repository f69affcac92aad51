"""Makes the database of one release: the demo's company, packed."""

from __future__ import annotations

import gzip
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"MAKEGOOD_DATA": data, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "makegood.project.settings"}
        import django

        django.setup()
        from makegood.project.commands.demo import EMAIL, PASSWORD
        from makegood.project.showing import furnish
        from makegood.project.starting import bring_up_to_date

        bring_up_to_date()
        furnish(EMAIL, PASSWORD)
        packed = Path(data) / "packed.sqlite3"
        with sqlite3.connect(Path(data) / "makegood.sqlite3") as database:
            database.execute("VACUUM INTO ?", [str(packed)])
        (FOLDER / f"{sys.argv[1]}.sqlite3.gz").write_bytes(gzip.compress(packed.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
