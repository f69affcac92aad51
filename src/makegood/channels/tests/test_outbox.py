"""The outbox against a real SMTP server that refuses, delays and drops: each letter arrives once, or somebody hears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from tests.counterparts.ports import free_port
from tests.counterparts.sink import Sink, sink

from makegood.channels import outbox
from makegood.channels.models import Attempt, OutboxMail
from makegood.channels.tests.factories import fresh, later, queued, wired
from makegood.clock.now import now
from makegood.conversations.actions.closing import close
from makegood.conversations.actions.replying import undo
from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.tests.factories import CARE, KOFI, ODILE, agent, answer, come_in
from makegood.database import leasing
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as server:
        yield server


@pytest.fixture
def care(outside: Sink) -> Inbox:
    return wired(outside.port)


def wait_of(mail: OutboxMail) -> float:
    """Minutes until the next attempt."""
    return round((fresh(mail).next_at - now()) / timedelta(minutes=1), 1)


def deliveries(mail: OutboxMail) -> dict[str, str]:
    return dict(mail.message.deliveries.values_list("recipient", "state"))


def message_of(mail: OutboxMail) -> Message:
    return Message.objects.select_related("conversation").get(pk=mail.message_id)


def events() -> list[str]:
    return list(LoggedEvent.objects.filter(name__startswith="reply.").order_by("id").values_list("name", flat=True))


def test_nothing_leaves_before_ten_seconds_are_over(care: Inbox, outside: Sink) -> None:
    answer(come_in(to=care).conversation)

    assert (outbox.queue_due(), outbox.send_due(), outside.caught) == (0, 0, [])


def test_a_reply_leaves_once_with_its_envelope(care: Inbox, outside: Sink) -> None:
    mail = queued(care, "On its way.", cc=[KOFI], bcc=[Address("", "boss@elsewhere.example")])

    assert outbox.send_due() == 1
    assert (outbox.queue_due(), outbox.send_due()) == (0, 0)

    (caught,) = outside.caught
    assert caught.sender == CARE
    assert caught.recipients == [ODILE.email, KOFI.email, "boss@elsewhere.example"]
    assert caught.content == bytes(mail.content or b"")
    assert fresh(mail).state == "sent"
    assert set(deliveries(mail).values()) == {"sent"}
    assert events() == ["reply.written", "reply.sent"]
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.ended_at is not None) == ("sent", True)


def test_what_was_called_back_never_leaves(care: Inbox, outside: Sink) -> None:
    marisol = agent()
    message = answer(come_in(to=care).conversation, by=marisol)
    undo(message, by=marisol)
    Message.objects.update(send_at=now())

    assert (outbox.queue_due(), outbox.send_due(), outside.caught) == (0, 0, [])


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_queue_and_send_it_once(care: Inbox, outside: Sink) -> None:
    message = answer(come_in(to=care).conversation)
    Message.objects.update(send_at=now())

    at_once(*[lambda: (outbox.queue_due(), outbox.send_due())] * 4)
    outbox.send_due()

    assert len(outside.caught) == 1
    assert Message.objects.get(pk=message.pk).state == "sent"


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_either_it_is_called_back_or_it_leaves(care: Inbox, outside: Sink) -> None:
    marisol, conversation = agent(), come_in(to=care).conversation
    for _ in range(8):
        message = answer(conversation, by=marisol)
        Message.objects.filter(pk=message.pk).update(send_at=now())
        outside.caught.clear()

        results = at_once(lambda m=message: undo(m, by=marisol), lambda: (outbox.queue_due(), outbox.send_due()))

        assert (len(outside.caught) == 1) != isinstance(results[0], Draft), results


def test_a_temporary_refusal_is_retried_by_the_schedule_and_then_hourly(care: Inbox, outside: Sink) -> None:
    outside.refuse[ODILE.email] = "451 4.7.1 greylisted"
    mail, waits = queued(care), []

    for _ in range(8):
        outbox.send_due()
        waits.append(wait_of(mail))
        later(mail, hours=1)

    assert waits == [1, 5, 15, 30, 60, 60, 60, 60]
    assert (fresh(mail).state, deliveries(mail)) == ("delayed", {ODILE.email: "delayed"})
    assert message_of(mail).state_said == "451 4.7.1 greylisted"
    assert not message_of(mail).conversation.is_trouble
    assert events() == ["reply.written", "reply.delayed"]


def test_a_delayed_letter_arrives_when_the_server_wants_it(care: Inbox, outside: Sink) -> None:
    outside.refuse[ODILE.email] = "451 later"
    mail = queued(care)
    outbox.send_due()
    outside.refuse.clear()

    assert outbox.send_due() == 0
    later(mail, minutes=2)
    outbox.send_due()

    assert (fresh(mail).state, len(outside.caught), message_of(mail).state) == ("sent", 1, "sent")


def test_after_three_days_it_has_failed(care: Inbox, outside: Sink) -> None:
    outside.refuse[ODILE.email] = "451 later"
    mail = queued(care)
    outbox.send_due()

    later(mail, days=3, minutes=1)
    outbox.send_due()

    assert (fresh(mail).state, message_of(mail).state) == ("failed", "failed")
    assert message_of(mail).conversation.is_trouble


def test_a_final_refusal_fails_opens_the_conversation_again_and_says_why(care: Inbox, outside: Sink) -> None:
    outside.refuse[ODILE.email] = "550 5.1.1 no such user"
    mail = queued(care)
    close(message_of(mail).conversation, by=agent())

    outbox.send_due()

    message = message_of(mail)
    assert (fresh(mail).state, message.state, message.state_said) == ("failed", "failed", "550 5.1.1 no such user")
    assert (message.conversation.status, message.conversation.is_trouble) == ("open", True)
    assert (outbox.send_due(), events()[-1]) == (0, "reply.failed")


@pytest.mark.parametrize(("said", "state"), [("554 spam", "failed"), ("452 full", "delayed")])
def test_an_answer_after_the_content_counts_for_all(care: Inbox, outside: Sink, said: str, state: str) -> None:
    outside.at_data = said
    mail = queued(care, cc=[KOFI])

    outbox.send_due()

    assert deliveries(mail) == {ODILE.email: state, KOFI.email: state}


def test_each_recipient_fares_by_themselves(care: Inbox, outside: Sink) -> None:
    outside.refuse = {KOFI.email: "550 unknown", "ione@tallow.example": "451 later"}
    mail = queued(care, cc=[KOFI, Address("", "ione@tallow.example")])

    outbox.send_due()
    assert deliveries(mail) == {ODILE.email: "sent", KOFI.email: "failed", "ione@tallow.example": "delayed"}
    assert fresh(mail).recipients == ["ione@tallow.example"]

    outside.refuse.clear()
    later(mail, minutes=2)
    outbox.send_due()

    assert deliveries(mail) == {ODILE.email: "sent", KOFI.email: "failed", "ione@tallow.example": "sent"}
    assert [caught.recipients for caught in outside.caught] == [[ODILE.email], ["ione@tallow.example"]]
    assert outside.caught[0].content == outside.caught[1].content
    assert fresh(mail).state == "failed"


def test_try_again_goes_only_to_those_it_has_not_reached(care: Inbox, outside: Sink) -> None:
    outside.refuse = {KOFI.email: "550 unknown", "ione@tallow.example": "451 later"}
    mail = queued(care, cc=[KOFI, Address("", "ione@tallow.example")])
    outbox.send_due()
    outside.refuse.clear()
    later(mail, minutes=2)
    outbox.send_due()

    outbox.try_again(fresh(mail))
    assert message_of(mail).state == "queued"
    outbox.send_due()

    assert [caught.recipients for caught in outside.caught][2:] == [[KOFI.email]]
    assert len({caught.content for caught in outside.caught}) == 1
    assert (fresh(mail).state, message_of(mail).state) == ("sent", "sent")


def test_try_again_of_what_was_sent_does_nothing(care: Inbox, outside: Sink) -> None:
    mail = queued(care)
    outbox.send_due()

    outbox.try_again(fresh(mail))

    assert (outbox.send_due(), len(outside.caught)) == (0, 1)


def test_a_line_that_drops_before_the_content_is_retried_and_never_doubled(care: Inbox, outside: Sink) -> None:
    outside.drop_before_data = 1
    mail = queued(care)

    outbox.send_due()
    assert (fresh(mail).state, outside.caught, wait_of(mail)) == ("delayed", [], 1)

    later(mail, minutes=1)
    outbox.send_due()
    later(mail, days=1)
    outbox.send_due()

    assert (len(outside.caught), fresh(mail).state) == (1, "sent")


def test_a_line_that_drops_after_the_final_dot_is_uncertain_and_the_same_bytes_go_again(
    care: Inbox, outside: Sink
) -> None:
    outside.drop_after_dot = 1
    mail = queued(care)

    outbox.send_due()
    assert (fresh(mail).state, message_of(mail).state, wait_of(mail)) == ("uncertain", "uncertain", 10)
    assert outbox.send_due() == 0

    later(mail, minutes=10)
    outbox.send_due()

    one, two = outside.caught
    assert one.content == two.content
    assert (fresh(mail).state, events()) == ("sent", ["reply.written", "reply.uncertain", "reply.sent"])


def test_three_times_uncertain_is_failed(care: Inbox, outside: Sink) -> None:
    outside.drop_after_dot = 99
    mail = queued(care)

    for _ in range(5):
        outbox.send_due()
        later(mail, minutes=11)

    assert len(outside.caught) == 3
    assert (fresh(mail).state, message_of(mail).state) == ("failed", "failed")


def test_at_most_ten_attempts_an_hour(care: Inbox, outside: Sink) -> None:
    outside.refuse[ODILE.email] = "451 later"
    queued(care)

    for _ in range(14):
        outbox.send_due()
        OutboxMail.objects.update(next_at=now())

    assert Attempt.objects.count() == 10


def test_nobody_listening_is_a_delay_with_the_networks_words() -> None:
    mail = queued(wired(free_port()))

    outbox.send_due()

    assert (fresh(mail).state, wait_of(mail)) == ("delayed", 1)
    assert "refused" in message_of(mail).state_said


def test_an_inbox_without_a_server_says_what_to_do() -> None:
    mail = queued(Inbox.objects.create(name="Care", address=CARE))

    outbox.send_due()

    assert message_of(mail).state == "delayed"
    assert message_of(mail).state_said.startswith(f"{CARE} has no server for going out yet.")


def test_killed_before_the_content_left_it_goes_at_once(care: Inbox, outside: Sink) -> None:
    mail = queued(care)
    OutboxMail.objects.update(state="sending", attempts=1, first_at=now())
    Attempt.objects.create(mail=mail, at=now())

    outbox.send_due()

    assert (len(outside.caught), fresh(mail).state) == (1, "sent")
    assert list(Attempt.objects.order_by("id").values_list("outcome", "said")) == [
        ("failed", "stopped before sending"), ("sent", "250 Stored"),
    ]  # fmt: skip


def test_killed_while_the_content_left_it_is_uncertain(care: Inbox, outside: Sink) -> None:
    mail = queued(care)
    OutboxMail.objects.update(state="sending", attempts=1, first_at=now())
    Attempt.objects.create(mail=mail, at=now(), outcome="handing")

    outbox.send_due()
    assert (outside.caught, fresh(mail).state, wait_of(mail)) == ([], "uncertain", 10)

    later(mail, minutes=10)
    outbox.send_due()
    assert (len(outside.caught), fresh(mail).state) == (1, "sent")


def test_what_another_worker_is_sending_is_left_alone(care: Inbox, outside: Sink) -> None:
    mail = queued(care)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE outbox_mail SET lease_until = {leasing.clock()} + 30")

    assert (outbox.send_due(), outside.caught) == (0, [])

    outbox.release_all()
    assert outbox.send_due() == 1
    assert fresh(mail).state == "sent"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["INSERT", "UPDATE"])
def test_without_room_to_note_the_attempt_nothing_is_sent(care: Inbox, outside: Sink, when: str) -> None:
    """INSERT: the attempt itself; UPDATE: that the content is handed over."""
    mail = queued(care)
    _disk_is_full("outbox_attempt", when)
    try:
        with pytest.raises(DatabaseError):
            outbox.send_due()
        assert outside.caught == []
    finally:
        _disk_has_room("outbox_attempt")

    outbox.release_all()
    outbox.send_due()
    assert (len(outside.caught), fresh(mail).state) == (1, "sent")


def test_a_letter_that_cannot_be_made_keeps_no_other_from_leaving(care: Inbox, outside: Sink) -> None:
    bad = answer(come_in(to=care).conversation, to=[Address("", "nobody at all")])
    good = answer(come_in(to=care, message_id="<other@x.example>").conversation, "Good.")
    Message.objects.update(send_at=now())

    outbox.queue_due()
    outbox.send_due()

    assert [caught.mail["To"].addresses[0].addr_spec for caught in outside.caught] == [ODILE.email]
    assert (Message.objects.get(pk=good.pk).state, Message.objects.get(pk=bad.pk).state) == ("sent", "failed")
    assert Conversation.objects.get(messages=bad).is_trouble


def test_two_dots_in_a_row_as_some_carriers_give_them_out_are_an_address(care: Inbox, outside: Sink) -> None:
    queued(care, to=[Address("Yuki", "yuki..n.@carrier.example")])

    outbox.send_due()

    assert outside.caught[0].recipients == ["yuki..n.@carrier.example"]


def test_a_large_letter_waits_in_a_file(care: Inbox, outside: Sink) -> None:
    mail = queued(care, "A long story. " * 40_000)
    assert (mail.content, mail.path != "") == (None, True)

    outbox.send_due()

    assert fresh(mail).state == "sent"
    assert len(outside.caught[0].content) > 500_000


def _disk_is_full(table: str, when: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'could not extend file'; END $$"
            )
            cursor.execute(f"CREATE TRIGGER full_disk BEFORE {when} ON {table} EXECUTE FUNCTION full_disk()")
        else:
            cursor.execute(
                f"CREATE TRIGGER full_disk BEFORE {when} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )


def _disk_has_room(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER full_disk ON {table}")
            cursor.execute("DROP FUNCTION full_disk")
        else:
            cursor.execute("DROP TRIGGER full_disk")
