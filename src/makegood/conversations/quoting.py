"""What stands in a letter of ours beside its words: the signatures, and the letter that it answers."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from makegood.agents.models import Agent
from makegood.conversations.matching import without_tokens
from makegood.conversations.models import Message
from makegood.inboxes.models import Inbox


def signature_of(message: Message) -> str:
    """The agent's words, then the inbox's."""
    return signature_under(message.inbox, None if message.is_automatic else message.agent)


def signature_under(inbox: Inbox, agent: Agent | None) -> str:
    """What a letter from this inbox will be signed with, by nobody in particular without an agent."""
    own = agent.signature if agent else ""
    return "\n".join(part.strip() for part in (own, inbox.signature) if part.strip())


def attribution_of(answered: Message) -> str:
    """The line above what is quoted."""
    when = date_format(localtime(answered.at), "DATETIME_FORMAT")
    return _("On %(when)s, %(who)s wrote:") % {"when": when, "who": answered.from_name or answered.from_email}


def quoted_of(answered: Message, tokens_among: Callable[[set[str]], set[str]]) -> str:
    """What was new in it, and nothing that would let a reader join in."""
    return without_tokens((answered.reply_text or answered.text).strip(), tokens_among)
