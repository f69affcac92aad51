"""Nobody answers over somebody else: a reply is held when people have spoken since its writer looked."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.counterparts.makegood import makegood

from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.replying import undo
from makegood.conversations.envelope import Address, Kind
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.tests.factories import ODILE, agent, answer, come_in, written
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db
NOTE = "Be careful with this customer, they have returned four tents this year already."


@pytest.fixture
def conversation() -> Conversation:
    return come_in().conversation


@pytest.fixture
def jonas() -> Agent:
    return agent("Jonas Pell")


def newest() -> int:
    return Message.objects.latest("pk").pk


def comes_again(conversation: Conversation, text: str = "And the pegs?", **fields: object) -> Message:
    return come_in(text, in_reply_to=conversation.messages.first().message_id, **fields)


def sent_by(person: Agent) -> list[str]:
    return list(Message.objects.filter(direction="out", agent=person).order_by("pk").values_list("text", flat=True))


class Writer:
    """Marisol's open page, without scripts."""

    def __init__(self, browser: Client, conversation: Conversation) -> None:
        self._browser, self._address = browser, reverse("replies", args=[conversation.pk])
        page = browser.get(reverse("conversation", args=[conversation.pk]))
        self.status, self._page = page.status_code, LexborHTMLParser(page.content.decode())
        self._typed = written()

    def sends(self, **more: str) -> int:
        seen = self._page.css_first("[name=seen]").attributes["value"] or ""
        answer_ = self._browser.post(self._address, self._typed | {"seen": seen} | more)
        if answer_.status_code == 422:
            self._page = LexborHTMLParser(answer_.content.decode())
        return answer_.status_code

    def sends_anyway(self, **more: str) -> int:
        return self.sends(anyway=self.held.css_first("[name=anyway]").attributes["value"] or "", **more)

    @property
    def held(self) -> LexborNode:
        found = self._page.css_first("#held")
        assert found is not None, "nothing is held"
        return found

    @property
    def said(self) -> str:
        return " ".join(self.held.text(separator=" ").split())

    @property
    def text(self) -> str:
        return self._page.css_first("#text").text()


@pytest.fixture
def writer(browser: Client, conversation: Conversation) -> Writer:
    return Writer(browser, conversation)


def test_a_colleague_has_replied(writer: Writer, marisol: Agent, jonas: Agent, conversation: Conversation) -> None:
    answer(conversation, "It left today.", by=jonas)

    assert (writer.sends(), sent_by(marisol)) == (422, [])

    assert writer.said == (
        "Jonas replied while you were writing. Your reply is held, not lost. It left today. Back to writing Send anyway"
    )
    assert writer.text == "Good news."
    assert (writer.sends(), sent_by(marisol)) == (302, ["Good news."])


def test_whoever_closes_the_page_finds_what_was_held_as_a_draft(
    browser: Client, writer: Writer, marisol: Agent, jonas: Agent, conversation: Conversation
) -> None:
    answer(conversation, "It left today.", by=jonas)
    writer.sends()

    again = Writer(browser, conversation)

    assert (again.text, Draft.objects.count()) == ("Good news.", 1)
    writer.sends_anyway()
    assert (sent_by(marisol), Draft.objects.count()) == (["Good news."], 0)


def test_the_customer_has_written_again(writer: Writer, marisol: Agent, conversation: Conversation) -> None:
    comes_again(conversation)

    assert (writer.sends(), sent_by(marisol)) == (422, [])
    assert writer.said.startswith("Odile Fenwick wrote again just now. Your reply is held, not lost. And the pegs?")


def test_what_was_said_a_while_ago_is_not_told_as_just_now(writer: Writer, conversation: Conversation) -> None:
    comes_again(conversation)
    Message.objects.update(at=now() - timedelta(minutes=10))

    writer.sends()

    assert writer.said.startswith("Odile Fenwick wrote while you were writing.")


def test_it_is_sent_anyway_and_the_log_says_so(writer: Writer, marisol: Agent, conversation: Conversation) -> None:
    comes_again(conversation)
    writer.sends(after="close")

    assert (writer.sends_anyway(), sent_by(marisol)) == (302, ["Good news."])

    assert LoggedEvent.objects.get(name="reply.sent_anyway").data["questions"] == ["newer"]
    assert Conversation.objects.get().status == Conversation.CLOSED


def test_an_answer_counts_for_what_was_shown_and_no_more(
    writer: Writer, marisol: Agent, jonas: Agent, conversation: Conversation
) -> None:
    comes_again(conversation)
    writer.sends()
    answer(conversation, "It left today.", by=jonas)

    assert (writer.sends_anyway(), sent_by(marisol)) == (422, [])
    assert writer.said.startswith("Jonas replied while you were writing.")
    assert (writer.sends_anyway(), sent_by(marisol)) == (302, ["Good news."])


def test_of_all_that_was_said_the_newest_is_quoted(writer: Writer, jonas: Agent, conversation: Conversation) -> None:
    comes_again(conversation, "And the pegs?")
    answer(conversation, "It left today.", by=jonas)
    comes_again(conversation, "x" * 700)

    writer.sends()

    assert [line.text() for line in writer.held.css("blockquote, p")] == [
        f"{'x' * 279}…", "Jonas replied while you were writing.", "Odile Fenwick wrote again just now.",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.BOUNCE, Kind.RECEIPT, Kind.DELAYED])
def test_what_nobody_wrote_holds_nothing(kind: Kind, writer: Writer, conversation: Conversation) -> None:
    comes_again(conversation, kind=kind)

    assert writer.sends() == 302


def test_a_note_and_one_s_own_letter_hold_nothing(
    writer: Writer, marisol: Agent, jonas: Agent, conversation: Conversation
) -> None:
    write_note(conversation, "Careful.", key=uuid.uuid4(), by=jonas)
    answer(conversation, "The first half.", by=marisol)

    assert (writer.sends(), sent_by(marisol)) == (302, ["The first half.", "Good news."])


def test_what_was_called_back_holds_nothing(writer: Writer, jonas: Agent, conversation: Conversation) -> None:
    undo(answer(conversation, by=jonas), by=jonas)

    assert writer.sends() == 302


def test_a_note_is_never_held(writer: Writer, jonas: Agent, conversation: Conversation) -> None:
    answer(conversation, by=jonas)

    assert writer.sends(mode="note") == 302


def test_with_another_question_both_are_asked_and_both_are_answered(
    writer: Writer, marisol: Agent, jonas: Agent, conversation: Conversation
) -> None:
    write_note(conversation, NOTE, key=uuid.uuid4(), by=jonas)
    comes_again(conversation)

    assert writer.sends(text=NOTE) == 422
    assert "wrote again just now" in writer.said and "only your team has seen" in writer.said
    assert writer.sends(text=NOTE) == 422  # the customer's words have been seen, but the note's are asked about again
    assert "wrote again just now" not in writer.said and "only your team has seen" in writer.said
    assert (writer.sends_anyway(text=NOTE), sent_by(marisol)) == (302, [NOTE])


def test_both_are_answered_at_once(writer: Writer, jonas: Agent, conversation: Conversation) -> None:
    write_note(conversation, NOTE, key=uuid.uuid4(), by=jonas)
    comes_again(conversation)
    writer.sends(text=NOTE)

    assert writer.sends_anyway(text=NOTE) == 302
    assert LoggedEvent.objects.get(name="reply.sent_anyway").data["questions"] == ["newer", "note"]


def test_what_a_page_with_another_refusal_shows_by_the_way_is_not_counted_as_seen(
    writer: Writer, conversation: Conversation
) -> None:
    comes_again(conversation)

    assert writer.sends(to="nobody") == 422
    assert writer.sends() == 422
    assert writer.said.startswith("Odile Fenwick wrote again just now.")


def test_sent_twice_it_is_one_reply_also_when_somebody_speaks_between(
    writer: Writer, marisol: Agent, conversation: Conversation
) -> None:
    assert writer.sends() == 302
    comes_again(conversation)

    assert (writer.sends(), sent_by(marisol)) == (302, ["Good news."])


def test_another_conversation_holds_nothing(writer: Writer) -> None:
    come_in("Something else.", sender=Address("Kofi Larkspur", "kofi@larkspur.example"))

    assert writer.sends() == 302


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 30])
def test_a_strange_mark_sends_nothing(seen: str, writer: Writer, marisol: Agent) -> None:
    assert (writer.sends(seen=seen), sent_by(marisol)) == (422, [])


@pytest.mark.parametrize("anyway", ["x.y:z", f"{'a' * 32}.{'9' * 30}", "." * 60])
def test_a_strange_answer_is_none(anyway: str, writer: Writer, marisol: Agent, conversation: Conversation) -> None:
    comes_again(conversation)

    assert (writer.sends(anyway=anyway), sent_by(marisol)) == (422, [])


def test_the_mark_is_not_kept_with_a_draft(browser: Client, writer: Writer, conversation: Conversation) -> None:
    typed = written() | {"seen": "1"}

    assert browser.post(reverse("draft", args=[conversation.pk]), typed).status_code == 204
    comes_again(conversation)
    page = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()

    assert Draft.objects.get().text == "Good news."
    assert re.findall(r'name="seen" value="(\d+)"', page) == [str(newest())]
    assert ODILE.email in page


# A process of its own: the suite's embedded database is in memory and has one connection.
AT_ONCE = """
import threading
from django.db import connection
from makegood.agents.models import Agent
from makegood.conversations.actions.replying import Letter, reply
from makegood.conversations.envelope import Address
from makegood.conversations.errors import Held
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import agent, come_in

TO = [Address("", "odile@fenwick.example")]
first = come_in()
writers = [agent(name) for name in ("Marisol", "Jonas", "Ines", "Teodor")]
begin, ended = threading.Barrier(len(writers)), []

def send(writer):
    conversation = Conversation.objects.get()
    begin.wait()
    try:
        reply(conversation, Letter(text=writer.name, to=TO, seen=first.pk), by=writer)
        ended.append("sent")
    except Held as held:
        ended.append(f"held for {len(held.newer)}")
    finally:
        connection.close()

threads = [threading.Thread(target=send, args=(writer,)) for writer in writers]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(ended), Message.objects.filter(direction="out").count())
"""


@pytest.mark.server
def test_of_those_who_send_at_the_same_moment_one_is_sent_and_the_others_are_held() -> None:
    with makegood() as house:
        assert house.python(AT_ONCE) == "['held for 1', 'held for 1', 'held for 1', 'sent'] 1"
