"""A message is what a customer wrote or can read; a delivery is how it fared with one recipient."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from makegood.agents.models import Agent
from makegood.contacts.models import Contact
from makegood.conversations.envelope import Address
from makegood.conversations.models.conversation import Conversation
from makegood.inboxes.models import Inbox


class Message(models.Model):
    """What a customer wrote or can read. `key` is a draft's key, and with it the idempotency key of the reply.

    `home`: the conversation it came from when that was merged into this one; None: it is where it began.
    `inbox`: where it came in or leaves from; whose it is to see is said by its conversation's.
    """

    IN, OUT = "in", "out"
    WAITING, QUEUED, SENDING, SENT, UNCERTAIN, DELAYED, FAILED = (
        "waiting", "queued", "sending", "sent", "uncertain", "delayed", "failed",
    )  # fmt: skip
    ARRIVING: ClassVar = (WAITING, QUEUED, SENDING, SENT, UNCERTAIN, DELAYED)  # as far as we know

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    home = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, default="message")  # envelope.Kind
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    from_name = models.CharField(max_length=200, default="", blank=True)
    from_email = models.CharField(max_length=320, default="", blank=True)
    via_name = models.CharField(max_length=200, null=True, blank=True)  # the form or shop that wrote for the sender
    via_email = models.CharField(max_length=320, null=True, blank=True)
    to = models.JSONField(default=list)  # [[name, email], …]
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)  # where the sender wants the answer
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)  # everything readable
    reply_text = models.TextField(default="", blank=True)  # what is new; empty when `text` is all new
    html = models.TextField(default="", blank=True)  # sanitised
    html_is_plain = models.BooleanField(default=False)
    has_remote_images = models.BooleanField(null=True)  # left out of `html`; None: from before this was kept
    html_version = models.SmallIntegerField(default=0)
    message_id = models.CharField(max_length=255, default="", blank=True)
    in_reply_to = models.CharField(max_length=255, default="", blank=True)
    references = models.TextField(default="", blank=True)
    thread_index = models.CharField(max_length=64, default="", blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)  # of the raw bytes
    raw_id = models.BigIntegerField(null=True)  # the channel's raw message
    identity = models.CharField(max_length=8, default="", blank=True)
    warnings = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    is_automatic = models.BooleanField(default=False)
    is_bulk = models.BooleanField(null=True)  # no automatic answer may follow; None: from before this was kept
    at = models.DateTimeField()
    state = models.CharField(max_length=9, default="", blank=True)
    send_at = models.DateTimeField(null=True)
    state_said = models.TextField(default="", blank=True)  # the server's words when it went wrong

    class Meta:
        db_table = "message"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inbox", "message_id", "sha256"],
                condition=models.Q(direction="in") & ~models.Q(message_id=""),
                name="message_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "at", "id"], name="message_timeline"),
            models.Index(fields=["message_id", "id"], name="message_under_id"),
            models.Index(fields=["contact", "at"], condition=models.Q(direction="in"), name="message_of_contact"),
            models.Index(fields=["send_at"], condition=models.Q(state="waiting"), name="message_to_send"),
            models.Index(fields=["html_version", "id"], condition=models.Q(html_version__gt=0), name="message_form"),
            models.Index(fields=["thread_index"], condition=~models.Q(thread_index=""), name="message_thread_index"),
        ]

    @property
    def is_at_home(self) -> bool:
        """It was written in the conversation that it stands in; others came by a merge."""
        return self.home_id in {None, self.conversation_id}

    def __str__(self) -> str:
        return self.subject or str(self.key)

    @property
    def via(self) -> Address:
        """The form or shop that wrote for the sender; empty where they wrote themselves."""
        return Address(self.via_name or "", self.via_email or "")

    @property
    def ids(self) -> dict[str, int]:
        """What every event about it carries."""
        return {"message_id": self.pk, **self.conversation.ids}


class Delivery(models.Model):
    """How one message fared with one recipient."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.CharField(max_length=320)
    state = models.CharField(max_length=9, default=Message.QUEUED)
    said = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "delivery"
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "recipient"], name="delivery_unique")]

    def __str__(self) -> str:
        return f"{self.recipient} {self.state}"
