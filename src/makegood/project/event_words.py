"""What every event is called on the audit page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "access.changed": _("Access changed"),
    "agent.deactivated": _("Person left"),
    "agent.invited": _("Person invited"),
    "agent.joined": _("Person joined"),
    "agent.reactivated": _("Person came back"),
    "agent.signed_in": _("Signed in"),
    "agent.signed_out": _("Signed out"),
    "agent.updated": _("Profile changed"),
    "audit.read": _("Audit read"),
    "automatic_answer.written": _("Automatic answer written"),
    "automatic_answers.allowed": _("Automatic answers to an address allowed again"),
    "automatic_answers.stopped": _("Automatic answers to an address stopped"),
    "contact.blocked": _("Customer blocked"),
    "contact.cleared_of_forwarding": _("Sender does not forward for customers"),
    "contact.marked_forwarding": _("Sender forwards for customers"),
    "contact.met": _("New customer"),
    "contact.unblocked": _("Customer unblocked"),
    "conversation.assigned": _("Conversation assigned"),
    "conversation.cleared_of_spam": _("Conversation is not spam"),
    "conversation.closed": _("Conversation closed"),
    "conversation.customer_changed": _("Conversation’s customer changed"),
    "conversation.held": _("Conversation held back"),
    "conversation.marked_spam": _("Conversation marked as spam"),
    "conversation.opened": _("Conversation begun"),
    "conversation.released": _("Conversation released"),
    "conversation.reopened": _("Conversation opened again"),
    "conversation.snoozed": _("Conversation snoozed"),
    "conversation.tagged": _("Tag put on"),
    "conversation.untagged": _("Tag taken off"),
    "conversation.woken": _("Conversation woke up"),
    "house.named": _("Company name changed"),
    "inbox.added": _("Inbox added"),
    "inbox.health_changed": _("Inbox’s health changed"),
    "inbox.tested": _("Inbox tested"),
    "inbox.trust_changed": _("Inbox’s trusted servers changed"),
    "inbox.updated": _("Inbox changed"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "message.received": _("Message received"),
    "note.written": _("Note written"),
    "password.changed": _("Password changed"),
    "reply.delayed": _("Reply delayed"),
    "reply.failed": _("Reply not delivered"),
    "reply.sent": _("Reply sent"),
    "reply.sent_anyway": _("Reply sent after a question"),
    "reply.uncertain": _("Reply’s delivery uncertain"),
    "reply.undone": _("Reply called back"),
    "reply.written": _("Reply written"),
    "reset_link.issued": _("Link for a new password made"),
    "role.changed": _("Role changed"),
    "second_factor.added": _("Second step added"),
    "second_factor.removed": _("Second step removed"),
    "second_factor.replaced": _("Second step made anew"),
    "session.revoked": _("Signed out elsewhere"),
    "team.added": _("Team made"),
    "team.changed": _("Team changed"),
}


def words_for(name: str) -> str | Promise:
    """The words, or the name itself for an event of another version."""
    return WORDS.get(name, name)
