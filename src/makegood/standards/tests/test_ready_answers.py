"""Automatic answers by occasion and language, with the time by which a person answers; off until they were seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.actions import keeping_hours
from makegood.agents.models import Agent, House, Role
from makegood.agents.tests.people import happened, signed_in
from makegood.clock.hours import Hours
from makegood.conversations.envelope import Address
from makegood.conversations.models import Message
from makegood.conversations.tests.factories import agent, come_in, inbox
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.reacting import react_all, start_at_end
from makegood.inboxes.models import Inbox
from makegood.standards.actions.answering import answer_from_now_on, switch, write_answer
from makegood.standards.actions.targeting import set_target
from makegood.standards.models import ReadyAnswer
from makegood.standards.ready_answers import Occasion, filled, fitting, moment_of, occasions_at

pytestmark = pytest.mark.django_db
LISBON = ZoneInfo("Europe/Lisbon")
HOURS = Hours(LISBON, (*([((540, 1080),)] * 5), (), ()), {date(2026, 12, 8): "Feriado"})
THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
GERMAN = "Guten Tag, die Stange ist gebrochen und wir fahren am Samstag. Haben Sie noch eine für uns?"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THURSDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def chief(clock: time_machine.Traveller) -> Agent:
    start_at_end()
    House.objects.create(name="Quillfeather")
    chief = agent("Ines Brandt", Role.ADMIN)
    keeping_hours.set_hours(
        None,
        timezone="Europe/Lisbon",
        week=HOURS.week,
        country="",
        region="",
        language="",
        holidays=HOURS.off,
        by=chief,
    )
    return chief


@pytest.fixture
def care(chief: Agent) -> Inbox:
    return inbox()


def on(care: Inbox, words: str, occasion: Occasion = Occasion.RECEIVED, language: str = "") -> None:
    answer = write_answer(care, occasion=occasion, language=language, words=words, by=SYSTEM)
    switch(answer, is_on=True, words=words, by=SYSTEM)


def answered(text: str = "The pole cracked.") -> list[str]:
    come_in(text)
    react_all()
    return [message.text.partition("\n\n")[0] for message in Message.objects.filter(direction=Message.OUT)]


@pytest.mark.parametrize(
    ("at", "occasions"),
    [("2026-11-19T10:00", ["received"]), ("2026-11-19T19:00", ["closed", "received"]),
     ("2026-12-08T10:00", ["holiday", "closed", "received"])],
)  # fmt: skip
def test_the_more_special_occasion_comes_first(at: str, occasions: list[str]) -> None:
    assert occasions_at(datetime.fromisoformat(at).replace(tzinfo=LISBON), HOURS) == occasions


def test_a_preview_looks_at_the_next_moment_of_its_occasion() -> None:
    seen = datetime(2026, 11, 19, 10, 0, tzinfo=LISBON)
    assert [moment_of(occasion, HOURS, seen) for occasion in Occasion] == [
        datetime(2026, 12, 8, 12, 0, tzinfo=LISBON), datetime(2026, 11, 19, 19, 0, tzinfo=LISBON), seen,
    ]  # fmt: skip
    assert moment_of(Occasion.HOLIDAY, Hours(LISBON, HOURS.week), seen) is None


def test_the_language_of_the_letter_or_the_one_for_all_others_or_none() -> None:
    answers = {("closed", "de"): 1, ("received", "de"): 2, ("received", ""): 3}
    asked = [(["closed", "received"], "de"), (["closed", "received"], "fr"), (["received"], "de"), (["closed"], "fr")]
    assert [fitting(answers, [Occasion(one) for one in some], language) for some, language in asked] == [1, 3, 2, None]


def test_only_what_is_known_is_filled_in_and_once() -> None:
    assert (
        filled("{due} {shop} {else} { due } {{due}}", {"due": "{shop}", "shop": "Q"})
        == "{shop} Q {else} { due } {{shop}}"
    )


def test_the_customer_is_told_by_when_a_person_answers(care: Inbox) -> None:
    on(care, "Thank you. A person answers by {due}. {shop}")
    assert answered() == ["Thank you. A person answers by Thursday 19 November, 18:00 (Lisbon). Quillfeather"]


def test_a_german_letter_gets_the_german_words_with_german_days(care: Inbox) -> None:
    on(care, "Thank you.")
    on(care, "Danke für Ihre Nachricht. Sie haben die Antwort bis {due}.", language="de")
    assert answered(GERMAN) == [
        "Danke für Ihre Nachricht. Sie haben die Antwort bis Donnerstag, 19. November, 18:00 Uhr (Lisbon)."
    ]


def test_outside_hours_and_on_holidays_other_words_go_out(care: Inbox, clock: time_machine.Traveller) -> None:
    on(care, "We have it.")
    on(care, "We are closed until {opens}.", Occasion.CLOSED)
    on(care, "We celebrate {holiday} until {opens}.", Occasion.HOLIDAY)
    told = []
    for at in (THURSDAY, THURSDAY.replace(hour=20), datetime(2026, 12, 8, 10, tzinfo=UTC)):
        clock.move_to(at)
        Message.objects.filter(direction=Message.OUT).update(direction="old")
        come_in(f"{at}", message_id=f"<{at.timestamp()}@x.example>", sender=_somebody(at))
        react_all()
        told += [m.text.partition("\n\n")[0] for m in Message.objects.filter(direction=Message.OUT)]
    assert told == [
        "We have it.", "We are closed until Friday 20 November, 09:00 (Lisbon).",
        "We celebrate Feriado until Wednesday 9 December, 09:00 (Lisbon).",
    ]  # fmt: skip


def _somebody(at: datetime) -> Address:
    return Address("", f"c{int(at.timestamp())}@fenwick.example")


def test_words_that_name_a_time_are_not_sent_where_none_is_due(care: Inbox, chief: Agent) -> None:
    set_target(inbox=None, team=None, first="none", following="none", by=chief)
    on(care, "A person answers by {due}.")
    assert answered() == []


def test_a_time_that_has_passed_is_promised_to_nobody(care: Inbox, clock: time_machine.Traveller) -> None:
    on(care, "A person answers by {due}.")
    come_in("The pole cracked.")
    clock.move_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))  # the server was off over the weekend
    react_all()
    assert Message.objects.filter(direction=Message.OUT).count() == 0


def test_what_was_written_and_not_switched_on_stays_here(care: Inbox) -> None:
    write_answer(care, occasion=Occasion.RECEIVED, language="", words="Thank you.", by=SYSTEM)
    assert answered() == []


def test_new_words_are_off_again_and_only_seen_words_are_switched_on(care: Inbox) -> None:
    answer = answer_from_now_on(care, "Thank you.", by=SYSTEM)
    write_answer(care, occasion=Occasion.RECEIVED, language="", words="Thank you much.", by=SYSTEM)
    seen = [switch(answer, is_on=True, words=words, by=SYSTEM) for words in ("Thank you.", "Thank you much.")]
    states = ReadyAnswer.objects.values_list("words", "is_on").get()
    assert (seen, states) == ([False, True], ("Thank you much.", True))


def test_the_page_shows_it_whole_before_it_goes_out(care: Inbox, chief: Agent) -> None:
    browser = signed_in(chief)
    care.signature = "The team at Quillfeather"
    care.save()
    words = "Thank you <b>for</b> writing.\r\nA person answers by {due}."
    made = browser.post(
        f"/settings/inboxes/{care.pk}/answers", {"occasion": "received", "language": "", "words": words}
    )
    page = LexborHTMLParser(browser.get(made.headers["Location"]).content)
    shown = page.css_first("figure.preview").text()
    before = ReadyAnswer.objects.get().is_on
    seen = page.css_first("[name=seen]").attributes["value"]
    browser.post(f"{made.headers['Location']}/switch", {"seen": seen.replace("\n", "\r\n")})
    after = ReadyAnswer.objects.get().is_on
    browser.post(f"{made.headers['Location']}/switch/delete")
    assert (before, after, ReadyAnswer.objects.get().is_on) == (False, True, False)
    for words_shown in (
        "Auto: Where is my parcel", "Thank you <b>for</b> writing.", "by Thursday 19 November, 18:00 (Lisbon)",
        "no person wrote it", "The team at Quillfeather",
    ):  # fmt: skip
        assert words_shown in shown
    assert happened()[-3:] == ["ready_answer.written", "ready_answer.switched", "ready_answer.switched"]


def test_what_would_not_be_sent_cannot_be_switched_on(care: Inbox, chief: Agent) -> None:
    set_target(inbox=None, team=None, first="none", following="none", by=chief)
    answer = write_answer(care, occasion=Occasion.RECEIVED, language="", words="By {due}.", by=SYSTEM)
    browser = signed_in(chief)
    url = f"/settings/inboxes/{care.pk}/answers/{answer.pk}"
    told = browser.post(f"{url}/switch", {"seen": "By {due}."}, follow=True).content.decode()
    assert not ReadyAnswer.objects.get().is_on
    assert "Nothing is switched on: the words name a time, and none is known." in told
    assert "It would not be sent" in told


def test_a_name_that_is_none_is_told_and_the_words_stay(care: Inbox, chief: Agent) -> None:
    given = {"occasion": "received", "language": "de", "words": "Hello {customer}"}
    answer = signed_in(chief).post(f"/settings/inboxes/{care.pk}/answers", given)
    page = answer.content.decode()
    assert (answer.status_code, ReadyAnswer.objects.count()) == (422, 0)
    assert "There is nothing called {customer}. You can write: {due}, {opens}, {holiday}, {shop}." in page
    assert "Hello {customer}</textarea>" in page


def test_an_answer_that_was_removed_is_sent_no_more(care: Inbox, chief: Agent) -> None:
    answer = answer_from_now_on(care, "Thank you.", by=SYSTEM)
    browser: Client = signed_in(chief)
    listed = browser.get(f"/settings/inboxes/{care.pk}/answers").content.decode()
    browser.post(f"/settings/inboxes/{care.pk}/answers/{answer.pk}/delete")
    assert "Every other language" in listed
    assert answered() == []
