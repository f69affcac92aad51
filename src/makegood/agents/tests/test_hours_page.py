"""The pages of working hours: what is typed is understood, or told; nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.jobs import know_holidays
from makegood.agents.models import Agent, DaysOff, House, Role, Team, WorkingHours
from makegood.agents.queries import hours_of
from makegood.agents.tests.people import admin, happened, person, signed_in
from makegood.clock.now import now

pytestmark = pytest.mark.django_db
WEEK = {"day_0": "9-12, 13:30-18", "day_1": "9am-5pm", "day_5": "10–13"}


@pytest.fixture
def chief() -> Agent:
    House.objects.create(name="Quillfeather")
    return admin()


@pytest.fixture
def browser(chief: Agent) -> Client:
    return signed_in(chief)


def test_a_week_as_people_write_it_is_kept(browser: Client) -> None:
    answer = browser.post("/settings/hours", {"timezone": "Europe/Lisbon", **WEEK})

    hours = hours_of(None)
    assert (answer.status_code, hours.zone.key) == (302, "Europe/Lisbon")
    assert hours.week == (((540, 720), (810, 1080)), ((540, 1020),), (), (), (), ((600, 780),), ())
    assert happened() == ["hours.changed"]
    page = LexborHTMLParser(browser.get("/settings/hours").content)
    assert [page.css_first(f"[name=day_{n}]").attributes["value"] for n in (0, 1, 2)] == [
        "9:00–12:00, 13:30–18:00", "9:00–17:00", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**WEEK, "day_2": "9-12, lunch"}, "“lunch” is not a time"),
        ({}, "one day at least"),
        ({"day_0": "17-9"}, "“17-9”"),
    ],
)
def test_what_cannot_be_understood_is_told_and_nothing_typed_is_lost(
    browser: Client, typed: dict[str, str], said: str
) -> None:
    answer = browser.post("/settings/hours", {"timezone": "Europe/Lisbon", **typed})

    page = LexborHTMLParser(answer.content)
    assert answer.status_code == 422
    assert {name: page.css_first(f"[name={name}]").attributes["value"] for name in typed} == typed
    assert page.css_first("[name=timezone] [selected]").attributes["value"] == "Europe/Lisbon"
    assert said in page.body.text()  # type: ignore[union-attr]
    assert WorkingHours.objects.count() == 0


def test_a_country_brings_its_holidays_in_the_reader_s_language_and_one_can_be_worked(browser: Client) -> None:
    browser.post("/settings/hours", {"timezone": "Europe/Berlin", "country": "DE", **WEEK})
    year = now().year + 1
    before = set(hours_of(None).off)
    christmas = DaysOff.objects.get(first_on=date(year, 12, 25))

    browser.post(f"/settings/days-off/{christmas.pk}/work")
    worked = set(hours_of(None).off)
    browser.post(f"/settings/days-off/{christmas.pk}/work/delete")

    assert christmas.name == "Christmas Day"
    assert (before - worked, set(hours_of(None).off)) == ({date(year, 12, 25)}, before)
    assert happened()[1:] == ["days_off.changed", "days_off.changed"]


def test_a_region_is_asked_for_where_there_are_some_and_has_holidays_of_its_own(browser: Client) -> None:
    def regions() -> list[str]:
        page = LexborHTMLParser(browser.get("/settings/hours").content)
        return [option.text() for option in page.css("[name=region] option")]

    before = regions()
    browser.post("/settings/hours", {"timezone": "Europe/Berlin", "country": "DE", **WEEK})
    after = regions()
    browser.post("/settings/hours", {"timezone": "Europe/Berlin", "country": "DE", "region": "BY", **WEEK})

    assert (before, after[:2]) == ([], ["The whole country", "Brandenburg"])
    assert date(now().year + 1, 1, 6) in hours_of(None).off


def test_an_upgrade_brings_newer_calendars_and_keeps_what_was_decided(browser: Client) -> None:
    browser.post("/settings/hours", {"timezone": "Europe/Berlin", "country": "DE", **WEEK})
    year = now().year + 1
    DaysOff.objects.filter(first_on=date(year, 12, 25)).update(is_worked=True)
    DaysOff.objects.filter(first_on=date(year, 12, 26)).delete()  # as an older calendar had it

    know_holidays.call()
    know_holidays.call()

    christmas = DaysOff.objects.filter(first_on__gte=date(year, 12, 25), first_on__lte=date(year, 12, 26))
    assert list(christmas.values_list("name", "is_worked")) == [
        ("Christmas Day", True),
        ("Second Day of Christmas", False),
    ]
    assert happened() == ["hours.changed", "hours.changed"]


def test_days_off_of_one_s_own_come_and_go(browser: Client) -> None:
    first = now().date() + timedelta(days=30)
    browser.post(
        "/settings/hours/days-off", {"name": "Moving", "first_on": first, "last_on": first + timedelta(days=1)}
    )
    both = set(hours_of(None).off)
    browser.post("/settings/hours/days-off", {"name": "Outing", "first_on": first + timedelta(days=9)})
    moving = DaysOff.objects.get(name="Moving")
    shown = LexborHTMLParser(browser.get("/settings/hours").content).css("#off .line b")
    browser.post(f"/settings/days-off/{moving.pk}/delete")

    assert both == {first, first + timedelta(days=1)}
    assert [node.text() for node in shown] == ["Moving", "Outing"]
    assert set(hours_of(None).off) == {first + timedelta(days=9)}
    assert happened() == ["days_off.added", "days_off.added", "days_off.removed"]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [("2026-12-02", "2026-12-01", "before the first day"), ("2026-01-01", "2028-01-01", "more than a year"),
     ("soon", "", "Enter a valid date"), ("9999-12-31", "", "more than five years away")],
)  # fmt: skip
def test_days_off_that_cannot_be_are_told(browser: Client, first: str, last: str, said: str) -> None:
    answer = browser.post("/settings/hours/days-off", {"name": "Moving", "first_on": first, "last_on": last})

    assert (answer.status_code, DaysOff.objects.count()) == (422, 0)
    assert said in answer.content.decode()
    assert 'value="Moving"' in answer.content.decode()


def test_a_team_begins_with_the_hours_of_the_house_has_its_own_and_follows_the_house_again(browser: Client) -> None:
    browser.post("/settings/hours", {"timezone": "Europe/Lisbon", **WEEK})
    care = Team.objects.create(name="Care")
    page = LexborHTMLParser(browser.get(f"/settings/teams/{care.pk}/hours").content)
    begins = [page.css_first(f"[name={name}]") for name in ("day_0", "timezone")]

    browser.post(f"/settings/teams/{care.pk}/hours", {"timezone": "Asia/Tokyo", "day_6": "9-12"})
    own = hours_of(care.pk)
    browser.post(f"/settings/teams/{care.pk}/hours/delete")

    assert begins[0].attributes["value"] == "9:00–12:00, 13:30–18:00"
    assert begins[1].css_first("[selected]").attributes["value"] == "Europe/Lisbon"
    assert (own.zone.key, own.week[0], own.week[6]) == ("Asia/Tokyo", (), ((540, 720),))
    assert hours_of(care.pk) == hours_of(None)


def test_a_team_without_hours_of_its_own_has_no_days_off_of_its_own(browser: Client) -> None:
    care = Team.objects.create(name="Care")
    answer = browser.post(f"/settings/teams/{care.pk}/days-off", {"name": "Moving", "first_on": "2026-12-01"})
    assert (answer.status_code, DaysOff.objects.count()) == (404, 0)


def test_a_lead_says_the_hours_of_teams_they_lead_and_no_other(chief: Agent) -> None:
    lead, own, other = (
        person("Jonas Pell", Role.LEAD),
        Team.objects.create(name="Care"),
        Team.objects.create(name="Shop"),
    )
    own.members.add(lead)
    browser = signed_in(lead)
    answers = [browser.post(f"/settings/teams/{team.pk}/hours", {"timezone": "UTC", **WEEK}) for team in (own, other)]
    assert [answer.status_code for answer in answers] == [302, 404]
    assert browser.get("/settings/hours").status_code == 403
