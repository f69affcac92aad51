"""A house with one of everything, so that every address has something to show."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client

from makegood.agents.actions.joining import hash_of
from makegood.agents.models import Agent, DaysOff, House, Invitation, Role, Team, WorkingHours
from makegood.channels.models import OutboxMail, RawMessage
from makegood.clock.now import now
from makegood.contacts.models import Contact
from makegood.conversations.models import Attachment, AutomaticAnswers, Conversation, Merge, Message, Split, Tag
from makegood.files.models import StoredFile
from makegood.files.storing import path_of
from makegood.inboxes.models import Inbox
from makegood.jobs.models import Job
from makegood.standards.models import AnswerTarget, ReadyAnswer

TOKEN = "an-invitation"
MAY_CHANGE_BY_READING = {"django_session", "usersessions_usersession", "event", "cache"}


@dataclass(frozen=True)
class Furnished:
    """`people` by role; "other" is an agent of another team, with an inbox of its own."""

    people: dict[str, Agent]
    arguments: dict[str, dict[str, object]]  # by the name of the address


def furnish() -> Furnished:
    """People of every role, a conversation with a message, a file and a tag, and work that has failed."""
    House.objects.create(name="Quillfeather")
    people = {
        "light": _agent("light", Role.LIGHT),
        "other": _agent("other", Role.AGENT),
        "agent": _agent("agent", Role.AGENT),
        "lead": _agent("lead", Role.LEAD),
        "admin": _agent("admin", Role.ADMIN),
    }
    care, workshop = Team.objects.create(name="Care"), Team.objects.create(name="Workshop")
    care.members.set([people["light"], people["agent"], people["lead"]])
    workshop.members.set([people["other"]])
    inbox = Inbox.objects.create(name="Care", address="hello@quillfeather.example", is_open_to_all=False)
    inbox.teams.set([care])
    elsewhere = Inbox.objects.create(name="Workshop", address="workshop@quillfeather.example", is_open_to_all=False)
    elsewhere.teams.set([workshop])
    conversation = _conversation(inbox)
    ids = {
        **_of_conversation(conversation),
        **_of_inboxes(inbox),
        **_of_failed_work(inbox, conversation),
        **_of_people(people, care),
        **_of_hours(care, inbox),
    }
    return Furnished(people, ids)


def client_of(person: Agent | None, **options: object) -> Client:
    """A browser; a person has just said again that it is them, so that allauth's inner pages open."""
    client = Client(**options)
    if person is not None:
        client.force_login(person)
        session = client.session
        session["role"] = person.role
        session["seen_at"] = int(now().timestamp())
        session["account_authentication_methods"] = [
            {"method": "password", "at": now().timestamp(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client


def tables_now() -> dict[str, str]:
    """Every table that reading must not change, and the hash of its rows."""
    hashes = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - MAY_CHANGE_BY_READING):
            cursor.execute(f'SELECT * FROM "{table}"')
            hashes[table] = hashlib.sha256("".join(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return hashes


def _agent(word: str, role: Role) -> Agent:
    return Agent.objects.create(
        email=f"{word}@quillfeather.example", name=f"{word.title()} Fenwick", role=role, password=_password()
    )


@cache
def _password() -> str:
    """One hash for all: making it is slow on purpose."""
    return make_password("lantern over the porch")


def _conversation(inbox: Inbox) -> Conversation:
    contact = Contact.objects.create(name="Odile Fenwick")
    return Conversation.objects.create(
        inbox=inbox, contact=contact, subject="Cracked tent pole", created_at=now(), last_at=now(),
        waiting_since=now(), standard=Conversation.FIRST, standard_due_at=now() + timedelta(hours=2),
    )  # fmt: skip


def _message(conversation: Conversation, **fields: object) -> Message:
    return Message.objects.create(conversation=conversation, inbox=conversation.inbox, at=now(), **fields)


def _of_conversation(conversation: Conversation) -> dict[str, dict[str, object]]:
    message = _message(conversation, direction="in", text="The main pole cracked.", html="<p>Cracked.</p>")
    stored = StoredFile.objects.create(
        name="pole.png", content_type="image/png", size=4, sha256="0" * 64, created_at=now()
    )
    path = path_of(stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG")
    Attachment.objects.create(file=stored, message=message)
    raw = RawMessage.objects.create(
        inbox=conversation.inbox, source_key="1", sha256="0" * 64, size=9, content=b"Subject: ", received_at=now(),
        state=RawMessage.READ, message_id=message.pk,
    )  # fmt: skip
    Message.objects.filter(pk=message.pk).update(raw_id=raw.pk)
    tag = Tag.objects.create(name="repair")
    tag.conversations.add(conversation)
    number: dict[str, object] = {"number": conversation.pk}
    names = (
        "conversation", "replies", "draft", "assignment", "closure", "closure-delete", "snooze", "tags", "spam",
        "spam-delete", "due-time", "release", "block", "block-delete", "forwarder", "forwarder-delete", "presence",
        "presence-delete", "mergers", "hint-delete", "move", "subject", "following", "following-delete",
    )  # fmt: skip
    return {
        **dict.fromkeys(names, number),
        "reply-undo": {**number, "message": message.pk},
        "forward": {**number, "message": message.pk},
        "split": {**number, "message": message.pk},
        **_of_regrouping(conversation),
        "draft-file": {**number, "key": uuid.uuid4(), "file": uuid.uuid4()},
        "tag-delete": {**number, "tag": tag.pk},
        "message-body": {"message": message.pk},
        "original": {"message": message.pk},
        "remote-images": {"message": message.pk},
        "remote-image": {"message": message.pk},
        "file": {"key": stored.pk},
    }


def _of_regrouping(conversation: Conversation) -> dict[str, dict[str, object]]:
    gone = Conversation.objects.create(
        inbox=conversation.inbox, contact=conversation.contact, subject="The pole, again", status=Conversation.MERGED,
        merged_into=conversation, created_at=now(), last_at=now(),
    )  # fmt: skip
    merge = Merge.objects.create(source=gone, target=conversation, at=now(), status=Conversation.OPEN)
    split = Split.objects.create(source=conversation, target=gone, at=now(), undone_at=now())
    number: dict[str, object] = {"number": conversation.pk}
    return {"merger-delete": {**number, "merge": merge.pk}, "split-delete": {**number, "split": split.pk}}


def _of_inboxes(inbox: Inbox) -> dict[str, dict[str, object]]:
    number: dict[str, object] = {"number": inbox.pk}
    names = ("inbox", "inbox-test", "inbox-off", "inbox-on", "inbox-sign-in", "inbox-trust", "channel-inbox", "hook")
    return dict.fromkeys(names, number) | {"channel-inbox-new": {"kind": "email"}}


def _of_failed_work(inbox: Inbox, conversation: Conversation) -> dict[str, dict[str, object]]:
    message = _message(conversation, direction="out", text="We send a new pole.", state=Message.FAILED)
    mail = OutboxMail.objects.create(
        message=message, inbox=inbox, content=b"", state=OutboxMail.FAILED, next_at=now(), created_at=now()
    )
    raw = RawMessage.objects.create(
        inbox=inbox, source_key="2", sha256="1" * 64, size=1, content=b"?", received_at=now(), state=RawMessage.FAILED
    )
    job = Job.objects.create(task="nothing", state=Job.DEAD, run_at=now(), enqueued_at=now(), error="It broke.")
    answers = AutomaticAnswers.objects.create(
        address="odile@fenwick.example", stopped_at=now(), conversation=conversation
    )
    return {
        "read-again": {"raw": raw.pk}, "send-again": {"mail": mail.pk}, "run-again": {"job": job.pk},
        "answer-again": {"answers": answers.pk},
    }  # fmt: skip


def _of_hours(team: Team, inbox: Inbox) -> dict[str, dict[str, object]]:
    """A team with hours and a standard of its own."""
    hours = WorkingHours.objects.create(team=team)
    off = DaysOff.objects.create(hours=hours, first_on=now().date(), last_on=now().date(), name="Stocktaking")
    target = AnswerTarget.objects.create(team=team)
    answer = ReadyAnswer.objects.create(inbox=inbox, occasion="received", words="Thank you.")
    of_answer = {"number": inbox.pk, "answer": answer.pk}
    return {
        **{key: {"number": team.pk} for key in ("team-hours", "team-hours-delete", "team-days-off")},
        **{key: {"number": off.pk} for key in ("days-off-delete", "days-off-work", "days-off-work-delete")},
        "special-standard-delete": {"number": target.pk},
        "ready-answers": {"number": inbox.pk},
        **{f"ready-answer{act}": of_answer for act in ("", "-on", "-off", "-delete")},
    }


def _of_people(people: dict[str, Agent], team: Team) -> dict[str, dict[str, object]]:
    invitation = Invitation.objects.create(
        email="jonas@quillfeather.example", role=Role.AGENT, token_hash=hash_of(TOKEN), invited_by=people["admin"],
        expires_at=now() + timedelta(hours=1),
    )  # fmt: skip
    session = UserSession.objects.create(
        user=people["agent"], ip="192.0.2.1", session_key=uuid.uuid4().hex, user_agent="Firefox/150 Linux"
    )
    for person in people.values():
        TOTP.activate(person, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        RecoveryCodes.activate(person)
    agent = people["agent"]
    person: dict[str, object] = {"number": agent.pk}
    passkey: dict[str, object] = {"pk": 1}
    return {
        "invitation": {"token": TOKEN},
        "invitation-delete": {"invitation": invitation.pk},
        "session-delete": {"session": session.pk},
        "reset": {"number": agent.pk, "token": default_token_generator.make_token(agent)},
        **dict.fromkeys(("agent", "deactivation", "deactivation-delete", "reset-link"), person),
        "team": {"number": team.pk},
        "team-inboxes": {"number": team.pk},
        **dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), passkey),
        "welcome": {"token": "not-the-token"},
    }
