"""What every event says to people: its name, its sentence in the audit, and the one in its conversation's timeline.

Rooms that record an event add a line here; who, what and when come from the reader, which knows the names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """`here`: in the timeline of the conversation that it is about; an event without is not told there."""

    name: Words
    sentence: Words
    here: Words = ""
    icon: str = "info"


TOLD = {
    "access.changed": Told(_("Access changed"), _("%(who)s changed what %(agent)s may open or do")),
    "agent.deactivated": Told(_("Person left"), _("%(who)s ended the access of %(agent)s")),
    "agent.invited": Told(_("Person invited"), _("%(who)s made an invitation, as %(role)s")),
    "agent.joined": Told(_("Person joined"), _("%(agent)s joined as %(role)s")),
    "agent.reactivated": Told(_("Person came back"), _("%(who)s let %(agent)s in again")),
    "agent.signed_in": Told(_("Signed in"), _("%(agent)s signed in")),
    "agent.signed_out": Told(_("Signed out"), _("%(agent)s signed out")),
    "agent.updated": Told(_("Profile changed"), _("%(agent)s changed their profile: %(fields)s")),
    "answer_target.changed": Told(_("Answer standard changed"), _("%(who)s changed how soon an answer is due")),
    "answer_target.removed": Told(
        _("Answer standard removed"), _("%(who)s removed a special standard of how soon an answer is due"),
    ),
    "audit.read": Told(_("Audit read"), _("%(who)s read the audit")),
    "automatic_answer.written": Told(
        _("Automatic answer written"), _("%(who)s wrote an automatic answer to %(contact)s"),
    ),
    "automatic_answers.allowed": Told(
        _("Automatic answers to an address allowed again"),
        _("%(who)s allowed automatic answers to an address again"),
        _("%(by)s allowed automatic answers to this address again"), "check",
    ),
    "automatic_answers.stopped": Told(
        _("Automatic answers to an address stopped"),
        _("%(who)s stopped automatic answers to an address: a machine may be writing there"),
        _("Automatic answers to this address have stopped: a machine may be writing there. Please look, and allow them "
          "again under Failed work."), "warn",
    ),
    "backup.made": Told(_("Backup made"), _("%(user)s made a backup by a command on the server")),
    "contact.blocked": Told(
        _("Customer blocked"), _("%(who)s blocked %(contact)s"), _("%(by)s blocked this sender"), "flag",
    ),
    "contact.cleared_of_forwarding": Told(
        _("Sender does not forward for customers"), _("%(who)s said that %(contact)s writes for itself"),
    ),
    "contact.marked_forwarding": Told(
        _("Sender forwards for customers"), _("%(who)s said that %(contact)s forwards for customers"),
    ),
    "contact.met": Told(_("New customer"), _("%(contact)s is a new customer")),
    "contact.unblocked": Told(
        _("Customer unblocked"), _("%(who)s let the mail of %(contact)s in again"),
        _("%(by)s let this sender in again"), "flag",
    ),
    "conversation.assigned": Told(
        _("Conversation assigned"), _("%(who)s gave the conversation to %(to)s"), _("%(by)s gave this to %(to)s"),
        "user",
    ),
    "conversation.cleared_of_spam": Told(
        _("Conversation is not spam"), _("%(who)s said that the conversation is no spam"),
        _("%(by)s said that this is no spam"), "flag",
    ),
    "conversation.closed": Told(
        _("Conversation closed"), _("%(who)s closed the conversation"), _("%(by)s closed this"), "check",
    ),
    "conversation.customer_changed": Told(
        _("Conversation’s customer changed"), _("%(who)s said who the customer is"),
        _("%(by)s said who the customer is"), "people",
    ),
    "conversation.followed": Told(_("Conversation followed"), _("%(who)s follows the conversation")),
    "conversation.gave_back": Told(
        _("Merge undone"), _("%(who)s took “%(other)s” out of the conversation again"),
        _("%(by)s undid the merge of “%(other)s”"), "merge",
    ),
    "conversation.held": Told(
        _("Conversation held back"), _("%(who)s held the conversation back"), _("%(by)s held this back"), "shield",
    ),
    "conversation.marked_spam": Told(
        _("Conversation marked as spam"), _("%(who)s marked the conversation as spam"),
        _("%(by)s marked this as spam"), "flag",
    ),
    "conversation.merged": Told(
        _("Conversation merged into another"), _("%(who)s merged the conversation into “%(other)s”"),
        _("%(by)s merged this into “%(other)s”"), "merge",
    ),
    "conversation.moved": Told(
        _("Conversation moved"), _("%(who)s moved the conversation from %(from)s to %(inbox)s"),
        _("%(by)s moved this here from %(from)s"), "inbox",
    ),
    "conversation.moved_away": Told(
        _("Conversation moved away"), _("%(who)s moved the conversation away from %(inbox)s"),
    ),
    "conversation.opened": Told(_("Conversation begun"), _("%(who)s began a conversation in %(inbox)s")),
    "conversation.rejoined": Told(
        _("Split undone"), _("%(who)s put “%(other)s”, which had been split off, back into the conversation"),
        _("%(by)s put “%(other)s” back in here"), "merge",
    ),
    "conversation.released": Told(
        _("Conversation released"), _("%(who)s released the conversation"), _("%(by)s released this"), "shield",
    ),
    "conversation.renamed": Told(
        _("Subject changed"), _("%(who)s changed the subject of the conversation"), _("%(by)s changed the subject"),
        "pen",
    ),
    "conversation.reopened": Told(
        _("Conversation opened again"), _("%(who)s opened the conversation again"), _("%(by)s opened this again"),
        "undo",
    ),
    "conversation.seen": Told(_("Conversation looked at"), _("%(who)s looked at the conversation")),
    "conversation.snoozed": Told(
        _("Conversation snoozed"), _("%(who)s put the conversation off until %(until)s"),
        _("%(by)s put this off until %(until)s"), "clock",
    ),
    "conversation.split": Told(
        _("Conversation split"), _("%(who)s began “%(other)s” from messages of the conversation"),
        _("%(by)s began “%(other)s” from messages of this one"), "forward",
    ),
    "conversation.split_off": Told(
        _("Conversation split off"), _("%(who)s began the conversation from messages of “%(other)s”"),
        _("%(by)s began this from messages of “%(other)s”"), "forward",
    ),
    "conversation.tagged": Told(
        _("Tag put on"), _("%(who)s put the tag %(tag)s on the conversation"), _("%(by)s put the tag “%(tag)s” on"),
        "tag",
    ),
    "conversation.told_apart": Told(
        _("Conversation told apart"), _("%(who)s said that the conversation does not belong to “%(other)s”"),
        _("%(by)s said that this does not belong to “%(other)s”"), "info",
    ),
    "conversation.took_in": Told(
        _("Another conversation taken in"), _("%(who)s merged “%(other)s” into the conversation"),
        _("%(by)s merged “%(other)s” into this"), "merge",
    ),
    "conversation.unfollowed": Told(
        _("Conversation no longer followed"), _("%(who)s no longer follows the conversation"),
    ),
    "conversation.unmerged": Told(
        _("Merge undone"), _("%(who)s took the conversation out of “%(other)s” again"),
        _("%(by)s took this out of “%(other)s” again"), "merge",
    ),
    "conversation.untagged": Told(
        _("Tag taken off"), _("%(who)s took the tag %(tag)s off the conversation"),
        _("%(by)s took the tag “%(tag)s” off"), "tag",
    ),
    "conversation.woken": Told(
        _("Conversation woke up"), _("The time to which the conversation was put off has come"),
        _("The time it was put off to has come"), "clock",
    ),
    "days_off.added": Told(_("Days off added"), _("%(who)s added days off for %(house_or_team)s")),
    "days_off.changed": Told(
        _("Public holiday changed"), _("%(who)s changed whether %(house_or_team)s works on a public holiday"),
    ),
    "days_off.removed": Told(_("Days off removed"), _("%(who)s removed days off of %(house_or_team)s")),
    "due_time.changed": Told(_("Due time changed"), _("%(who)s reckoned anew when an answer is due")),
    "hours.changed": Told(_("Working hours changed"), _("%(who)s changed the working hours of %(house_or_team)s")),
    "house.exported": Told(
        _("Everything exported"), _("%(user)s exported everything by a command on the server"),
    ),
    "house.named": Told(_("Company name changed"), _("%(who)s changed the company’s name")),
    "inbox.added": Told(_("Inbox added"), _("%(who)s connected the inbox %(inbox)s")),
    "inbox.health_changed": Told(_("Inbox’s health changed"), _("The mail of %(inbox)s: %(health)s")),
    "inbox.tested": Told(_("Inbox tested"), _("%(who)s tested the inbox %(inbox)s: %(outcome)s")),
    "inbox.trust_changed": Told(
        _("Inbox’s trusted servers changed"), _("What the DNS says of the inbox %(inbox)s has changed"),
    ),
    "inbox.updated": Told(_("Inbox changed"), _("%(who)s changed the inbox %(inbox)s: %(fields)s")),
    "invitation.withdrawn": Told(_("Invitation withdrawn"), _("%(who)s withdrew an invitation")),
    "message.received": Told(_("Message received"), _("%(who)s wrote to %(inbox)s")),
    "note.written": Told(_("Note written"), _("%(who)s wrote a note")),
    "password.changed": Told(_("Password changed"), _("%(agent)s has a new password")),
    "ready_answer.removed": Told(
        _("Words of an automatic answer removed"), _("%(who)s removed words that %(inbox)s answered by itself"),
    ),
    "ready_answer.switched": Told(
        _("Automatic answer switched"), _("%(who)s switched an automatic answer of %(inbox)s on or off"),
    ),
    "ready_answer.written": Told(
        _("Words of an automatic answer written"), _("%(who)s wrote words for %(inbox)s to answer by itself"),
    ),
    "reply.delayed": Told(_("Reply delayed"), _("A reply from %(inbox)s has not arrived yet")),
    "reply.failed": Told(_("Reply not delivered"), _("A reply from %(inbox)s did not arrive")),
    "reply.sent": Told(_("Reply sent"), _("A reply from %(inbox)s has left")),
    "reply.sent_anyway": Told(_("Reply sent after a question"), _("%(who)s sent a reply after a question about it")),
    "reply.uncertain": Told(
        _("Reply’s delivery uncertain"), _("Whether a reply from %(inbox)s has arrived is uncertain"),
    ),
    "reply.undone": Told(_("Reply called back"), _("%(who)s called a reply back")),
    "reply.written": Told(_("Reply written"), _("%(who)s wrote a reply from %(inbox)s")),
    "reset_link.issued": Told(
        _("Link for a new password made"), _("%(who)s made a link for a new password of %(agent)s"),
    ),
    "role.changed": Told(_("Role changed"), _("%(who)s changed the role of %(agent)s to %(role)s")),
    "second_factor.added": Told(_("Second step added"), _("%(agent)s added %(kind)s")),
    "second_factor.forgotten": Told(
        _("Second step taken away"), _("The server’s command took %(kind)s away from %(agent)s"),
    ),
    "second_factor.removed": Told(_("Second step removed"), _("%(agent)s removed %(kind)s")),
    "second_factor.replaced": Told(_("Second step made anew"), _("%(agent)s made %(kind)s anew")),
    "session.revoked": Told(_("Signed out elsewhere"), _("%(who)s ended a sign-in of %(agent)s")),
    "team.added": Told(_("Team made"), _("%(who)s made the team %(team)s")),
    "team.changed": Told(_("Team changed"), _("%(who)s changed the team %(team)s")),
}  # fmt: skip
# Where a fact is missing or special, another sentence tells it better.
TAKEN = Told("", _("%(who)s took the conversation"), _("%(by)s took this"), "user")
PUT_BACK = Told("", _("%(who)s put the conversation back to nobody"), _("%(by)s put this back to nobody"), "user")
BACKUP_BY_ITSELF = _("%(who)s made a backup by itself")
ACCESS_TO_INBOX = _("%(who)s changed which teams may open an inbox")
READ_OF_WHO, READ_OF_WHAT = _("%(who)s read the audit of %(of_who)s"), _("%(who)s read the audit: %(of_what)s")
READ_OF_BOTH = _("%(who)s read the audit of %(of_who)s: %(of_what)s")


def told_of_assignment(actor: str, facts: Mapping[str, Any]) -> Told:
    """Taken, given, or put back to nobody: what no person has may still be a team's."""
    agent_id = facts.get("agent_id")
    if agent_id and actor == f"agent:{agent_id}":
        return TAKEN
    return TOLD["conversation.assigned"] if agent_id or facts.get("team_id") else PUT_BACK


def name_of(event: str) -> Words:
    """What the event is called; one of another version by its own name."""
    return TOLD[event].name if event in TOLD else event
