"""Letters that could not leave are tried at once when the way out has been mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.counterparts.ports import free_port
from tests.counterparts.sink import Sink, sink

from makegood.agents.models import Role
from makegood.channels import outbox
from makegood.channels.actions.connecting import change_inbox
from makegood.channels.email.actions.testing import keep_test
from makegood.channels.email.probing import DONE, FAILED, NAMES, OUT, Step
from makegood.channels.models import OutboxMail
from makegood.channels.tests.factories import fresh, queued, wired
from makegood.channels.wanted import Wanted
from makegood.clock.now import now
from makegood.conversations.tests.factories import agent, inbox
from makegood.eventlog.events import SYSTEM
from makegood.inboxes.models import Inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside() -> Iterator[Sink]:
    with sink() as server:
        yield server


@pytest.fixture
def delayed() -> OutboxMail:
    """A letter that found no server, and waits a minute."""
    mail = queued(wired(free_port()))
    outbox.send_due()
    mail = fresh(mail)
    assert (mail.state, mail.next_at > now()) == (OutboxMail.DELAYED, True)
    return mail


def steps(broken: str = "") -> list[Step]:
    return [Step(name, FAILED if broken else DONE, broken=(broken,) if broken else ()) for name in NAMES]


def save(care: Inbox, port: int) -> None:
    smtp = {"host": "127.0.0.1", "port": port, "security": "none"}
    change_inbox(care, Wanted({"settings": {"smtp": smtp}}, {}, True, []), by=agent(role=Role.ADMIN))


def test_saved_settings_make_waiting_letters_leave_at_once(delayed: OutboxMail, outside: Sink) -> None:
    content = bytes(delayed.content or b"")

    save(Inbox.objects.get(), outside.port)
    outbox.send_due()

    assert fresh(delayed).state == OutboxMail.SENT
    assert [mail.content for mail in outside.caught] == [content]


def test_a_passed_test_makes_them_due(delayed: OutboxMail) -> None:
    keep_test(delayed.inbox, steps(), seconds=1, by=SYSTEM)

    assert fresh(delayed).next_at <= now()


def test_a_test_that_found_the_way_out_broken_does_not(delayed: OutboxMail) -> None:
    keep_test(delayed.inbox, steps(broken=OUT), seconds=1, by=SYSTEM)

    assert fresh(delayed).next_at > now()


def test_uncertain_letters_and_those_of_other_inboxes_wait_on(delayed: OutboxMail, outside: Sink) -> None:
    later = now() + timedelta(minutes=9)
    OutboxMail.objects.update(state=OutboxMail.UNCERTAIN, next_at=later)
    save(Inbox.objects.get(), outside.port)
    assert fresh(delayed).next_at == later

    OutboxMail.objects.update(state=OutboxMail.DELAYED)
    save(inbox("returns@quillfeather.example", "Returns"), outside.port)
    assert fresh(delayed).next_at == later
