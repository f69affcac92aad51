"""What holds for every channel: one contract, and each channel is put to it."""

from __future__ import annotations

import ctypes
import os
import signal
import uuid
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.tests.people import person, signed_in
from makegood.channels import outbox, reading
from makegood.channels.models import OutboxMail, RawMessage
from makegood.channels.parser.client import close_parser
from makegood.channels.parsers import READERS
from makegood.channels.reading import UNREADABLE
from makegood.channels.registry import CHANNELS
from makegood.channels.tests.factories import later
from makegood.channels.tests.wires import WIRES, Wire
from makegood.clock.now import now
from makegood.conversations.actions.noting import write_note
from makegood.conversations.errors import NoFilesHere, OneRecipientOnly
from makegood.conversations.models import Conversation, Message
from makegood.conversations.tests.factories import KOFI, ODILE, agent, answer
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.models import Inbox
from makegood.project.serving import ParserSocket

pytestmark = pytest.mark.django_db(transaction=True)
INSTALLED = frozenset(READERS)
PR_SET_PDEATHSIG = 1


@pytest.fixture(params=sorted(WIRES))
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    with WIRES[request.param]() as wire:
        yield wire


@pytest.fixture
def _parser(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For a channel of these tests forked, and forked anew when it ends, as `serve` does: so it knows its reader."""
    if wire.inbox.channel in INSTALLED:
        yield
        close_parser()
        return
    monkeypatch.setenv("MAKEGOOD_PARSER", "")
    close_parser()
    listening = ParserSocket()
    pid = os.fork()
    if pid == 0:
        _fork_again_and_again(listening)
    yield
    close_parser()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    listening.remove()


def _fork_again_and_again(listening: ParserSocket) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    while True:
        if child := os.fork():
            os.waitpid(child, 0)
            continue
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            listening.serve()
        finally:
            os._exit(1)


def read() -> list[Message]:
    reading.read_new()
    return list(Message.objects.filter(direction=Message.IN).order_by("id"))


def told(name: str) -> int:
    return LoggedEvent.objects.filter(name=name).count()


def on_its_way(wire: Wire, text: str = "A new pole is on its way.") -> OutboxMail:
    """A reply of ours to a conversation, ready to leave."""
    wire.comes("one", "The pole cracked.")
    (message,) = read()
    written = answer(message.conversation, text)
    Message.objects.filter(pk=written.pk).update(send_at=now())
    outbox.queue_due()
    return OutboxMail.objects.get(message=written)


def state_of(mail: OutboxMail) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.state, Message.objects.get(pk=mail.message_id).state


def test_every_channel_has_its_two_lines_and_a_wire_in_this_test(wire: Wire) -> None:
    kind = wire.inbox.channel

    assert (CHANNELS[kind].kind, kind in READERS) == (kind, True)
    assert set(CHANNELS) <= set(WIRES)
    assert wire.inbox.can == CHANNELS[kind].can


@pytest.mark.usefixtures("_parser")
def test_a_message_comes_in_and_a_conversation_stands(wire: Wire) -> None:
    wire.comes("one", "The pole cracked.")
    (message,) = read()

    assert (message.text.strip(), message.from_name, message.from_email) == (
        "The pole cracked.",
        ODILE.name,
        ODILE.email,
    )
    assert (message.conversation.inbox_id, message.conversation.status) == (wire.inbox.pk, Conversation.OPEN)
    assert told("message.received") == 1


@pytest.mark.usefixtures("_parser")
def test_the_same_message_twice_is_one(wire: Wire) -> None:
    wire.comes("one", "The pole cracked.")
    wire.comes("one", "The pole cracked.")
    first = read()
    wire.comes("one", "The pole cracked.")

    assert (len(first), len(read()), RawMessage.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("_parser")
def test_what_cannot_be_read_is_shown_and_delays_nobody(wire: Wire) -> None:
    wire.comes("one", "The pole cracked.")
    wire.comes_hostile()
    wire.comes("two", "Where is my label?")
    messages = read()

    assert [message.text.strip() for message in messages] == ["The pole cracked.", UNREADABLE, "Where is my label?"]
    assert messages[1].conversation.status == Conversation.OPEN
    assert list(RawMessage.objects.order_by("id").values_list("state", flat=True)) == ["read", "failed", "read"]


@pytest.mark.usefixtures("_parser")
def test_a_reply_goes_out_once_with_a_receipt(wire: Wire) -> None:
    mail = on_its_way(wire)

    assert (outbox.send_due(), outbox.send_due()) == (1, 0)

    (left,) = wire.left()
    assert b"A new pole is on its way." in left
    assert state_of(mail) == (OutboxMail.SENT, Message.SENT)
    assert dict(mail.message.deliveries.values_list("recipient", "state")) == {ODILE.email: "sent"}
    assert (mail.tries.get().outcome, told("reply.sent")) == ("sent", 1)


@pytest.mark.usefixtures("_parser")
def test_a_refusal_for_good_is_told_and_not_tried_again(wire: Wire) -> None:
    mail = on_its_way(wire)
    wire.refuses(permanent=True)

    assert (outbox.send_due(), outbox.send_due()) == (1, 0)

    assert (state_of(mail), wire.left()) == ((OutboxMail.FAILED, Message.FAILED), [])
    assert told("reply.failed") == 1


@pytest.mark.usefixtures("_parser")
def test_a_refusal_for_now_is_tried_again_later_with_the_same_bytes(wire: Wire) -> None:
    mail = on_its_way(wire)
    before = bytes(mail.content or b"")
    wire.refuses(permanent=False)

    outbox.send_due()
    assert (state_of(mail), wire.left()) == ((OutboxMail.DELAYED, Message.DELAYED), [])

    assert bytes(later(mail, hours=2).content or b"") == before
    assert outbox.send_due() == 1


@pytest.mark.usefixtures("_parser")
def test_nothing_of_a_note_goes_out(wire: Wire) -> None:
    wire.comes("one", "The pole cracked.")
    (message,) = read()
    write_note(message.conversation, "Heliotrope: she is difficult.", key=uuid.uuid4(), by=agent())
    written = answer(message.conversation, "On its way.")
    Message.objects.filter(pk=written.pk).update(send_at=now())
    outbox.queue_due()
    outbox.send_due()

    (left,) = wire.left()
    assert b"On its way." in left
    assert b"eliotrope" not in left


@pytest.mark.usefixtures("_parser")
def test_what_a_channel_cannot_carry_is_refused_and_not_offered(wire: Wire) -> None:
    wire.comes("one", "The pole cracked.")
    (message,) = read()
    can, talk = wire.inbox.can, message.conversation
    admin = person(role="admin")
    page = signed_in(admin).get(f"/conversations/{talk.pk}").content.decode()

    assert ('name="cc"' in page) == can.several_recipients
    assert ('class="btn quiet sm as-note" title="Attach files"' in page) != can.attachments
    if can.several_recipients:
        assert answer(talk, "To both.", to=[ODILE, KOFI]).to == [[ODILE.name, ODILE.email], [KOFI.name, KOFI.email]]
    else:
        with pytest.raises(OneRecipientOnly):
            answer(talk, "To both.", to=[ODILE, KOFI])
    assert bool(answer(talk, "To one.").subject) == can.subject


def test_a_new_letter_is_offered_what_its_inbox_can_and_shown_how_it_is_signed(wire: Wire) -> None:
    can, admin = wire.inbox.can, person(role="admin", signature="Marisol")
    Inbox.objects.filter(pk=wire.inbox.pk).update(signature="The <b>shop</b>")
    page = LexborHTMLParser(signed_in(admin).get("/conversations/new").content)

    def is_shown(words: str) -> bool:
        (part,) = [node for node in page.css("[data-from]") if words in (node.html or "")]
        return "hidden" not in part.attributes

    assert is_shown('name="cc"') == can.several_recipients
    assert is_shown('name="uploads"') == can.attachments
    assert is_shown("sends no subjects") != can.subject
    assert is_shown("Marisol<br>The &lt;b&gt;shop&lt;/b&gt;")


def test_a_new_letter_that_its_channel_cannot_carry_is_refused_with_a_sentence_and_nothing_is_lost(wire: Wire) -> None:
    given = {
        "inbox": wire.inbox.pk, "to": ODILE.email, "cc": KOFI.email, "subject": "The plan", "text": "Kept words.",
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    answered = signed_in(person(role="admin")).post("/conversations/new", given)

    if wire.inbox.can.several_recipients:
        assert answered.status_code == 302
        return
    page = answered.content.decode()
    assert (answered.status_code, Message.objects.count()) == (422, 0)
    assert str(OneRecipientOnly()) in page
    assert "Kept words." in page and f'value="{KOFI.email}"' in page


@pytest.mark.usefixtures("_parser")
def test_files_leave_or_are_refused_with_a_sentence_and_nothing_is_lost(wire: Wire) -> None:
    wire.comes("one", "The pole cracked.")
    (message,) = read()
    key = str(uuid.uuid4())
    answered = signed_in(person(role="admin")).post(
        f"/conversations/{message.conversation_id}/replies",
        {
            "key": key, "mode": "reply", "text": "The plan.", "to": ODILE.email,
            "uploads": SimpleUploadedFile("plan.txt", b"A plan."),
        },
    )  # fmt: skip

    if wire.inbox.can.attachments:
        assert answered.status_code == 302
        return
    page = answered.content.decode()
    assert answered.status_code == 422
    assert str(NoFilesHere()) in page
    assert "plan.txt" in page
    assert "The plan." in page


def test_its_inbox_stands_in_the_list_with_a_way_to_its_settings_and_to_another(wire: Wire) -> None:
    channel = CHANNELS[wire.inbox.channel]
    admin = signed_in(person(role="admin"))
    page = admin.get("/settings/inboxes").content.decode()

    for url in (channel.settings_url(wire.inbox), channel.settings_url(None)):
        assert f'href="{url}"' in page
        assert admin.get(url).status_code == 200


def test_an_inbox_is_switched_off_and_on_and_then_listened_to_again(wire: Wire) -> None:
    admin = signed_in(person(role="admin"))

    went = admin.post(f"/settings/inboxes/{wire.inbox.pk}/switch-off")
    wire.inbox.refresh_from_db()

    assert (went.status_code, wire.inbox.is_active) == (302, False)
    assert admin.get(went.headers["Location"]).status_code == 200
    assert [source.inbox for source in CHANNELS[wire.inbox.channel].sources()] == []


def test_nothing_is_taken_from_a_hook_without_its_signature(wire: Wire) -> None:
    posted = Client().post(
        f"/hooks/{wire.inbox.pk}", b"[]", content_type="application/json", headers={"X-Signature": "made up"}
    )

    assert (posted.status_code, RawMessage.objects.count()) == (403, 0)
