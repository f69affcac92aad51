"""A message comes in: who is speaking, where it belongs, and what that changes (trust.md, Who is speaking)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.channels.email.parsing.message import parse
from makegood.channels.email.writing import compose
from makegood.clock.now import now
from makegood.contacts.models import Contact
from makegood.conversations import matching
from makegood.conversations.actions.closing import close, snooze
from makegood.conversations.actions.receiving import receive
from makegood.conversations.envelope import Address, Identity, IncomingFile, Kind
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.tests.factories import (
    CARE,
    KOFI,
    ODILE,
    agent,
    answer,
    arrival,
    come_in,
    inbox,
    letter,
)
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db


def events(name: str) -> list[LoggedEvent]:
    return list(LoggedEvent.objects.filter(name=name).order_by("id"))


def token_address(conversation: Conversation) -> Address:
    return Address("", matching.reply_address(conversation.inbox.address, conversation.token))


def participants(conversation: Conversation) -> dict[str, bool]:
    return dict(conversation.participants.values_list("email", "is_verified"))


def test_a_first_letter_opens_a_conversation_that_waits() -> None:
    message = come_in("The pole cracked.", subject="Tent")

    conversation = Conversation.objects.get()
    assert message.conversation == conversation
    assert (conversation.subject, conversation.status, conversation.last_line) == ("Tent", "open", "The pole cracked.")
    assert conversation.waiting_since == message.at
    assert participants(conversation) == {"odile@fenwick.example": True}
    assert [e.name for e in LoggedEvent.objects.order_by("id")] == [
        "contact.met", "conversation.opened", "message.received",
    ]  # fmt: skip
    received = events("message.received")[0]
    assert received.data == {"message_id": message.pk, "kind": "message", "is_history": False}
    assert (received.scope, received.contact_id) == (conversation.inbox_id, conversation.contact_id)


def test_an_event_holds_no_words_and_no_addresses() -> None:
    come_in("Heliotrope.", subject="Peony")

    kept = " ".join(f"{e.actor} {e.data}" for e in LoggedEvent.objects.all())
    assert not any(word in kept for word in ("Heliotrope", "Peony", "odile", "Fenwick", "@"))


def test_a_token_in_the_address_joins() -> None:
    first = come_in()

    second = come_in("More.", delivered_to=[token_address(first.conversation).email])

    assert second.conversation == first.conversation
    assert Conversation.objects.count() == 1


def test_a_token_in_a_quoted_message_id_of_ours_joins() -> None:
    ours = answer(come_in().conversation)

    back = come_in("Thanks.", sender=Address("", "odile@work.example"), in_reply_to=ours.message_id)

    assert back.conversation == ours.conversation


def test_a_stored_message_id_joins_when_the_sender_takes_part() -> None:
    first = come_in()

    second = come_in("One more thing.", in_reply_to=first.message_id)

    assert second.conversation == first.conversation


def test_a_stored_message_id_joins_whatever_the_case_of_the_senders_address() -> None:
    first = come_in()

    second = come_in("One more.", sender=Address("", "Odile@Fenwick.Example"), references=[first.message_id])

    assert second.conversation == first.conversation


def test_a_stored_message_id_with_a_foreign_sender_stands_alone_with_a_hint() -> None:
    first = come_in()

    foreign = come_in("I am Odile's brother.", sender=KOFI, in_reply_to=first.message_id)

    assert foreign.conversation != first.conversation
    assert foreign.conversation.may_belong_to == first.conversation


def test_an_unverified_participant_does_not_join_by_a_stored_message_id() -> None:
    first = come_in()
    come_in("By token.", sender=KOFI, delivered_to=[token_address(first.conversation).email])

    again = come_in("Without it.", sender=KOFI, in_reply_to=first.message_id)

    assert again.conversation != first.conversation
    assert again.conversation.may_belong_to == first.conversation


def test_neither_subject_nor_number_nor_name_joins() -> None:
    first = come_in(subject="Cracked tent pole")

    second = come_in("x", subject=f"Re: Cracked tent pole [#{first.conversation_id}] {first.conversation.token}")

    assert second.conversation != first.conversation
    assert second.conversation.may_belong_to is None


def test_a_token_of_another_inbox_joins_nothing_here() -> None:
    first = come_in()
    returns = inbox("returns@quillfeather.example", "Returns")

    other = come_in("x", to=returns, delivered_to=[token_address(first.conversation).email])

    assert other.conversation != first.conversation
    assert (other.conversation.inbox, other.conversation.may_belong_to) == (returns, None)


def test_a_token_with_an_unknown_sender_adds_an_unverified_participant_and_changes_nobodys_name() -> None:
    first = come_in()
    impostor = Address("Odile Fenwick (new)", "impostor@elsewhere.example")

    message = come_in("Hand it over.", sender=impostor, delivered_to=[token_address(first.conversation).email])

    first.conversation.refresh_from_db()
    assert message.conversation == first.conversation
    assert participants(first.conversation) == {"odile@fenwick.example": True, "impostor@elsewhere.example": False}
    assert first.conversation.contact.name == "Odile Fenwick"
    assert message.contact != first.conversation.contact


def test_the_name_in_a_later_mail_never_changes_the_contacts_name() -> None:
    come_in()

    come_in("x", sender=Address("Somebody Else", "odile@fenwick.example"))

    assert [contact.name for contact in Contact.objects.all()] == ["Odile Fenwick"]


def test_people_in_copy_do_not_take_part() -> None:
    first = come_in("x", cc=[KOFI])

    from_copy = come_in("I saw this.", sender=KOFI, in_reply_to=first.message_id)

    assert participants(first.conversation) == {"odile@fenwick.example": True}
    assert from_copy.conversation != first.conversation


def test_a_forwarded_mail_opens_a_conversation_with_who_forwards() -> None:
    ours = answer(come_in().conversation)

    forwarded = come_in(f"Fwd: {ours.text}", sender=KOFI, subject=f"Fwd: {ours.subject}")

    assert forwarded.conversation != ours.conversation
    assert str(forwarded.conversation.contact) == KOFI.name


def test_the_newest_known_id_wins() -> None:
    old, new = come_in("old"), come_in("new")
    assert old.conversation != new.conversation

    message = come_in("x", references=[old.message_id, "<unknown@x.example>", new.message_id, "<other@x.example>"])

    assert message.conversation == new.conversation


@pytest.mark.parametrize("sender", [ODILE, KOFI])
def test_the_thread_index_is_a_hint_and_never_joins(sender: Address) -> None:
    index = "AdxKq" * 6
    first = come_in("x", thread_index=index)

    second = come_in("y", thread_index=index, sender=sender)

    assert second.conversation != first.conversation
    assert second.conversation.may_belong_to == first.conversation


def test_of_several_tokens_the_one_of_the_address_it_reached_wins() -> None:
    old, new = come_in("old").conversation, come_in("new").conversation

    message = come_in("x", delivered_to=[token_address(new).email], in_reply_to=answer(old).message_id)

    assert message.conversation == new


def test_the_same_bytes_twice_are_one_message() -> None:
    mail = letter()

    first, second = receive(mail, arrival(content="same")), receive(mail, arrival(content="same"))

    assert first == second
    assert Message.objects.count() == 1


def test_the_same_message_id_with_other_content_is_another_message() -> None:
    mail = letter(message_id="<twice@fenwick.example>")

    receive(mail, arrival(content="one"))
    receive(replace(mail, text="Something else.", reply_text="Something else."), arrival(content="two"))

    assert sorted(Message.objects.values_list("text", flat=True)) == ["Something else.", "The pole cracked."]


def test_a_message_id_longer_than_its_column_is_recognised_again() -> None:
    mail = letter(message_id=f"<{'x' * 200}@{'y' * 190}.example>")

    first, second = receive(mail, arrival(content="same")), receive(mail, arrival(content="same"))

    assert first == second


def test_one_mail_to_two_inboxes_appears_in_both() -> None:
    mail = letter()
    returns = inbox("returns@quillfeather.example", "Returns")

    first, second = receive(mail, arrival(content="same")), receive(mail, arrival(returns, content="same"))

    assert {first.conversation.inbox.address, second.conversation.inbox.address} == {CARE, returns.address}


def test_mail_between_our_own_inboxes_arrives() -> None:
    returns = inbox("returns@quillfeather.example", "Returns")
    ours = answer(come_in().conversation, to=[Address("Returns", returns.address)])
    mail = letter(ours.text, sender=Address("Care", CARE), message_id=ours.message_id)

    arrived = receive(mail, arrival(returns))

    assert (arrived.direction, arrived.inbox, arrived.text) == (Message.IN, returns, ours.text)


def test_our_own_letter_come_back_to_its_inbox_is_the_one_we_have() -> None:
    inbox(signature="Care")
    ours = answer(come_in().conversation, "A new one is on its way.")
    back = letter("A new  one is\non its way.\n\n-- \nCare", sender=Address("Care", CARE), message_id=ours.message_id)

    assert receive(back, arrival()) == ours


def test_other_words_under_a_message_id_of_ours_are_not_lost() -> None:
    ours = answer(come_in().conversation)

    customers = receive(letter("It never came!", message_id=ours.message_id), arrival())
    forged = receive(letter("Pay here.", sender=Address("", CARE), message_id=ours.message_id), arrival())

    assert (customers.text, customers.direction) == ("It never came!", Message.IN)
    assert (forged.text, forged.direction) == ("Pay here.", Message.IN)


@pytest.mark.parametrize("signature", ["", "The Quillfeather workshop\n12 Larch Lane"])
@pytest.mark.parametrize("asked", ["The pole cracked.", "It leaks. " * 3000], ids=["short", "long"])
def test_our_own_letter_as_it_left_is_the_one_we_have(signature: str, asked: str) -> None:
    inbox(signature=signature)
    ours = answer(come_in(asked).conversation, "A new one\n> is on its way.", by=agent(signature="Marisol"))

    assert receive(parse(compose(ours).content), arrival()) == ours


@pytest.mark.parametrize("more", ["Pay to another account.", "-- \nPay here.", "> Pay here.", "Odile wrote:\n> Pay."])
def test_our_words_with_more_below_under_our_message_id_are_kept(more: str) -> None:
    ours = answer(come_in().conversation)

    forged = receive(letter(f"{ours.text}\n\n{more}", sender=Address("", CARE), message_id=ours.message_id), arrival())

    assert (forged.direction, Message.objects.count()) == (Message.IN, 3)


def test_under_a_letter_of_ours_without_words_every_mail_is_kept() -> None:
    ours = answer(come_in().conversation)
    Message.objects.filter(pk=ours.pk).update(text="")

    forged = receive(letter("Pay here.", sender=Address("", CARE), message_id=ours.message_id), arrival())
    empty = receive(letter("", sender=Address("", CARE), message_id=ours.message_id), arrival())

    assert (forged.direction, empty.direction) == (Message.IN, Message.IN)


def test_a_customers_words_open_a_closed_conversation_again() -> None:
    first = come_in()
    close(first.conversation, by=agent())

    again = come_in("It broke again.", in_reply_to=first.message_id)

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.last_line) == ("open", "It broke again.")
    assert conversation.waiting_since == again.at
    assert [e.actor for e in events("conversation.reopened")] == [f"contact:{first.contact_id}"]


def test_a_customers_words_end_a_snooze() -> None:
    first = come_in()
    snooze(first.conversation, until=now() + timedelta(days=3), by=agent())

    come_in("Hello?", in_reply_to=first.message_id)

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.snoozed_until, conversation.waiting_since) == ("open", None, first.at)


def test_who_waits_since_the_first_unanswered_letter_waits_since_then() -> None:
    first = come_in()
    come_in("Hello?", in_reply_to=first.message_id)

    assert Conversation.objects.get().waiting_since == first.at


def test_old_mail_is_closed_and_starts_nothing() -> None:
    long_ago = now() - timedelta(days=400)

    message = receive(letter(date=long_ago), arrival(is_history=True))

    conversation = message.conversation
    assert (conversation.status, conversation.waiting_since) == ("closed", None)
    assert (message.at, conversation.created_at) == (long_ago, long_ago)
    assert events("message.received")[0].data["is_history"] is True


def test_old_mail_with_a_date_to_come_is_from_today() -> None:
    message = receive(letter(date=now() + timedelta(days=900)), arrival(is_history=True))

    assert message.at <= now()


def test_old_mail_that_joins_changes_neither_the_state_nor_the_newest_line() -> None:
    first = come_in("Newest words.")
    answer(first.conversation, "Answered.")
    close(first.conversation, by=agent())

    old = letter("From last year.", in_reply_to=first.message_id, date=now() - timedelta(days=365))
    receive(old, arrival(is_history=True))

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since, conversation.last_line) == ("closed", None, "Answered.")


def test_a_blocked_senders_letter_is_spam() -> None:
    come_in()
    Contact.objects.update(is_blocked=True)

    assert come_in("Again!").conversation.status == "spam"


def test_a_blocked_senders_further_words_go_to_spam_and_open_nothing_again() -> None:
    first = come_in()
    close(first.conversation, by=agent())
    Contact.objects.update(is_blocked=True)

    message = come_in("Again!", in_reply_to=first.message_id)

    assert (message.conversation.status, message.conversation.may_belong_to) == ("spam", first.conversation)
    first.conversation.refresh_from_db()
    assert first.conversation.status == "closed"


def test_a_blocked_form_is_blocked_whomever_it_writes_for() -> None:
    form = Address("Contact form", "form@shop.example")
    come_in("Test.", sender=form, reply_to=[KOFI])
    Contact.objects.filter(handles__value=form.email).update(is_blocked=True)

    assert come_in("My tent leaks.", sender=form, reply_to=[ODILE]).conversation.status == "spam"


def test_what_the_receiving_server_took_for_junk_is_spam() -> None:
    assert come_in("Buy!", spam=True).conversation.status == "spam"


def test_words_in_a_spam_conversation_leave_it_there() -> None:
    first = come_in("Buy!", spam=True)

    come_in("Buy more!", in_reply_to=first.message_id)

    assert Conversation.objects.get().status == "spam"


def test_an_automatic_reply_neither_opens_again_nor_stops_the_waiting() -> None:
    first = come_in()
    ours = answer(first.conversation)
    close(first.conversation, by=agent())

    out_of_office = come_in("I am away.", kind=Kind.AUTO_REPLY, in_reply_to=ours.message_id)

    conversation = Conversation.objects.get()
    assert out_of_office.is_automatic
    assert (conversation.status, conversation.last_line) == ("closed", ours.text)
    assert events("conversation.reopened") == []


def test_an_automatic_reply_leaves_the_customer_waiting_who_waits() -> None:
    first = come_in()

    come_in("I am away.", kind=Kind.AUTO_REPLY, in_reply_to=first.message_id)

    assert Conversation.objects.get().waiting_since == first.at


def test_a_form_writes_for_the_customer_in_reply_to() -> None:
    form = Address("Contact form", "form@shop.example")
    come_in("Test.", sender=form)
    Contact.objects.update(forwards_for_customers=True)

    message = come_in("My tent leaks.", sender=form, reply_to=[KOFI], identity=Identity.ALIGNED)

    assert (message.contact.name, message.from_name, message.from_email) == (KOFI.name, KOFI.name, KOFI.email)
    assert message.identity == "claimed"
    assert participants(message.conversation) == {KOFI.email: True}


def test_two_customers_of_one_form_have_conversations_of_their_own() -> None:
    form = Address("Contact form", "form@shop.example")
    come_in("Test.", sender=form)
    Contact.objects.update(forwards_for_customers=True)

    one, two = come_in("x", sender=form, reply_to=[KOFI]), come_in("y", sender=form, reply_to=[ODILE])

    assert one.conversation.contact != two.conversation.contact


def test_who_is_not_known_to_forward_is_the_sender_whatever_reply_to_says() -> None:
    message = come_in("x", reply_to=[KOFI])

    assert (message.contact.name, message.from_email) == (ODILE.name, ODILE.email)


@pytest.mark.parametrize("shown", [Address("", ""), KOFI, Address("Somebody", "")])
def test_without_one_believable_sender_there_is_a_conversation_but_no_identity(shown: Address) -> None:
    first = come_in()

    message = come_in("Words.", sender=None, shown_sender=shown, in_reply_to=first.message_id)

    assert (message.from_name, message.from_email, message.identity) == (shown.name, shown.email, "claimed")
    assert (message.contact.name, message.contact.handles.count()) == (shown.name, 0)
    assert message.conversation != first.conversation
    assert participants(message.conversation) == {}


def test_what_only_is_shown_joins_nothing_even_when_it_is_the_customers_address() -> None:
    first = come_in()

    message = come_in("x", sender=None, shown_sender=ODILE, in_reply_to=first.message_id)

    assert message.conversation != first.conversation
    assert message.conversation.may_belong_to == first.conversation
    assert message.contact != first.contact


def test_two_mails_without_a_sender_are_two_strangers() -> None:
    one, two = (come_in("x", sender=None, shown_sender=KOFI) for _ in range(2))

    assert one.contact != two.contact


def test_files_and_problems_are_kept() -> None:
    file = IncomingFile("photo.txt", "text/plain", b"a photo")

    message = come_in("See photo.", files=[file], problems=["cut"], warnings=["no_sender"])

    attachment = message.attachments.get()
    assert (attachment.file.name, attachment.file.size, attachment.is_inline) == ("photo.txt", 7, False)
    assert (message.problems, message.warnings) == (["cut"], ["no_sender", "first_contact"])


def test_longest_values_fit() -> None:
    long = Address("N" * 500, f"{'l' * 64}@{'d' * 200}.example")

    message = come_in("x", sender=long, subject="S" * 1000, references=[f"<{n}{'r' * 200}@x>" for n in range(90)])

    assert (len(message.from_name), len(message.subject)) == (200, 300)


def test_participants_are_not_doubled() -> None:
    first = come_in()

    come_in("x", in_reply_to=first.message_id)

    assert Participant.objects.count() == 1


def test_a_stranger_who_repeats_a_message_id_keeps_no_letter_from_its_conversation() -> None:
    first = come_in()
    come_in("Words of mine.", sender=KOFI, message_id=first.message_id)

    second = come_in("One more thing.", in_reply_to=first.message_id)

    assert second.conversation == first.conversation
