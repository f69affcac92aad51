"""The doctor says what is wrong in words."""

from __future__ import annotations

import uuid

import pytest

from makegood.conversations.actions.merging import merge
from makegood.conversations.actions.noting import write_note
from makegood.conversations.models import Conversation, Message, Note
from makegood.conversations.tests.factories import agent, come_in
from makegood.project.examining import examine
from makegood.search.models import SearchDocument

pytestmark = pytest.mark.django_db


def test_a_message_without_its_document_is_counted_though_the_totals_agree() -> None:
    message = come_in()
    SearchDocument.objects.filter(kind="message", object_id=message.pk).update(object_id=message.pk + 9)

    said = [finding.said for finding in examine(quick=True) if finding.about == "search"]

    assert "1 messages and notes that cannot be found" in said
    assert "1 findable documents whose message is gone or elsewhere" in said


def test_words_that_are_not_where_their_conversation_went_are_counted() -> None:
    marisol, refund, tent, third = agent(), come_in(), come_in(), come_in()
    merge(Conversation.objects.get(pk=refund.conversation_id), into=tent.conversation, by=marisol)
    write_note(third.conversation, "Called.", key=uuid.uuid4(), by=marisol)

    def astray() -> list[str]:
        return [finding.said for finding in examine(quick=True) if finding.about == "merges"]

    sound = astray()
    Message.objects.filter(pk=refund.pk).update(conversation=third.conversation)
    Note.objects.update(conversation=refund.conversation_id)
    Conversation.objects.filter(pk=third.conversation_id).update(status=Conversation.MERGED)

    assert sound == ["no messages, notes and drafts that are not where their conversation went"]
    assert astray() == ["3 messages, notes and drafts that are not where their conversation went"]


def test_what_is_found_in_another_inbox_than_its_conversations_is_counted() -> None:
    message = come_in()
    SearchDocument.objects.filter(object_id=message.pk).update(scope=message.inbox_id + 9)

    said = [finding.said for finding in examine(quick=True) if finding.about == "search"]

    assert said[-1] == "1 findable documents whose message is gone or elsewhere"
