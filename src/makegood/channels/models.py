"""What is stored before it is understood (raw messages, marks), and what waits to leave (outbox, attempts)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from makegood.conversations.models import Message
from makegood.inboxes.models import Inbox


class RawMessage(models.Model):
    """Bytes as received, stored before anything is parsed or the source is told. Over 256 KiB they lie in a file."""

    NEW, READ, FAILED = "new", "read", "failed"

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=200)  # where it came from; unique within the inbox
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content = models.BinaryField(null=True)
    path = models.CharField(max_length=100, default="", blank=True)
    received_at = models.DateTimeField()
    is_history = models.BooleanField(default=False)  # old mail: no clocks, no answers, no notifications
    is_outgoing = models.BooleanField(default=False)  # read from a Sent folder
    has_null_sender = models.BooleanField(null=True)  # MAIL FROM:<> (RFC 5321, 4.5.5); None: the source says nothing
    state = models.CharField(max_length=6, default=NEW)
    attempts = models.SmallIntegerField(default=0)
    lease_until = models.FloatField(default=0)  # whoever reads it now has it until then, by the database's clock
    error = models.TextField(default="", blank=True)
    message_id = models.BigIntegerField(null=True)  # the message it became

    class Meta:
        db_table = "raw_message"
        constraints: ClassVar = [models.UniqueConstraint(fields=["inbox", "source_key"], name="raw_message_once")]
        indexes: ClassVar = [
            models.Index(fields=["is_history", "id"], condition=models.Q(state="new"), name="raw_message_new"),
            models.Index(
                fields=["is_history", "id"],
                condition=models.Q(state="new") & ~models.Q(path=""),
                name="raw_message_large",
            ),
            models.Index(fields=["id"], condition=models.Q(state="failed"), name="raw_message_failed"),
            models.Index(fields=["sha256"], name="raw_message_sha256"),
        ]

    def __str__(self) -> str:
        return self.source_key


class FolderMark(models.Model):
    """How far a folder on a mail server has been read: everything above `uid` is new (never "unseen")."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    folder = models.CharField(max_length=255)
    uidvalidity = models.BigIntegerField(default=0)
    uid = models.BigIntegerField(default=0)
    history_uid = models.BigIntegerField(default=0)  # old mail: read up to here …
    history_until = models.BigIntegerField(default=0)  # … and wanted up to here
    since = models.DateTimeField(null=True)  # older mail is not wanted at all
    began_at = models.DateTimeField(null=True)  # first tried; what reached the server before is history
    lease_until = models.FloatField(default=0)  # one poller per folder; seconds by the database's clock
    poller = models.CharField(max_length=64, default="", blank=True)
    polled_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "folder_mark"
        constraints: ClassVar = [models.UniqueConstraint(fields=["inbox", "folder"], name="folder_mark_unique")]

    def __str__(self) -> str:
        return f"{self.folder} {self.uidvalidity}/{self.uid}"


class ProbeNote(models.Model):
    """A note that a connection test sends to its own inbox: remembered before it leaves, so that it is known again."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=400, unique=True)
    sent_at = models.DateTimeField()
    raw_id = models.BigIntegerField(null=True)  # what came back of it, with its headers

    class Meta:
        db_table = "probe_note"

    def __str__(self) -> str:
        return self.message_id


class OutboxMail(models.Model):
    """The final bytes of one message that leaves, the same at every attempt."""

    QUEUED, SENDING, SENT, UNCERTAIN, DELAYED, FAILED = "queued", "sending", "sent", "uncertain", "delayed", "failed"
    FIT: ClassVar = (QUEUED, SENDING, UNCERTAIN, DELAYED)  # it may still leave

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=320, default="", blank=True)  # envelope sender; empty for automatic mail
    recipients = models.JSONField(default=list)  # those still to be reached
    content = models.BinaryField(null=True)
    path = models.CharField(max_length=100, default="", blank=True)
    state = models.CharField(max_length=9, default=QUEUED)
    next_at = models.DateTimeField()
    first_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    uncertain = models.SmallIntegerField(default=0)  # how often the line broke after the final dot
    lease_until = models.FloatField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "outbox_mail"
        indexes: ClassVar = [
            models.Index(fields=["state", "next_at"], name="outbox_mail_due"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Attempt(models.Model):
    """One try at handing a message to the server; committed before the first byte leaves."""

    mail = models.ForeignKey(OutboxMail, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, default="", blank=True)
    said = models.TextField(default="", blank=True)

    class Meta:
        db_table = "outbox_attempt"
        indexes: ClassVar = [models.Index(fields=["mail", "at"], name="outbox_attempt_of")]

    def __str__(self) -> str:
        return f"{self.at} {self.outcome}"
