"""Due times follow what happens in a conversation, and what is said about hours and targets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.agents.actions import keeping_hours
from makegood.agents.models import Agent, House, Role, Team, WorkingHours
from makegood.conversations.actions import assigning, closing, spam
from makegood.conversations.actions.delivering import note_unsendable
from makegood.conversations.actions.merging import merge, undo_merge
from makegood.conversations.actions.moving import move
from makegood.conversations.actions.receiving import receive
from makegood.conversations.actions.replying import undo
from makegood.conversations.actions.splitting import split
from makegood.conversations.models import Conversation
from makegood.conversations.tests.factories import agent, answer, arrival, come_in, inbox, letter
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.reacting import react_all, start_at_end
from makegood.jobs.models import Job
from makegood.standards.actions.reckoning import reckon_due
from makegood.standards.actions.targeting import remove_target, set_target
from makegood.standards.jobs import reckon_all

pytestmark = pytest.mark.django_db
CAME = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)  # a Thursday; nobody has said any hours: nine to five


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    start_at_end()
    House.objects.create(name="Quillfeather")
    with time_machine.travel(CAME, tick=False) as traveller:
        yield traveller


def stands(conversation: Conversation) -> tuple[str, datetime | None]:
    react_all()
    conversation.refresh_from_db()
    return conversation.standard, conversation.standard_due_at


def at(hour: int, minute: int = 0, day: int = 19) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def chief() -> Agent:
    return agent("Ines Brandt", Role.ADMIN)


def work(team: Team | None, slots: tuple[int, int], timezone: str = "UTC") -> None:
    keeping_hours.set_hours(
        team, timezone=timezone, week=[[slots]] * 7, country="", region="", language="", holidays={}, by=chief()
    )


def test_a_letter_is_due_by_the_end_of_the_business_day() -> None:
    conversation = come_in().conversation
    assert stands(conversation) == (Conversation.FIRST, at(17))
    assert conversation.next_due_at == at(17)


def test_an_answer_ends_it_and_the_next_letter_begins_the_next(clock: time_machine.Traveller) -> None:
    first = come_in()
    sent = answer(first.conversation)
    assert stands(first.conversation) == ("", None)
    clock.move_to(at(11))
    come_in("And the bag?", in_reply_to=sent.message_id)
    assert stands(first.conversation) == (Conversation.NEXT, at(17))


def test_a_second_letter_while_one_waits_moves_nothing(clock: time_machine.Traveller) -> None:
    first = come_in()
    clock.move_to(at(16, 30))
    come_in("Anybody there?", references=first.message_id)
    assert stands(first.conversation) == (Conversation.FIRST, at(17))


def test_a_reply_that_is_called_back_or_refused_is_no_answer() -> None:
    conversation, marisol = come_in().conversation, agent()
    undo(answer(conversation, by=marisol), by=marisol)
    assert stands(conversation) == (Conversation.FIRST, at(17))
    note_unsendable(answer(conversation, by=marisol), "No such person here.")
    assert stands(conversation) == (Conversation.FIRST, at(17))


def test_closed_and_spam_owe_nothing_and_put_off_owes_still() -> None:
    conversation, marisol = come_in().conversation, agent()
    closing.snooze(conversation, until=at(9, day=23), by=marisol)
    snoozed = stands(conversation)
    closing.close(conversation, by=marisol)
    closed = stands(conversation)
    closing.reopen(conversation, by=marisol)
    reopened = stands(conversation)
    spam.mark_spam(conversation, by=marisol)
    assert [snoozed, closed, reopened, stands(conversation)] == [
        (Conversation.FIRST, at(17)), ("", None), (Conversation.FIRST, at(17)), ("", None),
    ]  # fmt: skip


def test_a_team_answers_by_its_own_hours_in_its_own_zone() -> None:
    care = Team.objects.create(name="Care")
    work(care, (540, 1200), "America/New_York")
    conversation = come_in().conversation
    assigning.assign(conversation, to=None, team=care, by=agent())
    assert stands(conversation) == (Conversation.FIRST, at(1, day=20))


def test_other_hours_move_what_is_due_already() -> None:
    conversation = come_in().conversation
    stands(conversation)
    work(None, (540, 900), "Europe/Lisbon")
    react_all()
    reckon_all.call()
    assert stands(conversation) == (Conversation.FIRST, at(15))
    assert Job.objects.filter(task="makegood.standards.jobs.reckon_all").count() == 1


def test_days_off_of_the_house_count_for_every_team_holidays_each_their_own(clock: time_machine.Traveller) -> None:
    care = Team.objects.create(name="Care")
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    week = [[(540, 1020)]] * 5 + [[], []]
    for team, holidays in ((None, {friday: "Of the house"}), (care, {monday: "Of the team"})):
        keeping_hours.set_hours(
            team, timezone="UTC", week=week, country="", region="", language="", holidays=holidays, by=chief()
        )
    keeping_hours.close_on(None, first_on=date(2026, 11, 24), last_on=date(2026, 11, 25), name="Moving", by=chief())
    clock.move_to(at(18))
    of_house, of_team = come_in().conversation, come_in("Other", message_id="<o@o.example>").conversation
    assigning.assign(of_team, to=None, team=care, by=agent())
    assert [stands(of_house)[1], stands(of_team)[1]] == [at(17, day=23), at(17, day=20)]
    clock.move_to(at(18, day=20))
    late = come_in("Later", message_id="<l@l.example>").conversation
    assigning.assign(late, to=None, team=care, by=agent())
    assert stands(late)[1] == at(17, day=26)


def test_a_holiday_on_which_they_work_counts_as_any_day(clock: time_machine.Traveller) -> None:
    keeping_hours.set_hours(
        None, timezone="UTC", week=[[(540, 1020)]] * 7, country="PT", region="", language="pt",
        holidays={date(2026, 11, 20): "Feriado"}, by=chief(),
    )  # fmt: skip
    keeping_hours.work_on(WorkingHours.objects.get().days_off.get(), is_worked=True, by=chief())
    clock.move_to(at(18))
    assert stands(come_in().conversation)[1] == at(17, day=20)


def test_the_most_special_target_holds() -> None:
    care, workshop = Team.objects.create(name="Care"), inbox("workshop@quillfeather.example", "Workshop")
    by = chief()
    set_target(inbox=None, team=None, first="8h", following="none", by=by)
    set_target(inbox=None, team=care, first="4h", following="none", by=by)
    set_target(inbox=workshop, team=None, first="2h", following="none", by=by)
    special = set_target(inbox=workshop, team=care, first="30m", following="none", by=by)
    letters = [come_in(str(number), to, message_id=f"<{number}@x.example>")
               for number, to in enumerate([None, None, workshop, workshop])]  # fmt: skip
    for received in letters[1::2]:
        assigning.assign(received.conversation, to=None, team=care, by=agent())
    due = [stands(received.conversation)[1] for received in letters]
    assert due == [at(10, day=20), at(14), at(12), at(10, 30)]
    remove_target(special, by=by)
    reckon_all.call()
    assert stands(letters[3].conversation)[1] == at(12)


def test_without_a_target_nothing_is_due_but_somebody_waits() -> None:
    set_target(inbox=None, team=None, first="none", following="2h", by=chief())
    conversation = come_in().conversation
    assert stands(conversation) == ("", None)
    assert conversation.waiting_since == CAME


def test_open_pages_hear_of_it_once() -> None:
    conversation = come_in().conversation
    stands(conversation)
    reckon_all.call()
    told = LoggedEvent.objects.filter(name="due_time.changed")
    assert [(event.conversation_id, event.scope, event.actor) for event in told] == [
        (conversation.pk, conversation.inbox_id, "system:")
    ]


def test_old_mail_owes_nothing() -> None:
    message = receive(letter(date=CAME - timedelta(days=40)), arrival(is_history=True))
    assert stands(message.conversation) == ("", None)


def test_nine_conversations_that_stay_as_they_are_cost_as_many_questions_as_one() -> None:
    counts = []
    for number in (1, 9):
        ids = [come_in(str(n), message_id=f"<{number}.{n}@x.example>").conversation.pk for n in range(number)]
        reckon_due(ids)
        with CaptureQueriesContext(connection) as asked:
            reckon_due(ids)
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_what_is_merged_owes_where_it_went_and_again_by_itself_when_it_is_undone(
    clock: time_machine.Traveller,
) -> None:
    older = come_in("The pole.", message_id="<a@x.example>").conversation
    clock.move_to(at(16))
    newer = come_in("The bag.", message_id="<b@x.example>").conversation
    before = [stands(older), stands(newer)]
    merged = merge(older, into=newer, by=agent())
    after = [stands(older), stands(newer)]
    undo_merge(merged, by=agent())
    assert before == [(Conversation.FIRST, at(17)), (Conversation.FIRST, at(16, day=20))]
    assert after == [("", None), (Conversation.FIRST, at(17))]
    assert [stands(older), stands(newer)] == before


def test_a_part_that_is_split_off_owes_its_own_answer(clock: time_machine.Traveller) -> None:
    first = come_in("The pole.")
    clock.move_to(at(16))
    second = come_in("And, quite another thing, the bag.", in_reply_to=first.message_id)
    row = split(second, by=agent())
    assert [stands(first.conversation), stands(row.target)] == [
        (Conversation.FIRST, at(17)), (Conversation.FIRST, at(16, day=20)),
    ]  # fmt: skip


def test_another_inbox_has_another_standard() -> None:
    workshop = inbox("workshop@quillfeather.example", "Workshop")
    set_target(inbox=workshop, team=None, first="2h", following="2h", by=chief())
    conversation = come_in().conversation
    before = stands(conversation)
    move(conversation, to=workshop, by=agent())
    assert (before, stands(conversation)) == ((Conversation.FIRST, at(17)), (Conversation.FIRST, at(12)))
