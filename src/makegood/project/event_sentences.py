"""The sentence of an event on the audit page, with the names of those it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Role
from makegood.eventlog.events import Actor
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.telling import (
    ACCESS_TO_INBOX,
    BACKUP_BY_ITSELF,
    READ_OF_BOTH,
    READ_OF_WHAT,
    READ_OF_WHO,
    TOLD,
    name_of,
    told_of_assignment,
)
from makegood.project.naming import Names

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
    if event.name not in TOLD:
        return event.name
    return str(_special(event) or TOLD[event.name].sentence) % _facts(event, names)


def _special(event: LoggedEvent) -> str | Promise | None:
    facts = event.data
    if event.name == "access.changed" and not facts.get("agent_id"):
        return ACCESS_TO_INBOX
    if event.name == "conversation.assigned":
        return told_of_assignment(event.actor, facts).sentence
    if event.name == "backup.made" and not facts.get("user"):
        return BACKUP_BY_ITSELF
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
        "house_or_team": lambda: (team or _("(gone)")) if facts.get("team_id") else _("the house"),
        "to": lambda: ", ".join(filter(None, [agent, team])) or _("somebody"),
        "inbox": lambda: names.inboxes.get(facts.get("inbox_id") or event.scope or 0) or _("(not yours)"),
        "from": lambda: names.inboxes.get(facts.get("from_inbox_id") or 0) or _("(not yours)"),
        "other": lambda: names.conversations.get(facts.get("other_id") or 0, _("(not yours)")) or _("No subject"),
        "contact": lambda: names.contacts.get(event.contact_id or 0) or _("a customer"),
        "tag": lambda: names.tags.get(facts.get("tag_id") or 0) or _("(gone)"),
        "role": lambda: dict(Role.choices).get(facts.get("role", ""), facts.get("role", "")),
        "kind": lambda: KINDS.get(facts.get("kind", ""), facts.get("kind", "")),
        "fields": lambda: ", ".join(dict.fromkeys(str(FIELDS.get(one, one)) for one in facts.get("fields", []))),
        "health": lambda: HEALTHS.get(facts.get("health", ""), facts.get("health", "")),
        "outcome": lambda: _("all works") if facts.get("passed") else _("something failed"),
        "user": lambda: facts.get("user", ""),
        "until": lambda: _moment(str(facts.get("until", ""))),
        "of_who": lambda: names.who(Actor.read(str(facts.get("of_actor", "")))),
        "of_what": lambda: name_of(str(facts.get("of_name", ""))),
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
