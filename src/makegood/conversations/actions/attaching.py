"""Files find their message, note or draft."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from makegood.conversations.envelope import IncomingFile
from makegood.conversations.models import Attachment, Draft, Message
from makegood.eventlog.recording import action
from makegood.files.models import StoredFile
from makegood.files.storing import store


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from the browser, its name cleaned."""

    name: str
    content_type: str
    content: bytes


def attach_incoming(message: Message, files: Sequence[IncomingFile]) -> list[StoredFile]:
    """Store what came with a message. Called within `receive`."""
    stored = [
        store(file.filename, file.content_type, file.content, id_=uuid.UUID(file.key) if file.key else None)
        for file in files
    ]
    Attachment.objects.bulk_create(
        Attachment(file=kept, message=message, is_inline=file.inline, content_id=file.content_id[:255])
        for kept, file in zip(stored, files, strict=True)
    )
    return stored


@action
def attach_to_draft(draft: Draft, uploads: Sequence[Upload]) -> None:
    """Files that an agent adds; they leave with the letter or stay with the note that the draft becomes."""
    for upload in uploads:
        Attachment.objects.create(draft=draft, file=store(upload.name, upload.content_type, upload.content))


@action
def detach(draft: Draft, file_id: uuid.UUID) -> None:
    """Take a file off a draft; its bytes go with the nightly sweep when nothing else refers to them."""
    Attachment.objects.filter(draft=draft, file_id=file_id).delete()
