"""A conversation is a thread with one customer; participants are the addresses that take part."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models.functions import Coalesce, Least

from makegood.agents.models import Agent, Team
from makegood.agents.policy import can
from makegood.contacts.models import Contact
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import scopes_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def new_token() -> str:
    """128 random bits that stand for a conversation in reply addresses: lower case, since mail servers fold case."""
    return secrets.token_hex(16)


DUE = models.Q(next_due_at__isnull=False)
WAITING = models.Q(waiting_since__isnull=False)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, agent: Agent) -> ConversationQuerySet:
        """Those in inboxes that the agent may open; every read in the house begins with this.

        What is held back is there for those alone who may release it.
        """
        return self.shown_within(scopes_of(agent), held=can(agent, "conversation.release"))

    def shown_within(self, scopes: Iterable[int], *, held: bool) -> ConversationQuerySet:
        """The same for a question that is kept; `held`: also what is held back."""
        return self.within(scopes) if held else self.within(scopes).exclude(status=Conversation.HELD)

    def within(self, scopes: Iterable[int]) -> ConversationQuerySet:
        """Those in the given inboxes."""
        return self.filter(inbox_id__in=list(scopes))


class Conversation(models.Model):
    """A thread with one customer. `next_due_at` is stored so that the list's order is an index."""

    OPEN, SNOOZED, CLOSED, SPAM, HELD, MERGED = "open", "snoozed", "closed", "spam", "held", "merged"
    STATUSES: ClassVar = [OPEN, SNOOZED, CLOSED, SPAM, HELD]  # to look for; the merged ones say where they went
    FIRST, NEXT = "first", "next"  # the standard by which an answer is due

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=300, default="", blank=True)
    status = models.CharField(max_length=8, default=OPEN)
    assignee = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_at = models.DateTimeField()  # the newest public message
    last_line = models.CharField(max_length=160, default="", blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)  # the customer's oldest message nobody has answered
    is_trouble = models.BooleanField(default=False)  # a message of ours did not arrive
    may_belong_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    promise_due_at = models.DateTimeField(null=True, blank=True)
    standard_due_at = models.DateTimeField(null=True, blank=True)
    standard = models.CharField(max_length=5, default="", blank=True)
    next_due_at = models.GeneratedField(
        expression=Least(
            Coalesce("promise_due_at", "standard_due_at"),
            Coalesce("standard_due_at", "promise_due_at"),
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        db_table = "conversation"
        indexes: ClassVar = [
            models.Index(fields=["status", "-last_at", "-id"], name="conversation_newest"),
            models.Index(fields=["inbox", "status", "-last_at", "-id"], name="conversation_by_inbox"),
            models.Index(fields=["assignee", "status", "-last_at", "-id"], name="conversation_by_assignee"),
            models.Index(fields=["team", "status", "-last_at", "-id"], name="conversation_by_team"),
            models.Index(fields=["contact", "-last_at"], name="conversation_by_contact"),
            models.Index(fields=["snoozed_until"], condition=models.Q(status="snoozed"), name="conversation_snoozed"),
            # Of the few that something is due in, or somebody waits in: so the many others cost nothing.
            models.Index(fields=["status", "next_due_at", "id"], condition=DUE, name="conversation_due"),
            models.Index(fields=["inbox", "status", "next_due_at", "id"], condition=DUE, name="conversation_inbox_due"),
            models.Index(
                fields=["assignee", "status", "next_due_at", "id"], condition=DUE, name="conversation_own_due"
            ),
            models.Index(fields=["team", "status", "next_due_at", "id"], condition=DUE, name="conversation_team_due"),
            models.Index(fields=["status", "waiting_since", "id"], condition=WAITING, name="conversation_waiting"),
            models.Index(
                fields=["assignee", "status", "waiting_since", "id"], condition=WAITING, name="conversation_own_waiting"
            ),
            models.Index(
                fields=["team", "status", "waiting_since", "id"], condition=WAITING, name="conversation_team_waiting"
            ),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="conversation_merged_into"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"

    @property
    def ids(self) -> dict[str, int]:
        """What every event about it carries."""
        return {"conversation_id": self.pk, "contact_id": self.contact_id, "scope": self.inbox_id}


class Participant(models.Model):
    """An address that takes part. Unverified: came by token alone, is shown nothing and changes nothing."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    email = models.CharField(max_length=320)
    name = models.CharField(max_length=200, default="", blank=True)
    is_verified = models.BooleanField(default=True)

    class Meta:
        db_table = "participant"
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "email"], name="participant_unique")]

    def __str__(self) -> str:
        return self.email


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, agent: Agent) -> TagQuerySet:
        """Those on a conversation that the agent may see."""
        return self.filter(conversations__in=Conversation.objects.visible_to(agent)).distinct()


class Tag(models.Model):
    """A label for conversations."""

    name = models.CharField(max_length=40, unique=True)
    conversations: models.ManyToManyField[Conversation, models.Model] = models.ManyToManyField(
        Conversation, db_table="conversation_tag", related_name="tags"
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        db_table = "tag"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
