"""Writing from the page: what is refused, kept, saved as a draft and called back."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from makegood.clock.now import now
from makegood.conversations.models import Attachment, Conversation, Draft, Message, Note
from makegood.conversations.tests.factories import KOFI, ODILE, agent, come_in, inbox, written
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> Inbox:
    return inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)


def test_a_reply_is_written_and_the_page_comes_again(browser: Client) -> None:
    conversation = come_in().conversation

    answer_ = browser.post(reverse("replies", args=[conversation.pk]), written("On its way.", cc=KOFI.email))

    assert (answer_.status_code, answer_["Location"]) == (302, reverse("conversation", args=[conversation.pk]))
    message = Message.objects.get(direction="out")
    assert (message.text, message.to, message.cc) == ("On its way.", [["", ODILE.email]], [["", KOFI.email]])


def test_send_and_close(browser: Client) -> None:
    conversation = come_in().conversation

    browser.post(reverse("replies", args=[conversation.pk]), written(after="close"))

    assert Conversation.objects.get().status == "closed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "not an address"}, {"to": ""}, {"text": " "}, {"cc": "a@b"}, {"to": "x@y.example, <script>"},
        {"bcc": "a b@c.example"},
    ],
)  # fmt: skip
def test_what_was_typed_is_kept_when_it_is_refused(browser: Client, wrong: dict[str, str]) -> None:
    conversation = come_in().conversation
    typed = written("Kept <words> & more.", cc=KOFI.email) | wrong

    answer_ = browser.post(reverse("replies", args=[conversation.pk]), typed)

    page = answer_.content.decode()
    assert answer_.status_code == 422
    assert Message.objects.filter(direction="out").count() == 0
    if "text" not in wrong:
        assert "Kept &lt;words&gt; &amp; more.</textarea>" in page
    assert f'name="key" value="{typed["key"]}"' in page
    assert "<script>" not in page.partition("<textarea")[0].rpartition("<form")[2]


def test_a_new_conversation_that_is_refused_keeps_what_was_typed(browser: Client) -> None:
    care = inbox()

    answer_ = browser.post(
        reverse("conversation-new"),
        {"inbox": care.pk, "to": ";", "subject": "Kept subject", "text": "Kept words.", "key": str(uuid.uuid4())},
    )

    assert answer_.status_code == 422
    assert all(words in answer_.content.decode() for words in ("Kept subject", "Kept words."))


def test_a_new_conversation_cannot_be_from_an_inbox_of_others(browser: Client, secret: Inbox) -> None:
    answer_ = browser.post(
        reverse("conversation-new"),
        {"inbox": secret.pk, "to": ODILE.email, "subject": "x", "text": "y", "key": str(uuid.uuid4())},
    )

    assert (answer_.status_code, Conversation.objects.count()) == (422, 0)


def test_a_light_colleague_notes_but_does_not_answer(client: Client) -> None:
    client.force_login(agent(role="light"))
    conversation = come_in().conversation

    refused = client.post(reverse("replies", args=[conversation.pk]), written())
    client.post(reverse("replies", args=[conversation.pk]), written("Careful.", mode="note"))

    assert refused.status_code == 403
    assert Message.objects.filter(direction="out").count() == 0
    assert Note.objects.get().text == "Careful."


def test_a_draft_is_saved_while_typing_and_there_again(browser: Client) -> None:
    conversation = come_in().conversation
    typed = written("Half a sen", to="odile@fen", cc="k")

    assert browser.post(reverse("draft", args=[conversation.pk]), typed).status_code == 204
    assert (
        browser.post(reverse("draft", args=[conversation.pk]), typed | {"text": "Half a sentence"}).status_code == 204
    )

    page = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "Half a sentence</textarea>" in page
    assert all(words in page for words in ('value="odile@fen"', f'value="{typed["key"]}"'))
    assert Draft.objects.count() == 1


def test_a_draft_is_seen_by_its_writer_alone(browser: Client, client: Client) -> None:
    conversation = come_in().conversation
    browser.post(reverse("draft", args=[conversation.pk]), written("Mine alone"))

    other = Client()
    other.force_login(agent("Tobias Pell"))

    assert "Mine alone" not in other.get(reverse("conversation", args=[conversation.pk])).content.decode()


def test_somebody_elses_draft_cannot_be_overwritten(browser: Client) -> None:
    conversation = come_in().conversation
    typed = written("Mine")
    browser.post(reverse("draft", args=[conversation.pk]), typed)
    other = Client()
    other.force_login(agent("Tobias Pell"))

    other.post(reverse("draft", args=[conversation.pk]), typed | {"text": "Theirs"})

    assert Draft.objects.get().text == "Mine"


def test_what_was_sent_is_no_draft_again(browser: Client) -> None:
    conversation = come_in().conversation
    typed = written()
    browser.post(reverse("replies", args=[conversation.pk]), typed)

    assert browser.post(reverse("draft", args=[conversation.pk]), typed).status_code == 204

    assert Draft.objects.count() == 0


def test_an_emptied_draft_is_gone(browser: Client) -> None:
    conversation = come_in().conversation
    typed = written("x")
    browser.post(reverse("draft", args=[conversation.pk]), typed)

    browser.post(reverse("draft", args=[conversation.pk]), typed | {"text": ""})

    assert Draft.objects.count() == 0


def test_a_letter_with_a_file_handed_in_twice_is_one_and_can_be_called_back(browser: Client) -> None:
    conversation, typed = come_in().conversation, written("Too hasty.")
    for _ in range(2):
        file = SimpleUploadedFile("plan.pdf", b"%PDF", "application/pdf")
        browser.post(reverse("replies", args=[conversation.pk]), typed | {"uploads": file})
    message = Message.objects.get(direction="out")
    assert (message.attachments.count(), Attachment.objects.count(), Draft.objects.count()) == (1, 1, 0)

    browser.post(reverse("reply-undo", args=[conversation.pk, message.pk]))

    assert (Draft.objects.get().text, Message.objects.filter(direction="out").count()) == ("Too hasty.", 0)


def test_a_beginning_with_a_file_handed_in_twice_is_one(browser: Client) -> None:
    typed = {"inbox": inbox().pk, "to": ODILE.email, "subject": "x", "text": "y", "key": str(uuid.uuid4())}

    for _ in range(2):
        file = SimpleUploadedFile("plan.pdf", b"%PDF", "application/pdf")
        browser.post(reverse("conversation-new"), typed | {"uploads": file})

    assert (Message.objects.count(), Attachment.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_a_file_under_somebody_elses_key_is_refused(browser: Client) -> None:
    conversation = come_in().conversation
    theirs = Draft.objects.create(agent=agent("Tobias Pell"), conversation=conversation, text="Theirs")
    file = SimpleUploadedFile("plan.pdf", b"%PDF", "application/pdf")

    answer_ = browser.post(reverse("replies", args=[conversation.pk]), written(key=str(theirs.key)) | {"uploads": file})

    assert (answer_.status_code, Attachment.objects.count()) == (422, 0)


def test_it_is_given_only_to_who_may_open_its_inbox(client: Client, secret: Inbox) -> None:
    client.force_login(agent(role="admin"))
    conversation, tobias = come_in(to=secret).conversation, agent("Tobias Pell")

    refused = client.post(reverse("assignment", args=[conversation.pk]), {"agent": tobias.pk})

    assert (refused.status_code, Conversation.objects.get().assignee) == (422, None)
    assert "Tobias Pell may not open the inbox" in refused.content.decode()


def test_a_page_opened_again_counts_on_where_the_ten_seconds_are(browser: Client) -> None:
    conversation = come_in().conversation
    browser.post(reverse("replies", args=[conversation.pk]), written())
    Message.objects.filter(direction="out").update(send_at=now() + timedelta(seconds=3))

    page = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()

    seconds = re.search(r'seconds="(\d+)"', page)
    assert seconds
    assert 1 <= int(seconds.group(1)) <= 3


def test_undo_by_the_page_brings_the_words_back(browser: Client) -> None:
    conversation = come_in().conversation
    page = browser.post(reverse("replies", args=[conversation.pk]), written("Too hasty."), follow=True).content.decode()
    undo = re.search(r'action="([^"]*/undo)"', page)
    assert undo

    page = browser.post(undo.group(1), follow=True).content.decode()

    assert "Too hasty.</textarea>" in page
