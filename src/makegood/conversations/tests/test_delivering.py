"""How our messages fare: one state for the message from those of its recipients; bounces touch only what they name."""

from __future__ import annotations

import pytest

from makegood.conversations.actions.closing import close
from makegood.conversations.actions.delivering import note_outcome, note_queued, note_unsendable
from makegood.conversations.actions.spam import mark_spam
from makegood.conversations.envelope import Address, Bounce, Kind
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer, come_in
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db
DAEMON = Address("Mail Delivery", "mailer-daemon@post.example")


def sent(*to: Address) -> Message:
    """A message that the server has taken for all."""
    message = answer(come_in().conversation, to=to or (ODILE,))
    recipients = [address.email for address in to or (ODILE,)]
    note_queued(message, recipients)
    message.refresh_from_db()
    note_outcome(message, dict.fromkeys(recipients, (Message.SENT, "250 ok")))
    return message


def bounce_of(message: Message, *recipients: str, kind: Kind = Kind.BOUNCE, hard: bool | None = True) -> Message:
    bounce = Bounce(recipients, hard, message.message_id, "550 no such user")
    return come_in("It came back.", sender=DAEMON, kind=kind, bounce=bounce)


def states(message: Message) -> dict[str, str]:
    return dict(Message.objects.get(pk=message.pk).deliveries.values_list("recipient", "state"))


def names() -> list[str]:
    return list(LoggedEvent.objects.order_by("id").values_list("name", flat=True))


def test_taken_for_all_it_is_sent() -> None:
    message = sent(ODILE, KOFI)

    assert Message.objects.get(pk=message.pk).state == "sent"
    assert names()[-1] == "reply.sent"
    assert LoggedEvent.objects.last().actor == f"agent:{message.agent_id}"  # type: ignore[union-attr]


def test_refused_for_one_the_message_did_not_arrive_and_says_why() -> None:
    message = answer(come_in().conversation, to=[ODILE, KOFI])
    note_queued(message, [ODILE.email, KOFI.email])
    message.refresh_from_db()

    note_outcome(message, {ODILE.email: (Message.SENT, "250"), KOFI.email: (Message.FAILED, "550 unknown")})

    kept = Message.objects.get(pk=message.pk)
    assert (kept.state, kept.state_said) == ("failed", "550 unknown")
    assert Conversation.objects.get().is_trouble
    assert names()[-1] == "reply.failed"


def test_what_did_not_arrive_opens_the_conversation_again_and_the_customer_waits() -> None:
    first = come_in()
    message = answer(first.conversation)
    note_queued(message, [ODILE.email])
    close(first.conversation, by=agent())

    note_outcome(Message.objects.get(pk=message.pk), {ODILE.email: (Message.FAILED, "550")})

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.is_trouble, conversation.waiting_since) == ("open", True, first.at)
    assert names()[-2:] == ["reply.failed", "conversation.reopened"]


def test_a_message_that_cannot_be_made_has_failed_for_everybody() -> None:
    message = answer(come_in().conversation, to=[ODILE], bcc=[KOFI])

    note_unsendable(message, "“x” is no address.")

    assert states(message) == {ODILE.email: "failed", KOFI.email: "failed"}
    assert Conversation.objects.get().is_trouble


def test_a_bounce_marks_the_message_it_names_and_no_other() -> None:
    first, second = sent(), sent()

    notice = bounce_of(first, ODILE.email)

    assert (states(first), states(second)) == ({ODILE.email: "failed"}, {ODILE.email: "sent"})
    assert notice.conversation == first.conversation
    assert notice.is_automatic


def test_a_bounce_marks_the_recipient_it_names_whatever_the_case() -> None:
    message = sent(ODILE, KOFI)

    bounce_of(message, "Kofi@Larkspur.Example")

    assert states(message) == {ODILE.email: "sent", KOFI.email: "failed"}


def test_a_bounce_for_somebody_who_was_no_recipient_marks_nobody() -> None:
    message = sent()

    bounce_of(message, "stranger@elsewhere.example")

    assert states(message) == {ODILE.email: "sent"}


def test_a_bounce_opens_the_conversation_again() -> None:
    message = sent()
    close(message.conversation, by=agent())

    bounce_of(message, ODILE.email)

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.is_trouble) == ("open", True)


@pytest.mark.parametrize(("kind", "hard"), [(Kind.DELAYED, None), (Kind.BOUNCE, False)])
def test_a_delay_notice_or_soft_bounce_delays_and_opens_nothing(kind: Kind, hard: bool | None) -> None:
    message = sent()
    close(message.conversation, by=agent())

    bounce_of(message, ODILE.email, kind=kind, hard=hard)

    conversation = Conversation.objects.get()
    assert states(message) == {ODILE.email: "delayed"}
    assert (conversation.status, conversation.is_trouble) == ("closed", False)


def test_a_delay_notice_after_the_bounce_changes_nothing() -> None:
    message = sent()
    bounce_of(message, ODILE.email)

    bounce_of(message, ODILE.email, kind=Kind.DELAYED)

    assert states(message) == {ODILE.email: "failed"}


@pytest.mark.parametrize("kind", [Kind.RECEIPT, Kind.COMPLAINT])
def test_a_read_receipt_and_a_complaint_say_that_it_arrived(kind: Kind) -> None:
    message = sent()
    close(message.conversation, by=agent())

    bounce_of(message, ODILE.email, kind=kind, hard=None)

    conversation = Conversation.objects.get()
    assert states(message) == {ODILE.email: "sent"}
    assert (conversation.status, conversation.is_trouble) == ("closed", False)


def test_a_bounce_with_a_made_up_message_id_changes_nothing() -> None:
    message = sent()
    made_up = Bounce((ODILE.email,), True, f"<{'0' * 32}.{'0' * 32}@quillfeather.example>", "550")

    notice = come_in("Back.", sender=DAEMON, kind=Kind.BOUNCE, bounce=made_up)

    assert states(message) == {ODILE.email: "sent"}
    assert notice.conversation != message.conversation


def test_a_bounce_with_our_token_but_another_key_changes_nothing() -> None:
    message = sent()
    made_up = Bounce((ODILE.email,), True, f"<{'0' * 32}.{message.conversation.token}@quillfeather.example>", "550")

    come_in("Back.", sender=DAEMON, kind=Kind.BOUNCE, bounce=made_up)

    assert states(message) == {ODILE.email: "sent"}


def test_a_persons_mail_that_quotes_our_message_id_marks_nothing() -> None:
    message = sent()

    come_in("550 no such user", in_reply_to=message.message_id)

    assert states(message) == {ODILE.email: "sent"}


def test_a_bounce_before_anything_left_changes_nothing() -> None:
    message = answer(come_in().conversation)

    bounce_of(message, ODILE.email)

    assert Message.objects.get(pk=message.pk).state == "waiting"


def test_a_message_without_deliveries_is_not_called_sent() -> None:
    message = answer(come_in().conversation)

    note_outcome(message, {})

    assert Message.objects.get(pk=message.pk).state == "waiting"
    assert "reply.sent" not in names()


def test_a_letter_that_did_not_arrive_takes_no_conversation_out_of_spam() -> None:
    message, marisol = sent(ODILE), agent()
    known = message.conversation  # as it was before somebody marked it
    mark_spam(Conversation.objects.get(), by=marisol)

    note_outcome(message, {ODILE.email: (Message.FAILED, "550 unknown")})

    conversation = Conversation.objects.get()
    assert (known.status, conversation.status, conversation.is_trouble) == ("open", "spam", True)
