"""What comes between a look and IDLE is not slept through: Dovecot tells it in the breath in which IDLE begins."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.counterparts.dovecot import PASSWORD, USER, Dovecot, dovecot

from makegood.channels.email.connecting import Security, Server
from makegood.channels.email.imap import Folder
from makegood.channels.email.tests.certificates import Authority
from makegood.channels.tests.factories import mail

pytestmark = pytest.mark.server
PATIENCE = 6.0  # seconds of a wait; what is told at once ends it long before


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def mailbox(authority: Authority) -> Iterator[Dovecot]:
    with dovecot(authority.certificate()) as server:
        yield server


@pytest.fixture(params=list(Security))
def folder(
    request: pytest.FixtureRequest, authority: Authority, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Folder]:
    """Looked into a moment ago."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    port = mailbox.imaps_port if request.param == Security.TLS else mailbox.imap_port
    with Folder(Server("localhost", port, request.param, USER, PASSWORD), "INBOX") as opened:
        opened.state()
        yield opened


def waited(folder: Folder) -> tuple[bool, bool]:
    """Whether it was told of something, and whether that was at once."""
    begun = time.monotonic()
    told = folder.wait(PATIENCE)
    return told, time.monotonic() - begun < PATIENCE / 2


def test_a_letter_that_came_since_the_look_is_told_as_idle_begins(folder: Folder, mailbox: Dovecot) -> None:
    mailbox.deliver(mail(str(time.monotonic())))

    assert waited(folder) == (True, True)


def test_a_letter_that_was_told_with_another_answer_counts(folder: Folder, mailbox: Dovecot) -> None:
    mailbox.deliver(mail(str(time.monotonic())))
    folder._open.client.noop()

    assert waited(folder) == (True, True)


def test_what_the_look_has_counted_already_is_not_told_again_at_once(folder: Folder, mailbox: Dovecot) -> None:
    mailbox.deliver(mail(str(time.monotonic())))
    folder._open.client.noop()
    folder.state()

    _told, is_at_once = waited(folder)
    assert not is_at_once  # a server may tell of something else meanwhile
