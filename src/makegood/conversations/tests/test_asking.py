"""The last gate: words of a note, and colleagues beside customers, are asked about once before a letter leaves."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from makegood.agents.models import Agent
from makegood.conversations.actions.noting import write_note
from makegood.conversations.actions.replying import Letter, begin
from makegood.conversations.envelope import Address
from makegood.conversations.errors import Held
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.questions import answer_to
from makegood.conversations.tests.factories import KOFI, ODILE, answer, come_in, inbox, written
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.providers import SHARED

pytestmark = pytest.mark.django_db
NOTE = "Be careful with this customer, they have returned four tents this year already."
REPEATED = "As we know, they have returned four tents this year already, so no."
PASSAGE = "they have returned four tents this year already"
MANY = min(SHARED)  # a domain where many people have their mailbox
COLLEAGUE = Address("", "tobias@quillfeather.example")


@pytest.fixture
def conversation(marisol: Agent) -> Conversation:
    conversation = come_in().conversation
    write_note(conversation, NOTE, key=uuid.uuid4(), by=marisol)
    return conversation


def sent() -> list[str]:
    return list(Message.objects.filter(direction="out").values_list("text", flat=True))


def anyway_of(page: str) -> str:
    found = re.search(r'name="anyway" value="([^"]+)"', page)
    assert found, "nothing is asked"
    return found.group(1)


def test_words_of_a_note_are_held_and_nothing_is_lost(browser: Client, conversation: Conversation) -> None:
    typed = written(REPEATED, cc=KOFI.email)

    answer_ = browser.post(reverse("replies", args=[conversation.pk]), typed)

    page = answer_.content.decode()
    assert (answer_.status_code, sent()) == (422, [])
    assert "Held, not lost." in page
    assert f">{PASSAGE}</blockquote>" in page
    assert f"{REPEATED}</textarea>" in page
    assert all(f'value="{value}"' in page for value in (typed["key"], ODILE.email, KOFI.email))
    assert 'href="#text"' in page


def test_it_is_sent_anyway_and_the_log_says_so(browser: Client, conversation: Conversation) -> None:
    typed = written(REPEATED, after="close")
    page = browser.post(reverse("replies", args=[conversation.pk]), typed).content.decode()

    browser.post(reverse("replies", args=[conversation.pk]), typed | {"after": "", "anyway": anyway_of(page)})

    assert sent() == [REPEATED]
    assert Conversation.objects.get().status == Conversation.CLOSED
    (event,) = LoggedEvent.objects.filter(name="reply.sent_anyway")
    assert event.data == {"message_id": Message.objects.get(direction="out").pk, "questions": ["note"]}


def test_an_answer_counts_for_what_was_asked_and_no_more(browser: Client, conversation: Conversation) -> None:
    typed = written(REPEATED)
    page = browser.post(reverse("replies", args=[conversation.pk]), typed).content.decode()
    more = {"text": f"{REPEATED} {NOTE}", "anyway": anyway_of(page)}

    answer_ = browser.post(reverse("replies", args=[conversation.pk]), typed | more)

    assert (answer_.status_code, sent()) == (422, [])


def test_words_that_were_changed_leave_without_a_question(browser: Client, conversation: Conversation) -> None:
    typed = written(REPEATED)
    browser.post(reverse("replies", args=[conversation.pk]), typed)

    browser.post(reverse("replies", args=[conversation.pk]), typed | {"text": "It is on its way."})

    assert sent() == ["It is on its way."]
    assert not LoggedEvent.objects.filter(name="reply.sent_anyway").exists()


def test_what_the_customer_has_read_or_written_is_not_asked_about(marisol: Agent) -> None:
    first = come_in(f"You told me that {PASSAGE}.")
    write_note(first.conversation, NOTE, key=uuid.uuid4(), by=marisol)

    answer(first.conversation, REPEATED, by=marisol)

    assert sent() == [REPEATED]


def test_a_letter_to_colleagues_alone_may_say_what_notes_say(conversation: Conversation, marisol: Agent) -> None:
    answer(conversation, REPEATED, by=marisol, to=[COLLEAGUE])

    assert sent() == [REPEATED]


def test_a_note_may_repeat_a_note(browser: Client, conversation: Conversation) -> None:
    assert browser.post(reverse("replies", args=[conversation.pk]), written(NOTE, mode="note")).status_code == 302


def test_notes_of_another_conversation_are_not_compared(conversation: Conversation, marisol: Agent) -> None:
    answer(come_in("Something else.", sender=KOFI).conversation, REPEATED, by=marisol, to=[KOFI])

    assert sent() == [REPEATED]


def test_forwarding_is_held_for_notes_of_where_it_came_from(browser: Client, conversation: Conversation) -> None:
    message = conversation.messages.get()
    there = browser.post(reverse("forward", args=[conversation.pk, message.pk]))["Location"]
    draft = Draft.objects.get()
    page = browser.get(there).content.decode()
    assert f'name="origin" value="{conversation.pk}"' in page
    typed = {
        "inbox": inbox().pk, "to": KOFI.email, "subject": draft.subject, "text": draft.text, "key": str(draft.key),
        "origin": conversation.pk,
    }  # fmt: skip

    held = browser.post(there, typed | {"text": f"{NOTE}{draft.text}"})
    page = held.content.decode()
    assert (held.status_code, sent(), Conversation.objects.count()) == (422, [], 1)
    assert "The pole cracked." in page.partition("<textarea")[2]

    browser.post(there, typed | {"text": f"{NOTE}{draft.text}", "anyway": anyway_of(page)})
    assert [text.startswith(NOTE) for text in sent()] == [True]


def test_a_forwarded_message_alone_is_public(browser: Client, marisol: Agent) -> None:
    first = come_in(f"I heard that {PASSAGE}.")
    write_note(first.conversation, NOTE, key=uuid.uuid4(), by=marisol)
    there = browser.post(reverse("forward", args=[first.conversation_id, first.pk]))["Location"]
    draft = Draft.objects.get()

    typed = {"inbox": inbox().pk, "to": KOFI.email, "subject": "x", "text": draft.text, "key": str(draft.key)}
    assert browser.post(there, typed | {"origin": first.conversation_id}).status_code == 302


def test_a_new_letter_begun_beside_a_conversation_is_held_too(browser: Client, conversation: Conversation) -> None:
    beside = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert f'href="{reverse("conversation-new")}?from={conversation.pk}"' in beside
    page = browser.get(reverse("conversation-new"), {"from": conversation.pk}).content.decode()
    assert f'name="origin" value="{conversation.pk}"' in page
    typed = {"inbox": inbox().pk, "to": KOFI.email, "subject": "x", "text": REPEATED, "key": str(uuid.uuid4())}

    assert browser.post(reverse("conversation-new"), typed | {"origin": conversation.pk}).status_code == 422


def test_a_conversation_one_may_not_see_is_no_origin(browser: Client, marisol: Agent) -> None:
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    hidden = come_in(to=secret).conversation
    write_note(hidden, NOTE, key=uuid.uuid4(), by=marisol)
    typed = {"inbox": inbox().pk, "to": KOFI.email, "subject": "x", "text": REPEATED, "key": str(uuid.uuid4())}

    answer_ = browser.post(reverse("conversation-new"), typed | {"origin": hidden.pk})

    assert PASSAGE not in answer_.content.decode().replace(REPEATED, "")


def test_colleagues_beside_customers_are_asked_about_once(browser: Client) -> None:
    conversation = come_in().conversation
    typed = written(cc=COLLEAGUE.email)

    held = browser.post(reverse("replies", args=[conversation.pk]), typed)
    page = held.content.decode()
    assert (held.status_code, sent()) == (422, [])
    assert f'<b class="wrap-any">{COLLEAGUE.email}</b>' in page

    browser.post(reverse("replies", args=[conversation.pk]), typed | {"anyway": anyway_of(page)})
    assert sent() == ["Good news."]
    again = browser.post(reverse("replies", args=[conversation.pk]), written("And more.", cc=COLLEAGUE.email))
    assert (again.status_code, sent()) == (302, ["Good news.", "And more."])


def test_both_questions_are_asked_together(browser: Client, conversation: Conversation) -> None:
    typed = written(REPEATED, bcc=COLLEAGUE.email)
    page = browser.post(reverse("replies", args=[conversation.pk]), typed).content.decode()
    assert all(words in page for words in (f">{PASSAGE}</blockquote>", f"{COLLEAGUE.email}</b>"))

    browser.post(reverse("replies", args=[conversation.pk]), typed | {"anyway": anyway_of(page)})

    assert LoggedEvent.objects.get(name="reply.sent_anyway").data["questions"] == ["mixed", "note"]


@pytest.mark.parametrize(
    ("inside", "is_mixed"),
    [
        ("tobias@quillfeather.example", True), ("care+x@quillfeather.example", True), (f"pell@{MANY}", True),
        (f"somebody@{MANY}", False), (f"shop@{MANY}", True), ("tobias@not-quillfeather.example", False),
        ("tobias@quillfeather.example.org", False),
    ],
)  # fmt: skip
def test_who_belongs_to_the_house(inside: str, is_mixed: bool, marisol: Agent) -> None:
    """Colleagues, inboxes, and the domains of inboxes that nobody else has a mailbox at."""
    Agent.objects.create(email=f"pell@{MANY}", name="Tobias Pell")
    inbox(f"shop@{MANY}", "Shop")
    letter = Letter(text="x", to=[ODILE, Address("", inside)], subject="x")

    if not is_mixed:
        begin(inbox(), letter, by=marisol)
        return
    with pytest.raises(Held) as held:
        begin(inbox(), letter, by=marisol)
    assert [(question.kind, question.words) for question in held.value.questions] == [("mixed", (inside,))]
    assert held.value.answer == answer_to(held.value.questions)


def test_every_provider_we_know_is_shared() -> None:
    from makegood.channels.email.discovering_providers import BY_DOMAIN

    assert set(BY_DOMAIN) <= SHARED


def test_who_is_new_since_our_last_letter_is_marked(browser: Client, marisol: Agent) -> None:
    conversation = come_in(cc=[KOFI]).conversation

    def marked() -> list[str]:
        page = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()
        shown = page.partition("</template>")[2].partition("</mg-recipients>")[0]
        return re.findall(r"data-address>([^<]+)</span> <span class=\"tag new\">new<", shown)

    assert marked() == [KOFI.email]

    answer(conversation, by=marisol, to=[ODILE, KOFI])
    assert marked() == []

    come_in("Hello.", in_reply_to=conversation.messages.first().message_id, cc=[KOFI, Address("", "ione@pell.example")])
    assert marked() == ["ione@pell.example"]
