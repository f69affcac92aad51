"""What a request names must be something the person may see or use: else 404 or 422, and nothing changes."""

from __future__ import annotations

import importlib
import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.apps import apps
from django.urls import get_resolver, reverse

from makegood.agents.models import DaysOff, WorkingHours
from makegood.channels.models import OutboxMail, RawMessage
from makegood.clock.now import now
from makegood.contacts.models import Contact
from makegood.conversations.models import Attachment, AutomaticAnswers, Conversation, Draft, Merge, Message, Split, Tag
from makegood.files.models import StoredFile
from makegood.inboxes.models import Inbox
from tests.journeys.furnished import Furnished, client_of, furnish, tables_now
from tests.journeys.routes import patterns

pytestmark = pytest.mark.django_db(transaction=True)

# Who asks, for which address, and what stands in the place of what they may use. Everything named belongs to the
# workshop or its agent ("other"), and who asks belongs to the team of care; what an administrator may see is all
# there is, so they ask for what does not exist.
TABLE = """
    agent  conversation       number      conversation
    agent  due-time           number      conversation
    agent  replies            number      conversation
    agent  reply-undo         number      conversation
    agent  reply-undo         message     message
    agent  forward            number      conversation
    agent  forward            message     message
    agent  draft-file         number      conversation
    agent  draft-file         key         draft
    agent  draft-file         file        file
    agent  draft              number      conversation
    agent  presence           number      conversation
    agent  presence-delete    number      conversation
    agent  assignment         number      conversation
    agent  closure            number      conversation
    agent  closure-delete     number      conversation
    agent  snooze             number      conversation
    agent  tags               number      conversation
    agent  tag-delete         number      conversation
    agent  tag-delete         tag         tag
    agent  spam               number      conversation
    agent  spam-delete        number      conversation
    agent  release            number      conversation
    agent  mergers            number      conversation
    agent  mergers            into        conversation
    agent  merger-delete      number      conversation
    agent  merger-delete      merge       merge
    agent  split              number      conversation
    agent  split              message     message
    agent  split-delete       number      conversation
    agent  split-delete       split       split
    agent  hint-delete        number      conversation
    agent  move               number      conversation
    agent  move               inbox       inbox
    agent  subject            number      conversation
    agent  following          number      conversation
    agent  following-delete   number      conversation
    agent  block              number      conversation
    agent  block-delete       number      conversation
    agent  forwarder          number      conversation
    agent  forwarder-delete   number      conversation
    agent  message-body       message     message
    agent  original           message     message
    agent  remote-images      message     message
    agent  remote-image       message     message
    agent  file               key         file
    agent  file               key         file-handed-on
    lead   read-again         raw         raw
    lead   send-again         mail        mail
    lead   answer-again       answers     answers
    agent  mfa_edit_webauthn    pk        passkey
    agent  mfa_remove_webauthn  pk        passkey
    agent  session-delete     session     session
    admin  invitation-delete  invitation  nothing
    admin  agent              number      nothing
    admin  deactivation       number      nothing
    admin  deactivation-delete  number    nothing
    admin  reset-link         number      nothing
    lead   team               number      team
    lead   team-inboxes       number      team
    lead   team-hours         number      team
    lead   team-hours         hands_to    gone
    lead   team-hours-delete  number      team
    lead   team-days-off      number      team
    lead   days-off-delete    number      days-off
    lead   days-off-work      number      days-off
    lead   days-off-work-delete  number   days-off
    admin  special-standard-delete  number  nothing
    admin  special-standards  inbox       nothing
    admin  special-standards  team        nothing
    admin  inbox              number      nothing
    admin  channel-inbox      number      nothing
    admin  ready-answers      number      nothing
    admin  ready-answer       number      nothing
    admin  ready-answer       answer      nothing
    admin  ready-answer-on    number      nothing
    admin  ready-answer-on    answer      nothing
    admin  ready-answer-off   number      nothing
    admin  ready-answer-off   answer      nothing
    admin  ready-answer-delete  number    nothing
    admin  ready-answer-delete  answer    nothing
    admin  inbox-test         number      nothing
    admin  inbox-trust        number      nothing
    admin  inbox-off          number      nothing
    admin  inbox-on           number      nothing
    admin  inbox-sign-in      number      nothing
    agent  assignment         agent       colleague
    agent  assignment         team        team
    agent  replies            key         draft
    agent  replies            key         letter
    agent  draft              key         draft
    agent  draft              key         letter
    agent  conversation-new   inbox       inbox
    agent  conversation-new   origin      conversation
    agent  conversation-new   key         draft
    agent  conversation-new   key         letter
    agent  conversation-new   key         handed-on
    agent  replies            key         handed-on
    agent  draft              key         handed-on
    lead   team-inboxes       inboxes     inbox
    lead   team               members     gone
    admin  invitations        teams       nothing
    admin  agent              teams       nothing
    admin  inbox              teams       nothing
    admin  inbox              team        team
"""
CASES = [tuple(line.split()) for line in TABLE.strip().splitlines()]
# Where a form of ours is answered.
ANSWERED_AT = {
    "AssignForm": "assignment", "WritingForm": "replies", "DraftForm": "draft",
    "NewConversationForm": "conversation-new", "InviteForm": "invitations", "AgentForm": "agent",
    "MergeForm": "mergers", "MoveForm": "move",
    "TeamForm": "team", "SpecialTargetForm": "special-standards", "HoursForm": "team-hours",
    "GrantsForm": "team-inboxes", "InboxForm": "inbox",
}  # fmt: skip
NO_OBJECT = {
    ("invitation", "token"), ("reset", "token"), ("reset", "number"), ("welcome", "token"),  # secrets: who has it may
    ("run-again", "job"),  # dead jobs belong to no inbox: who may try again may try each
    ("hook", "number"),  # whoever posts there is known by a signature: channels/tests/test_contract.py
    ("channel-inbox-new", "kind"),  # the name of a kind of channel
    # What others derive from, and channels to come: channels/tests/test_another_channel.py.
    *((form, name) for form in ("AccessForm", "SettingsForm", "FakeForm") for name in ("team", "teams")),
}  # fmt: skip
TYPED = {"text": "A pole is on its way.", "to": "odile@fenwick.example"}


@pytest.fixture
def house() -> Furnished:
    return furnish()


@pytest.fixture
def theirs(house: Furnished) -> dict[str, object]:
    """One of everything that belongs to the workshop, by the word that the table has for it."""
    other = house.people["other"]
    inbox = Inbox.objects.get(name="Workshop")
    conversation = Conversation.objects.create(
        inbox=inbox, contact=Contact.objects.create(name="Tobias Reed"), created_at=now(), last_at=now()
    )
    message = Message.objects.create(
        conversation=conversation, inbox=inbox, direction="out", agent=other, at=now(), state=Message.WAITING
    )
    file = StoredFile.objects.create(name="a", content_type="a/b", size=1, sha256="0" * 64, created_at=now())
    Attachment.objects.create(message=message, file=file)
    tag = Tag.objects.create(name="secret")
    tag.conversations.add(conversation)
    raw = RawMessage.objects.create(
        inbox=inbox, source_key="1", sha256="2" * 64, size=1, content=b"?", received_at=now(), state=RawMessage.FAILED
    )
    mail = OutboxMail.objects.create(
        message=message, inbox=inbox, state=OutboxMail.FAILED, next_at=now(), created_at=now()
    )
    answers = AutomaticAnswers.objects.create(address="t@reed.example", stopped_at=now(), conversation=conversation)
    gone = house.people["light"]
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    passkey = Authenticator.objects.create(user=other, type="webauthn", data={"name": "x", "credential": {}})
    session = UserSession.objects.create(user=other, ip="192.0.2.1", session_key=uuid.uuid4().hex, user_agent="x")
    draft = Draft.objects.create(agent=other, conversation=conversation, inbox=inbox, text="Not yours.")
    handed_on = Draft.objects.create(agent=house.people["agent"], origin=conversation, inbox=inbox)  # saw it once
    copy = StoredFile.objects.create(name="b", content_type="a/b", size=1, sha256="0" * 64, created_at=now())
    Attachment.objects.create(draft=handed_on, file=copy)
    hours = WorkingHours.objects.create(team=inbox.teams.get())
    off = DaysOff.objects.create(hours=hours, first_on=now().date(), last_on=now().date(), name="Moving")
    merge = Merge.objects.create(source=_gone(conversation), target=conversation, at=now(), status=Conversation.OPEN)
    split = Split.objects.create(source=conversation, target=_gone(conversation), at=now())
    rows = {
        "merge": merge, "split": split,
        "handed-on": handed_on, "file-handed-on": copy,
        "conversation": conversation, "message": message, "file": file, "draft": draft, "tag": tag, "raw": raw,
        "mail": mail, "answers": answers, "passkey": passkey, "session": session, "team": inbox.teams.get(),
        "inbox": inbox, "colleague": other, "gone": gone, "days-off": off,
    }  # fmt: skip
    return {word: row.pk for word, row in rows.items()} | {"letter": message.key, "nothing": 999_999}


def _gone(into: Conversation) -> Conversation:
    return Conversation.objects.create(
        inbox=into.inbox, contact=into.contact, status=Conversation.MERGED, merged_into=into, created_at=now(),
        last_at=now(),
    )  # fmt: skip


def _valid(house: Furnished, address: str) -> dict[str, object]:
    """What this address would take from who asks, apart from the one thing."""
    care = Inbox.objects.get(name="Care")
    inbox = {
        "way": "forward", "address": care.address, "name": "Care", "access": "teams",
        "teams": care.teams.get().pk, "smtp_host": "mail.example", "smtp_port": 25, "smtp_security": "none",
    }  # fmt: skip
    return {
        "assignment": {"agent": house.people["agent"].pk},
        "replies": {"mode": "note", "key": uuid.uuid4(), **TYPED},
        "draft": {"mode": "reply", "key": uuid.uuid4(), **TYPED},
        "conversation-new": {"inbox": care.pk, "subject": "A pole", "key": uuid.uuid4(), **TYPED},
        "invitations": {"email": "ines@quillfeather.example", "role": "agent"},
        "agent": {"role": "agent"},
        "team": {"name": "Care"},
        "inbox": inbox,
        "ready-answers": {"occasion": "received", "language": "", "words": "Thank you."},
        "ready-answer": {"words": "Thank you."},
        "special-standards": {"team": care.teams.get().pk, "first": "2h", "following": "4h"},
        "team-hours": {"timezone": "UTC", "day_0": "9-17"},
        "team-days-off": {"name": "Moving", "first_on": "2026-12-01"},
        "tags": {"name": "urgent"},
        "mergers": {"into": _another_of(care).pk},
        "move": {"inbox": _another_inbox_of(care).pk},
        "subject": {"subject": "A pole"},
        "snooze": {"until": "week"},
    }.get(address, {})


def _another_of(care: Inbox) -> Conversation:
    tobias = Contact.objects.get_or_create(name="Tobias Reed")[0]
    return Conversation.objects.create(inbox=care, contact=tobias, created_at=now(), last_at=now())


def _another_inbox_of(care: Inbox) -> Inbox:
    another = Inbox.objects.create(name="Returns", address="returns@quillfeather.example", is_open_to_all=False)
    another.teams.set(care.teams.all())
    return another


def _own(house: Furnished, address: str) -> dict[str, object]:
    """The parts of the address, where they name things that exist for who asks: a draft of theirs with a file."""
    own = dict(house.arguments.get(address, {}))
    if address == "draft-file":
        draft = Draft.objects.create(agent=house.people["agent"], conversation_id=own["number"], text="Mine.")
        file = StoredFile.objects.create(name="b", content_type="a/b", size=1, sha256="0" * 64, created_at=now())
        Attachment.objects.create(draft=draft, file=file)
        own |= {"key": draft.pk, "file": file.pk}
    return own


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_what_is_not_theirs_to_use_is_not_found_or_refused_and_nothing_changes(
    case: tuple[str, ...], house: Furnished, theirs: dict[str, object]
) -> None:
    role, address, part, thing = case
    parts, fields = _own(house, address), _valid(house, address)
    (parts if part in parts else fields)[part] = theirs[thing]
    client, url = client_of(house.people[role]), reverse(address, kwargs=parts)
    before = tables_now()

    answer = client.post(url, fields)
    if answer.status_code == 405:
        answer = client.get(url)

    assert answer.status_code in {404, 422}
    assert tables_now() == before


@pytest.mark.parametrize("address", sorted(ANSWERED_AT.values()))
def test_the_same_request_with_what_is_theirs_is_taken(address: str, house: Furnished) -> None:
    """So that a case above fails for the one thing, and not for a slip in the rest."""
    role = next(case[0] for case in CASES if case[1] == address)
    client, url = client_of(house.people[role]), reverse(address, kwargs=house.arguments.get(address))

    assert client.post(url, _valid(house, address)).status_code in {200, 204, 302}


def test_every_id_in_an_address_or_a_form_stands_in_the_table() -> None:
    in_addresses = {
        (pattern.name, part)
        for pattern in patterns(get_resolver())
        for part in pattern.pattern.converters
        if pattern.name not in {"mfa_index", "mfa_list_webauthn"}
    }
    for app in apps.get_app_configs():
        if app.name.startswith("makegood.") and importlib.util.find_spec(f"{app.name}.forms"):
            importlib.import_module(f"{app.name}.forms")
    in_forms = {
        (ANSWERED_AT.get(form.__name__, form.__name__), name)
        for form in _forms(forms.Form)
        if form.__module__.startswith("makegood.")
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ModelChoiceField | forms.UUIDField)
    }

    assert (in_addresses | in_forms) - NO_OBJECT == {(address, part) for _, address, part, _ in CASES}


def _forms(form: type[forms.Form]) -> list[type[forms.Form]]:
    return [kind for child in form.__subclasses__() for kind in (child, *_forms(child))]
