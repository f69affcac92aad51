"""Public holidays by country and region, asked of the `holidays` package in a process of its own.

The package takes 50 MiB and half a second of processor time, for what is asked once a year.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from functools import lru_cache
from typing import Any

SECONDS = 30


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """ISO 3166-1 codes and English names, by name."""
    return dict(_ask("countries"))


@lru_cache(maxsize=32)
def regions(country: str) -> dict[str, str]:
    """Codes of the parts of a country that have holidays of their own, and their names. Unknown: none."""
    return dict(_ask("regions", country))


def holidays(country: str, region: str, first_year: int, last_year: int, language: str) -> dict[date, str]:
    """The days on which most people there do not work, with their names, in the language if it is known."""
    found = _ask("holidays", country, region, str(first_year), str(last_year), language)
    return {date.fromisoformat(day): name for day, name in found.items()}


def holidays_ahead(country: str, region: str, year: int, language: str) -> dict[date, str]:
    """Those of this year and the two after it; none without a country."""
    return holidays(country, region, year, year + 2, language) if country else {}


def _ask(*question: str) -> dict[str, str]:
    """Raises CalledProcessError or TimeoutExpired: what is asked for was chosen from what is known."""
    command = [sys.executable, "-m", "makegood.clock.public_holidays", *question]
    done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)  # noqa: S603  our own program
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def _countries() -> dict[str, str]:
    from holidays.registry import COUNTRIES  # slow import

    names = {entry[1]: name.replace("_", " ").title() for name, entry in COUNTRIES.items()}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def _regions(country: str) -> dict[str, str]:
    from holidays import country_holidays  # slow import

    try:
        known = country_holidays(country)
    except NotImplementedError:
        return {}
    called = known.get_subdivision_aliases()
    return {code: next(iter(called.get(code, [])), code) for code in known.subdivisions}


def _holidays(country: str, region: str, first_year: str, last_year: str, language: str) -> dict[str, str]:
    from holidays import country_holidays, list_localized_countries  # slow import

    spoken = list_localized_countries().get(country, [])
    chosen = next((one for one in spoken if one.split("_")[0] == language.split("-")[0]), None)
    years = range(int(first_year), int(last_year) + 1)
    found = country_holidays(country, subdiv=region or None, years=years, language=chosen)
    return {day.isoformat(): name for day, name in sorted(found.items())}


def main(verb: str, *given: str) -> None:
    """Answer one question on standard output, as JSON."""
    answers: dict[str, Any] = {"countries": _countries, "regions": _regions, "holidays": _holidays}
    json.dump(answers[verb](*given), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
