"""The token in a reply address lets its holder join in; it does not leave by a forward or a quote."""

from __future__ import annotations

import pytest

from makegood.conversations.actions.forwarding import forward
from makegood.conversations.matching import reply_address
from makegood.conversations.queries.writing import recipients_of
from makegood.conversations.tests.factories import KOFI, ODILE, agent, come_in

pytestmark = pytest.mark.django_db


def test_a_forwarded_message_names_the_inbox_without_its_token() -> None:
    message = come_in()
    address = reply_address(message.inbox.address, message.conversation.token)
    theirs = reply_address("alerts@larkspur.example", "0f" * 16)  # another house has such addresses, too
    message.to, message.text = [["Care", address]], f"> On Monday {address} and {theirs} wrote:"
    message.save()

    draft = forward(message, by=agent())

    assert message.conversation.token not in draft.text
    assert f"> On Monday {message.inbox.address} and {theirs} wrote:" in draft.text


def test_a_stranger_who_joined_by_token_is_not_answered_by_default() -> None:
    first = come_in(sender=ODILE)
    stranger = come_in(sender=KOFI, in_reply_to=f"<{'0' * 32}.{first.conversation.token}@any.example>")
    assert stranger.conversation == first.conversation

    to, cc = recipients_of(first.conversation, [stranger, first])

    assert ([email for _name, email in to], cc) == ([ODILE.email], [])
