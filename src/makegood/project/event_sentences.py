"""What every event of the log says in a sentence, with the names of those it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Role
from makegood.eventlog.events import Actor
from makegood.eventlog.models import LoggedEvent
from makegood.project.event_words import words_for
from makegood.project.naming import Names

SENTENCES: dict[str, str | Promise] = {
    "access.changed": _("%(who)s changed what %(agent)s may open or do"),
    "agent.deactivated": _("%(who)s ended the access of %(agent)s"),
    "agent.invited": _("%(who)s made an invitation, as %(role)s"),
    "agent.joined": _("%(agent)s joined as %(role)s"),
    "agent.reactivated": _("%(who)s let %(agent)s in again"),
    "agent.signed_in": _("%(agent)s signed in"),
    "agent.signed_out": _("%(agent)s signed out"),
    "agent.updated": _("%(agent)s changed their profile: %(fields)s"),
    "audit.read": _("%(who)s read the audit"),
    "automatic_answer.written": _("%(who)s wrote an automatic answer to %(contact)s"),
    "automatic_answers.allowed": _("%(who)s allowed automatic answers to an address again"),
    "automatic_answers.stopped": _("%(who)s stopped automatic answers to an address: a machine may be writing there"),
    "contact.blocked": _("%(who)s blocked %(contact)s"),
    "contact.cleared_of_forwarding": _("%(who)s said that %(contact)s writes for itself"),
    "contact.marked_forwarding": _("%(who)s said that %(contact)s forwards for customers"),
    "contact.met": _("%(contact)s is a new customer"),
    "contact.unblocked": _("%(who)s let the mail of %(contact)s in again"),
    "conversation.assigned": _("%(who)s gave the conversation to %(to)s"),
    "conversation.cleared_of_spam": _("%(who)s said that the conversation is no spam"),
    "conversation.closed": _("%(who)s closed the conversation"),
    "conversation.customer_changed": _("%(who)s said who the customer is"),
    "conversation.held": _("%(who)s held the conversation back"),
    "conversation.marked_spam": _("%(who)s marked the conversation as spam"),
    "conversation.opened": _("%(who)s began a conversation in %(inbox)s"),
    "conversation.released": _("%(who)s released the conversation"),
    "conversation.reopened": _("%(who)s opened the conversation again"),
    "conversation.snoozed": _("%(who)s put the conversation off until %(until)s"),
    "conversation.tagged": _("%(who)s put the tag %(tag)s on the conversation"),
    "conversation.untagged": _("%(who)s took the tag %(tag)s off the conversation"),
    "conversation.woken": _("The time to which the conversation was put off has come"),
    "house.named": _("%(who)s changed the company’s name"),
    "inbox.added": _("%(who)s connected the inbox %(inbox)s"),
    "inbox.health_changed": _("The mail of %(inbox)s: %(health)s"),
    "inbox.tested": _("%(who)s tested the inbox %(inbox)s: %(outcome)s"),
    "inbox.trust_changed": _("What the DNS says of the inbox %(inbox)s has changed"),
    "inbox.updated": _("%(who)s changed the inbox %(inbox)s: %(fields)s"),
    "invitation.withdrawn": _("%(who)s withdrew an invitation"),
    "message.received": _("%(who)s wrote to %(inbox)s"),
    "note.written": _("%(who)s wrote a note"),
    "password.changed": _("%(agent)s has a new password"),
    "reply.delayed": _("A reply from %(inbox)s has not arrived yet"),
    "reply.failed": _("A reply from %(inbox)s did not arrive"),
    "reply.sent": _("A reply from %(inbox)s has left"),
    "reply.sent_anyway": _("%(who)s sent a reply after a question about it"),
    "reply.uncertain": _("Whether a reply from %(inbox)s has arrived is uncertain"),
    "reply.undone": _("%(who)s called a reply back"),
    "reply.written": _("%(who)s wrote a reply from %(inbox)s"),
    "reset_link.issued": _("%(who)s made a link for a new password of %(agent)s"),
    "role.changed": _("%(who)s changed the role of %(agent)s to %(role)s"),
    "second_factor.added": _("%(agent)s added %(kind)s"),
    "second_factor.removed": _("%(agent)s removed %(kind)s"),
    "second_factor.replaced": _("%(agent)s made %(kind)s anew"),
    "session.revoked": _("%(who)s ended a sign-in of %(agent)s"),
    "team.added": _("%(who)s made the team %(team)s"),
    "team.changed": _("%(who)s changed the team %(team)s"),
}
# Where a fact is missing or special, another sentence tells it better.
ACCESS_TO_INBOX = _("%(who)s changed which teams may open an inbox")
TAKEN, PUT_BACK = _("%(who)s took the conversation"), _("%(who)s put the conversation back to nobody")
READ_OF_WHO, READ_OF_WHAT = _("%(who)s read the audit of %(of_who)s"), _("%(who)s read the audit: %(of_what)s")
READ_OF_BOTH = _("%(who)s read the audit of %(of_who)s: %(of_what)s")
FIELDS: dict[str, str | Promise] = {
    "address": _("address"), "is_active": _("switched on or off"),
    "language": _("language"), "name": _("name"), "secrets": _("passwords"), "sender_name": _("name customers see"),
    "settings": _("servers and settings"), "signature": _("signature"), "single_keys": _("keys"), "team": _("team"),
    "teams": _("who may open it"), "timezone": _("time zone"), "theme": _("looks"),
}  # fmt: skip
KINDS: dict[str, str | Promise] = {
    "totp": _("an authenticator app"), "webauthn": _("a passkey"), "recovery_codes": _("recovery codes"),
}  # fmt: skip
HEALTHS: dict[str, str | Promise] = {"good": _("all is well"), "bad": _("there is trouble"), "": _("not known yet")}


def sentence_of(event: LoggedEvent, names: Names) -> str:
    """The event in words; one of another version by its name."""
    template = _special(event) or SENTENCES.get(event.name)
    return str(template) % _facts(event, names) if template else str(words_for(event.name))


def _special(event: LoggedEvent) -> str | Promise | None:
    facts = event.data
    if event.name == "access.changed" and not facts.get("agent_id"):
        return ACCESS_TO_INBOX
    if event.name == "conversation.assigned":
        target = facts.get("agent_id")
        if target and event.actor == str(Actor("agent", target)):
            return TAKEN
        return None if target or facts.get("team_id") else PUT_BACK
    if event.name == "audit.read":
        asked = (bool(facts.get("of_actor")), bool(facts.get("of_name")))
        return {(True, True): READ_OF_BOTH, (True, False): READ_OF_WHO, (False, True): READ_OF_WHAT}.get(asked)
    return None


def _facts(event: LoggedEvent, names: Names) -> Mapping[str, object]:
    """All that a sentence may name, looked up only when it does."""
    facts = event.data
    agent, team = names.agents.get(facts.get("agent_id") or 0), names.teams.get(facts.get("team_id") or 0)
    return _Lazily({
        "who": lambda: names.who(Actor.read(event.actor)),
        "agent": lambda: agent or _("somebody"),
        "team": lambda: team or _("(gone)"),
        "to": lambda: ", ".join(filter(None, [agent, team])) or _("somebody"),
        "inbox": lambda: names.inboxes.get(facts.get("inbox_id") or event.scope or 0) or _("(not yours)"),
        "contact": lambda: names.contacts.get(event.contact_id or 0) or _("a customer"),
        "tag": lambda: names.tags.get(facts.get("tag_id") or 0) or _("(gone)"),
        "role": lambda: dict(Role.choices).get(facts.get("role", ""), facts.get("role", "")),
        "kind": lambda: KINDS.get(facts.get("kind", ""), facts.get("kind", "")),
        "fields": lambda: ", ".join(dict.fromkeys(str(FIELDS.get(one, one)) for one in facts.get("fields", []))),
        "health": lambda: HEALTHS.get(facts.get("health", ""), facts.get("health", "")),
        "outcome": lambda: _("all works") if facts.get("passed") else _("something failed"),
        "until": lambda: _moment(str(facts.get("until", ""))),
        "of_who": lambda: names.who(Actor.read(str(facts.get("of_actor", "")))),
        "of_what": lambda: words_for(str(facts.get("of_name", ""))),
    })  # fmt: skip


class _Lazily(dict[str, Callable[[], object]]):
    """For `%`: the value of a name is asked for when a sentence has it."""

    def __getitem__(self, name: str) -> object:  # type: ignore[override]
        return super().__getitem__(name)()


def _moment(kept: str) -> str:
    try:
        return formats.date_format(timezone.localtime(datetime.fromisoformat(kept)), "DATETIME_FORMAT")
    except ValueError:
        return kept
