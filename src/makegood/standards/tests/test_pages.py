"""The page of answer standards, and the sentence that tells how a due time came about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.actions import keeping_hours
from makegood.agents.models import Agent, House, Role, Team
from makegood.agents.tests.people import signed_in
from makegood.conversations.tests.factories import agent, come_in, inbox
from makegood.eventlog.reacting import react_all, start_at_end
from makegood.standards.models import AnswerTarget
from makegood.standards.targets import KNOWN
from makegood.standards.wording import choices, words_of

pytestmark = pytest.mark.django_db
FRIDAY_EVENING = datetime(2026, 11, 20, 20, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    start_at_end()
    House.objects.create(name="Quillfeather")
    with time_machine.travel(FRIDAY_EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def chief() -> Agent:
    return agent("Ines Brandt", Role.ADMIN)


@pytest.fixture
def browser(chief: Agent) -> Client:
    return signed_in(chief)


def why(browser: Client, number: int) -> str:
    page = LexborHTMLParser(browser.get(f"/conversations/{number}/due-time").content)
    return " ".join(page.css_first("p.why").text().split())


def test_a_due_time_is_told_with_days_off_and_by_whose_clock(browser: Client, chief: Agent) -> None:
    keeping_hours.set_hours(
        None, timezone="Europe/Lisbon", week=[[(540, 1080)]] * 5 + [[], []], country="", region="", language="",
        holidays={date(2026, 11, 23): "Feriado"}, by=chief,
    )  # fmt: skip
    conversation = come_in().conversation
    react_all()
    assert why(browser, conversation.pk) == (
        "They wrote on Fri 20 Nov 20:05. Nobody worked then, so the time counts from Tue 24 Nov 09:00. We answer by the"
        " end of that business day: Tue 24 Nov 18:00. Days without work are left out: Sat 21 Nov, Sun 22 Nov, Mon 23"
        " Nov (Feriado). By the clock of Europe/Lisbon."
    )


@pytest.mark.parametrize(
    ("target", "hour", "said"),
    [
        ("closing", 16, "Too little of that business day was left, so 24 hours hold: Mon 23 Nov 16:00."),
        ("closing", 10, "We answer by the end of that business day: Fri 20 Nov 17:00."),
        ("2h", 16, "We answer within 2 working hours: Mon 23 Nov 10:00."),
        ("1d", 10, "We answer by the end of the next business day: Mon 23 Nov 17:00."),
        ("3d", 10, "We answer within 3 business days: Wed 25 Nov 17:00."),
    ],
)
def test_every_kind_of_target_has_its_sentence(
    browser: Client, clock: time_machine.Traveller, target: str, hour: int, said: str
) -> None:
    browser.post("/settings/standards", {"first": target, "following": "none"})
    clock.move_to(FRIDAY_EVENING.replace(hour=hour, minute=0))
    conversation = come_in().conversation
    react_all()
    assert said in why(browser, conversation.pk)


def test_where_nothing_is_due_there_is_nothing_to_explain(browser: Client) -> None:
    browser.post("/settings/standards", {"first": "none", "following": "none"})
    conversation = come_in().conversation
    react_all()
    assert browser.get(f"/conversations/{conversation.pk}/due-time").status_code == 404


def test_special_standards_are_told_whose_they_are_and_go_again(browser: Client) -> None:
    care, workshop = Team.objects.create(name="Care"), inbox("workshop@quillfeather.example", "Workshop")
    browser.post(
        "/settings/standards/special", {"inbox": workshop.pk, "team": care.pk, "first": "2h", "following": "1d"}
    )
    browser.post(
        "/settings/standards/special", {"inbox": workshop.pk, "team": care.pk, "first": "4h", "following": "1d"}
    )
    page = LexborHTMLParser(browser.get("/settings/standards").content)
    told = [" ".join(node.text().split()) for node in page.css("#special .line .grow")]
    browser.post(f"/settings/standards/special/{AnswerTarget.objects.get().pk}/delete")
    assert told == [
        "Workshop · Care The first reply within 4 working hours;"
        " every reply after it by the end of the next business day."
    ]
    assert AnswerTarget.objects.count() == 0


def test_a_special_standard_for_nobody_is_refused_with_a_sentence(browser: Client) -> None:
    answer = browser.post("/settings/standards/special", {"first": "2h", "following": "4h"})
    assert (answer.status_code, AnswerTarget.objects.count()) == (422, 0)
    assert "Choose an inbox or a team" in answer.content.decode()


def test_a_target_that_nobody_offers_is_refused(browser: Client) -> None:
    answer = browser.post("/settings/standards", {"first": "90h", "following": "4h"})
    assert (answer.status_code, AnswerTarget.objects.count()) == (422, 0)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_target_can_be_chosen_and_has_words_of_its_own(language: str) -> None:
    with translation.override(language):
        assert sorted(word for word, _ in choices()) == sorted(KNOWN)
        assert len({words_of(target) for target in KNOWN.values()}) == len(KNOWN)


def test_the_head_of_a_conversation_tells_what_is_due(chief: Agent, clock: time_machine.Traveller) -> None:
    conversation = come_in().conversation
    react_all()

    def chip() -> tuple[str | None, str]:
        page = LexborHTMLParser(signed_in(chief).get(f"/conversations/{conversation.pk}").content)
        node = page.css_first(".duetime summary")
        return node.attributes["data-p"], " ".join(node.text().split())

    before = chip()
    clock.move_to(FRIDAY_EVENING + timedelta(days=3))
    assert [before, chip()] == [("std", "First reply Mon 17:00"), ("late", "First reply 17:00 · 3 h late")]
