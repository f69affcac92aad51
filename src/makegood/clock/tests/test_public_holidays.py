"""Public holidays, asked of the real package in its own process."""

from __future__ import annotations

import sys
from datetime import date

from makegood.clock.public_holidays import countries, holidays, regions


def test_a_region_has_holidays_that_its_country_has_not() -> None:
    of_country, of_region = holidays("DE", "", 2026, 2026, "de"), holidays("DE", "BY", 2026, 2026, "de")
    assert (date(2026, 1, 6) in of_country, of_region[date(2026, 1, 6)]) == (False, "Heilige Drei Könige")


def test_several_years_are_asked_at_once() -> None:
    found = holidays("PT", "", 2026, 2028, "pt")
    assert [day.year for day in found if (day.month, day.day) == (12, 25)] == [2026, 2027, 2028]


def test_names_come_in_the_language_that_is_spoken_or_in_the_country_s_own() -> None:
    christmas = date(2026, 12, 25)
    asked = [holidays("DE", "", 2026, 2026, language)[christmas] for language in ("de", "en", "xx")]
    assert asked == ["Erster Weihnachtstag", "Christmas Day", "Erster Weihnachtstag"]


def test_countries_and_their_regions_have_names() -> None:
    assert (countries()["US"], regions("DE")["BY"], regions("IS"), regions("XX")) == ("United States", "Bayern", {}, {})


def test_the_package_is_not_loaded_into_this_process() -> None:
    regions("FR")
    assert "holidays" not in sys.modules
