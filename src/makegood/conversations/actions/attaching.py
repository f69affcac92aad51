"""Files find their message, note or draft."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from makegood.conversations.envelope import IncomingFile
from makegood.conversations.models import Attachment, Message
from makegood.files.models import StoredFile
from makegood.files.storing import store


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
