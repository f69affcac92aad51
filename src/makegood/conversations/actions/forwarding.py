"""A message is handed on to somebody else, with its files: a new letter that begins as a draft."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.conversations.actions.releasing import refuse_held
from makegood.conversations.addressing import typed
from makegood.conversations.matching import without_tokens
from makegood.conversations.models import Attachment, Draft, Message
from makegood.conversations.queries.tokens import tokens_among
from makegood.eventlog.recording import action


@action
def forward(message: Message, *, by: Agent) -> Draft:
    """A draft with the words and files of the message; nothing leaves before the agent sends it. Raises `HeldBack`."""
    refuse_held(message.conversation)
    draft = Draft.objects.create(
        agent=by,
        inbox=message.inbox,
        origin_id=message.conversation_id,
        mode="forward",
        subject=_forward_subject(message.subject),
        text=f"\n\n{_head_of(message)}\n\n{without_tokens(message.text, tokens_among)}",
    )
    files = message.attachments.filter(is_inline=False)
    Attachment.objects.bulk_create(Attachment(draft=draft, file_id=file.file_id) for file in files)
    return draft


def _forward_subject(subject: str) -> str:
    return subject if subject.lower().startswith(("fwd:", "fw:")) else f"Fwd: {subject}"[:300]


def _head_of(message: Message) -> str:
    """In the shape that every mail program knows, so that ours and others fold it."""
    lines = (
        f"---------- {_('Forwarded message')} ----------",
        f"{_('From')}: {typed([[message.from_name, message.from_email]])}",
        f"{_('Date')}: {date_format(localtime(message.at), 'DATETIME_FORMAT')}",
        f"{_('Subject')}: {message.subject}",
        f"{_('To')}: {typed(message.to)}",
    )
    return without_tokens("\n".join(lines), tokens_among)
