"""Another service's code or link to confirm: held back from everything that goes out, until an agent releases it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from makegood.agents.models import Agent
from makegood.agents.policy import can
from makegood.clock.now import now
from makegood.conversations.actions import closing, spam
from makegood.conversations.actions.auto_answering import answer_by_itself
from makegood.conversations.actions.forwarding import forward
from makegood.conversations.actions.receiving import receive
from makegood.conversations.actions.releasing import release
from makegood.conversations.actions.rereading import reread
from makegood.conversations.envelope import Address, IncomingFile, Kind
from makegood.conversations.errors import HeldBack
from makegood.conversations.matching import reply_address
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.queries.finding import by_number, find
from makegood.conversations.queries.listing import page_of
from makegood.conversations.queries.panel import panel_of
from makegood.conversations.queries.shelves import SHELVES, Shelf, counted, counting_shelves
from makegood.conversations.tests.factories import CARE, agent, answer, arrival, come_in, letter, written
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.queries import scopes_of
from makegood.search.grammar import parse

pytestmark = pytest.mark.django_db
PELICAN = Address("Pelican", "noreply@pelican.example")
CODE = "482913"


@pytest.fixture
def light() -> Agent:
    return agent("Light Fenwick", "light")


def code(**fields: Any) -> Message:
    """A mail with a code has come in."""
    given = {"sender": PELICAN, "subject": "Your code", "kind": Kind.VERIFICATION, "bulk": True}
    return come_in(f"Your verification code is {CODE}", **given | fields)


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def pages_of(agent_: Agent, name: str) -> list[int]:
    return [row.id for row in page_of(Shelf(name), agent_).rows]


def told(name: str) -> int:
    return LoggedEvent.objects.filter(name=name).count()


def test_it_stands_by_itself_and_nobody_waits() -> None:
    conversation = code().conversation

    assert (conversation.status, conversation.waiting_since, conversation.participants.count()) == ("held", None, 0)


@pytest.mark.parametrize("status", ["open", "snoozed", "closed", "spam"])
def test_it_joins_no_conversation_by_token_or_message_id(status: str) -> None:
    first = come_in()
    ours = answer(first.conversation)
    Conversation.objects.update(status=status)
    before = Conversation.objects.values().get()

    to_token = code(delivered_to=[reply_address(CARE, first.conversation.token)])
    in_cc = code(cc=[Address("", reply_address(CARE, first.conversation.token))])
    by_id = code(in_reply_to=ours.message_id, references=[first.message_id, ours.message_id])
    of_a_known_sender = code(sender=Address("Odile Fenwick", first.from_email), in_reply_to=first.message_id)

    apart = [to_token, in_cc, by_id, of_a_known_sender]
    assert len({message.conversation_id for message in apart} | {first.conversation_id}) == 5
    assert {(m.conversation.status, m.conversation.may_belong_to) for m in apart} == {("held", None)}
    assert Conversation.objects.values().get(pk=first.conversation_id) == before


def test_old_mail_junk_and_blocked_senders_are_held_too() -> None:
    old = receive(letter("x", sender=PELICAN, kind=Kind.VERIFICATION), arrival(is_history=True))
    junk = code(spam=True)
    type(junk.contact).objects.filter(pk=junk.contact_id).update(is_blocked=True)

    assert {m.conversation.status for m in (old, junk, code())} == {"held"}


def test_further_mail_of_the_service_is_not_hidden_with_it(light: Agent) -> None:
    held = code(thread_index="AQHaK1xkq0lKcUa0gk6Xv1D9rE8V7g==")

    later = come_in("Our new prices.", sender=PELICAN, in_reply_to=held.message_id)
    guessed = come_in("Hello", sender=Address("", "who@lark.example"), in_reply_to=held.message_id)

    assert {(m.conversation.status, m.conversation.may_belong_to) for m in (later, guessed)} == {("open", None)}
    assert len(pages_of(light, "open")) == 2


def test_it_is_never_answered_by_itself() -> None:
    held = code(bulk=False)

    assert answer_by_itself(held, "We have your letter.", is_history=False) is None
    assert Message.objects.filter(direction=Message.OUT).count() == 0


def test_it_cannot_be_answered_or_handed_on_until_it_is_released(marisol: Agent) -> None:
    held = code(files=[IncomingFile("code.txt", "text/plain", b"482913")])

    with pytest.raises(HeldBack):
        answer(held.conversation, by=marisol)
    with pytest.raises(HeldBack):
        forward(held, by=marisol)
    assert (Draft.objects.count(), Message.objects.filter(direction=Message.OUT).count()) == (0, 0)

    release(held.conversation, by=marisol)
    forward(Message.objects.get(pk=held.pk), by=marisol)
    answer(fresh(held.conversation), by=marisol)
    assert (Draft.objects.count(), Message.objects.filter(direction=Message.OUT).count()) == (1, 1)


def test_released_it_is_an_open_conversation_and_once_is_one_event(marisol: Agent, light: Agent) -> None:
    conversation = code().conversation

    for _ in range(2):
        release(fresh(conversation), by=marisol)

    assert (fresh(conversation).status, told("conversation.released")) == ("open", 1)
    assert LoggedEvent.objects.get(name="conversation.released").actor == f"agent:{marisol.pk}"
    assert (pages_of(light, "open"), pages_of(light, "held")) == ([conversation.pk], [])


def test_releasing_opens_nothing_else_again(marisol: Agent) -> None:
    conversation = come_in().conversation
    closing.close(conversation, by=marisol)

    release(fresh(conversation), by=marisol)

    assert (fresh(conversation).status, told("conversation.released")) == ("closed", 0)


def test_no_other_word_takes_it_out(marisol: Agent) -> None:
    conversation = code().conversation

    closing.close(fresh(conversation), by=marisol)
    closing.reopen(fresh(conversation), by=marisol)
    closing.snooze(fresh(conversation), until=now() + timedelta(hours=1), by=marisol)
    spam.mark_spam(fresh(conversation), by=marisol)
    spam.clear_of_spam(fresh(conversation), by=marisol)

    assert fresh(conversation).status == "held"


def test_it_lies_on_its_own_shelf_and_is_counted_on_none(marisol: Agent, light: Agent) -> None:
    held = code().conversation
    Conversation.objects.update(assignee=marisol)
    shelves = tuple(Shelf(name, inbox=id_) for name in SHELVES if name != "held" for id_ in (None, held.inbox_id))

    assert {name: pages_of(marisol, name) for name in SHELVES if pages_of(marisol, name)} == {"held": [held.pk]}
    assert [pages_of(light, name) for name in SHELVES] == [[]] * len(SHELVES)
    assert not any(counted(counting_shelves(shelves, marisol.pk, tuple(scopes_of(marisol)))))


def test_search_finds_it_for_those_alone_who_may_release_it(marisol: Agent, light: Agent) -> None:
    held = code(files=[IncomingFile("heliotrope.txt", "text/plain", b"x")]).conversation
    asked = (CODE, "verification", "is:held", "from:pelican", "file:heliotrope", "has:attachment", "-is:open")

    for text in asked:
        assert [f.conversation.pk for f in find(parse(text), marisol)] == [held.pk], text
        assert (find(parse(text), light), find(parse(text), light, best=True)) == ([], []), text
    assert (by_number(str(held.pk), marisol), by_number(str(held.pk), light)) == (held, None)


def test_it_is_no_past_conversation_of_a_customer(marisol: Agent) -> None:
    held = code().conversation
    other = come_in("Our new prices.", sender=PELICAN)

    assert panel_of(other.conversation, [other]).others == []

    release(held, by=marisol)
    assert [one.pk for one in panel_of(other.conversation, [other]).others] == [held.pk]


def test_who_may_not_release_it_cannot_open_it(client: Client, light: Agent, browser: Client, marisol: Agent) -> None:
    message = code(files=[IncomingFile("code.txt", "text/plain", b"x")], html="<p>Your code</p>")
    addresses = [
        reverse("conversation", args=[message.conversation_id]), reverse("message-body", args=[message.pk]),
        reverse("file", args=[message.attachments.get().file_id]),
    ]  # fmt: skip
    of_light = Client()
    of_light.force_login(light)

    assert [of_light.get(address).status_code for address in addresses] == [404] * 3
    assert [browser.get(address).status_code for address in addresses] == [200] * 3
    assert of_light.post(reverse("release", args=[message.conversation_id])).status_code == 403
    assert (can(light, "conversation.release"), can(marisol, "conversation.release")) == (False, True)


def test_its_page_says_what_it_is_and_releases_it_with_one_press(browser: Client) -> None:
    held = code().conversation
    address = reverse("conversation", args=[held.pk])

    page = browser.get(address).content.decode()
    assert ("so this is held back" in page, ">Release<" in page, 'value="reply"' in page) == (True, True, False)
    assert ("/forward" in page, "Not spam" in page, 'value="note"' in page) == (False, False, True)

    page = browser.post(reverse("release", args=[held.pk]), follow=True).content.decode()
    assert ("so this is held back" in page, 'value="reply"' in page, "/closure" in page) == (False, True, True)
    assert "released this" in page


def test_a_refused_answer_says_why_and_loses_nothing(browser: Client) -> None:
    held = code().conversation

    answered = browser.post(reverse("replies", args=[held.pk]), written("Good news."))

    page = answered.content.decode()
    assert (answered.status_code, "This mail is held back" in page, "Good news." in page) == (422, True, True)
    assert browser.post(reverse("forward", args=[held.pk, held.messages.get().pk])).status_code == 422


def test_the_rail_has_a_place_for_it_without_a_number(browser: Client, light: Agent) -> None:
    code()
    of_light = Client()
    of_light.force_login(light)

    page = browser.get(reverse("conversations") + "?view=held").content.decode()
    assert ("view=held" in page, "Held back" in page, "Your code" in page) == (True, True, True)
    page = of_light.get(reverse("conversations") + "?view=held").content.decode()
    assert ("Your code" in page, 'href="/conversations?view=held"' in page) == (False, False)


def test_the_shelf_costs_the_same_for_one_and_three(browser: Client, django_assert_num_queries: Any) -> None:
    code()
    browser.get(reverse("conversations") + "?view=held")
    with django_assert_num_queries(12, exact=False) as one:
        browser.get(reverse("conversations") + "?view=held")
    code(), code()

    with django_assert_num_queries(len(one.captured_queries)):
        browser.get(reverse("conversations") + "?view=held")


def test_a_mail_that_is_understood_later_leaves_the_conversation_it_had_joined() -> None:
    first = come_in()
    token = [reply_address(CARE, first.conversation.token)]
    unread = come_in("This mail could not be read.", sender=PELICAN, delivered_to=token)
    assert unread.conversation_id == first.conversation_id

    reread(unread.pk, letter(f"Your code is {CODE}", sender=PELICAN, subject="Your code", kind=Kind.VERIFICATION))

    again = Message.objects.get(pk=unread.pk)
    assert (again.conversation.status, again.kind, told("conversation.held")) == ("held", "verification", 1)
    assert CODE in again.conversation.last_line
    left = fresh(first.conversation)
    assert (left.status, list(left.messages.all()), left.last_line) == ("open", [first], first.conversation.last_line)


def test_a_mail_that_is_understood_later_is_held_where_it_stands_alone(light: Agent) -> None:
    unread = come_in("This mail could not be read.", sender=PELICAN)

    reread(unread.pk, letter(f"Your code is {CODE}", sender=PELICAN, kind=Kind.VERIFICATION))

    conversation = fresh(unread.conversation)
    assert (conversation.status, conversation.waiting_since, told("conversation.held")) == ("held", None, 1)
    assert (find(parse(CODE), light), Conversation.objects.count()) == ([], 1)


def test_a_note_beside_it_stays_with_those_who_may_release_it(browser: Client, light: Agent) -> None:
    held = code().conversation
    browser.post(reverse("replies", args=[held.pk]), {"key": str(uuid.uuid4()), "mode": "note", "text": "Heliotrope."})

    assert held.notes.count() == 1
    assert find(parse("heliotrope"), light) == []
