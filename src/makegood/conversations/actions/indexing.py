"""What of a conversation can be found by search."""

from __future__ import annotations

from collections.abc import Iterable

from makegood.conversations.models import Message, Note
from makegood.files.models import StoredFile
from makegood.search import index


def index_message(message: Message, files: Iterable[StoredFile]) -> None:
    """In the transaction that stores the message."""
    index.add([document_of_message(message, [file.name for file in files])])


def index_note(note: Note, scope: int) -> None:
    """In the transaction that stores the note."""
    index.add([document_of_note(note, scope)])


def document_of_message(message: Message, file_names: list[str]) -> index.Document:
    """The same at any time, since taking a document out needs it again."""
    people = [pair for field in (message.to, message.cc) for pair in field]
    return index.Document(
        kind="message",
        object_id=message.pk,
        conversation_id=message.conversation_id,
        scope=message.conversation.inbox_id,
        at=message.at,
        sender=f"{message.from_name} {message.from_email}",
        recipients=" ".join(word for pair in people for word in pair),
        files=" ".join(["hasattachment", *file_names]) if file_names else "",
        text=f"{message.subject}\n{message.text}",
    )


def document_of_note(note: Note, scope: int) -> index.Document:
    """As above; a note is found by its words and by who wrote it."""
    return index.Document(
        kind="note",
        object_id=note.pk,
        conversation_id=note.conversation_id,
        scope=scope,
        at=note.at,
        sender=note.agent.name if note.agent else "",
        text=note.text,
    )
