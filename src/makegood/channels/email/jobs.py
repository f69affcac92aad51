"""What e-mail does by itself: look after inboxes once a day, keep sign-ins fresh, file what was sent."""

from __future__ import annotations

from django.tasks import task

from makegood.channels.email import oauth, upkeep
from makegood.channels.email.actions.signing_in import keep_tokens
from makegood.channels.email.listening import watched_folders
from makegood.channels.email.sent_copies import wants_copy
from makegood.channels.intake import outgoing_of
from makegood.channels.models import OutboxMail
from makegood.conversations.events import ReplySent
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM, Happened
from makegood.eventlog.reacting import on
from makegood.inboxes.actions.managing import note_health
from makegood.inboxes.models import Inbox
from makegood.jobs.backend import enqueue_once
from makegood.jobs.recurring import every


@every(cron="40 3 * * *")
def look_at_trust() -> None:
    """Each inbox in a job of its own, so that a silent DNS delays no other."""
    for inbox in Inbox.objects.filter(is_active=True, channel="email"):
        enqueue_once(look_at_trust_of, f"trust:{inbox.pk}", inbox.pk)


@task
def look_at_trust_of(inbox_id: int) -> None:
    if inbox := Inbox.objects.filter(pk=inbox_id, is_active=True).first():
        upkeep.look_at_trust(inbox)


@every(cron="10 4 * * *")
def compare_counts() -> None:
    """Each folder in a job of its own."""
    for watched in watched_folders():
        enqueue_once(
            compare_counts_of, f"compare:{watched.inbox.pk}:{watched.folder}"[:200], watched.inbox.pk, watched.folder
        )


@task
def compare_counts_of(inbox_id: int, folder: str) -> None:
    if inbox := Inbox.objects.filter(pk=inbox_id, is_active=True).first():
        upkeep.compare_folder(inbox, folder)


@every(minutes=5)
def refresh_sign_ins() -> None:
    """Tokens of Google and Microsoft that end within a quarter of an hour."""
    for inbox in Inbox.objects.filter(is_active=True, channel="email"):
        if oauth.is_due(inbox):
            enqueue_once(refresh_sign_in_of, f"sign-in:{inbox.pk}", inbox.pk)


@task
def refresh_sign_in_of(inbox_id: int) -> None:
    inbox = Inbox.objects.get(pk=inbox_id)
    try:
        keep_tokens(inbox, oauth.refresh(inbox), by=SYSTEM)
    except oauth.NoAnswer:
        raise  # the job is tried again
    except Refused as refused:
        note_health(inbox, good=False, said=str(refused), by=SYSTEM)


@on(ReplySent)
def file_copy(happened: Happened) -> None:
    """What another program sent lies in its Sent folder already and has no mail in our outbox."""
    assert isinstance(happened.event, ReplySent)
    mail = OutboxMail.objects.filter(message_id=happened.event.message_id).select_related("inbox").first()
    if mail and wants_copy(mail.inbox):
        enqueue_once(file_copy_of, f"copy:{mail.pk}", mail.pk)


@task
def file_copy_of(mail_id: int) -> None:
    mail = OutboxMail.objects.select_related("inbox", "message").get(pk=mail_id)
    upkeep.file_copy(mail.inbox, outgoing_of(mail))
