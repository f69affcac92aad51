"""What the peers' drivers need of Makegood, in its own environment (MAKEGOOD_DATA, MAKEGOOD_LMTP, DATABASE_URL).

`tickets` stores the conversations that `corpus.py tickets` prints, read from standard input; `lmtp DIR` hands over a
folder of mails; `count` prints how many messages are stored.
"""

from __future__ import annotations

import json
import os
import smtplib
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

ADDRESS = "support@peers.test"
AT_ONCE = 500


def tickets() -> None:
    """In bulk, as the peers are loaded, into the same tables and index as real ones."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.project.settings")
    django.setup()
    from django.db import connection, transaction

    people: dict[str, Any] = {}
    for lines in batched(sys.stdin, AT_ONCE):
        with transaction.atomic():
            _store([json.loads(line) for line in lines], people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _store(given: list[dict[str, Any]], people: dict[str, Any]) -> None:
    from makegood.agents.models import Agent
    from makegood.conversations.actions.indexing import document_of_message
    from makegood.conversations.models import Conversation, Message, Participant
    from makegood.conversations.preview import line_of
    from makegood.inboxes.models import Inbox
    from makegood.search import index

    inbox, agent = Inbox.objects.get(address=ADDRESS), Agent.objects.get()
    conversations = []
    for one in given:
        begin = datetime.fromisoformat(one["created"])
        is_open = one["status"] == "open"
        conversations.append(Conversation(
            inbox=inbox, contact=_contact(one, people), subject=one["subject"],
            status=Conversation.OPEN if is_open else Conversation.CLOSED, assignee=None if one["n"] % 3 else agent,
            created_at=begin, last_at=begin + timedelta(hours=2), last_line=line_of(one["messages"][2]),
            waiting_since=begin + timedelta(hours=2) if is_open else None,
        ))  # fmt: skip
    Conversation.objects.bulk_create(conversations)
    Participant.objects.bulk_create(
        Participant(conversation=conversation, email=one["email"])
        for conversation, one in zip(conversations, given, strict=True)
    )
    messages = [
        message
        for conversation, one in zip(conversations, given, strict=True)
        for message in _letters(conversation, one, agent)
    ]
    Message.objects.bulk_create(messages)
    index.add([document_of_message(message, []) for message in messages])


def _contact(one: dict[str, Any], people: dict[str, Any]) -> Any:
    from makegood.contacts.actions.recognising import recognise

    if one["email"] not in people:
        people[one["email"]] = recognise(one["email"], one["name"])[0]
    return people[one["email"]]


def _letters(conversation: Any, one: dict[str, Any], agent: Any) -> Iterator[Any]:
    """The customer, the agent, the customer."""
    from makegood.conversations.models import Message

    inbox = conversation.inbox
    for number, text in enumerate(one["messages"]):
        is_ours = number == 1
        theirs, ours = [one["name"], one["email"]], [inbox.name, inbox.address]
        yield Message(
            conversation=conversation, inbox=inbox, subject=one["subject"], text=text,
            direction=Message.OUT if is_ours else Message.IN, state=Message.SENT if is_ours else "",
            contact=None if is_ours else conversation.contact, agent=agent if is_ours else None,
            from_name=(ours if is_ours else theirs)[0], from_email=(ours if is_ours else theirs)[1],
            to=[theirs if is_ours else ours], message_id=f"<{one['n']}.{number}@customers.test>",
            raw_id=0 if is_ours else None, identity="" if is_ours else "claimed",
            at=conversation.created_at + timedelta(hours=number),
        )  # fmt: skip


def lmtp(folder: str) -> None:
    """One session, in order."""
    host, _, port = os.environ["MAKEGOOD_LMTP"].rpartition(":")
    with smtplib.LMTP(host, int(port)) as session:
        for file in sorted(Path(folder).glob("*.eml")):
            session.sendmail("bench@peers.test", [ADDRESS], file.read_bytes())


def count() -> None:
    """Without Django: it is asked many times a second while others work."""
    question = "SELECT count(*) FROM message"
    if url := os.environ.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(url) as postgres:
            found = postgres.execute(question).fetchone()
    else:
        found = sqlite3.connect(Path(os.environ["MAKEGOOD_DATA"]) / "makegood.sqlite3").execute(question).fetchone()
    print(found[0] if found else 0)


if __name__ == "__main__":
    {"tickets": tickets, "lmtp": lmtp, "count": count}[sys.argv[1]](*sys.argv[2:])
