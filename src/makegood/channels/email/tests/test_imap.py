"""Mail from a real IMAP server: marks instead of flags, nothing missed, nothing doubled, nothing changed there."""

from __future__ import annotations

import imaplib
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.counterparts.dovecot import USER, Dovecot, dovecot
from tests.counterparts.ports import free_port

from makegood.channels import reading
from makegood.channels.email import fetching
from makegood.channels.email.connecting import ImapSettings, Security, Server, from_url
from makegood.channels.email.fetching import Watched
from makegood.channels.email.imap import Folder
from makegood.channels.email.listening import watched_folders
from makegood.channels.email.tests.servers import talking
from makegood.channels.errors import SourceFailed
from makegood.channels.models import FolderMark, RawMessage
from makegood.channels.parser.client import close_parser
from makegood.channels.tests.factories import mail, take_all
from makegood.clock.now import now
from makegood.conversations.models import Conversation, Message
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import at_once, on_postgres
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import seal

pytestmark = [pytest.mark.server, pytest.mark.django_db]


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server
    close_parser()


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """With empty folders."""
    with running.client() as client:
        for folder in ("INBOX", "Sent"):
            if client.select(folder)[1] != [b"0"]:
                client.store("1:*", "+FLAGS", "\\Deleted")
                client.expunge()
    return running


@pytest.fixture
def care(server: Dovecot) -> Inbox:
    return connected(server)


def connected(server: Dovecot, **imap: object) -> Inbox:
    kept, password = from_url(server.imap_url)
    inbox = Inbox(name="Care", address=USER, settings={"imap": kept | imap})
    seal(inbox, {"imap_password": password})
    inbox.save()
    return inbox


def watched(inbox: Inbox, folder: str = "INBOX") -> Watched:
    return next(one for one in watched_folders() if (one.inbox.pk, one.folder) == (inbox.pk, folder))


def look(inbox: Inbox, folder: str = "INBOX", poller: str = "me", *, history: bool = True) -> int:
    """One look as a listener takes it; says how many raw messages there are now."""
    one = watched(inbox, folder)
    with Folder(one.settings.server, folder) as opened:
        mark = fetching.lease(one, poller)
        assert mark is not None
        take_all(fetching.fetch_new(one, opened, mark))
        while history and take_all(fetching.fetch_history(one, opened, mark))[1]:
            pass
    return RawMessage.objects.count()


def texts() -> list[str]:
    reading.read_new()
    return [text.strip() for text in Message.objects.order_by("id").values_list("text", flat=True)]


def put(server: Dovecot, content: bytes, days_ago: float = 0, folder: str = "INBOX") -> None:
    """As another program copies mail into a folder, with the date it keeps."""
    with server.client() as client:
        client.append(folder, "", imaplib.Time2Internaldate(time.time() - days_ago * 86400), content)


def test_what_is_above_the_mark_is_new_whoever_has_read_it(server: Dovecot, care: Inbox) -> None:
    look(care)
    server.deliver(mail("one"))
    server.deliver(mail("two"))
    with server.client() as client:
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "\\Seen")

    assert look(care) == 2
    assert look(care) == 2
    assert texts() == ["one", "two"]


def test_nothing_is_changed_on_the_server(server: Dovecot, care: Inbox) -> None:
    look(care)
    server.deliver(mail("one"))
    look(care)

    with server.client() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "UNSEEN")[1] == [client.search(None, "ALL")[1][0]]


def test_from_now_on_means_that_old_mail_stays_where_it_is(server: Dovecot, care: Inbox) -> None:
    put(server, mail("old"), days_ago=10)
    put(server, mail("older"), days_ago=400)

    assert look(care) == 0

    server.deliver(mail("new"))
    assert look(care) == 1
    assert texts() == ["new"]


def test_mail_that_comes_between_the_first_try_and_the_first_look_comes_in(server: Dovecot, care: Inbox) -> None:
    put(server, mail("old"), days_ago=1)
    fetching.lease(watched(care), "with a wrong password")
    fetching.release("with a wrong password")
    server.deliver(mail("while the password was wrong"))

    assert look(care) == 1
    assert texts() == ["while the password was wrong"]
    assert Conversation.objects.get().status == "open"


def test_mail_that_comes_in_the_very_second_of_the_first_look_is_new(server: Dovecot, care: Inbox) -> None:
    look(care)
    for number in range(3):
        server.deliver(mail(f"at once {number}"))

    assert look(care) == 3


def test_mail_of_a_server_whose_clock_is_slow_is_new(server: Dovecot, care: Inbox) -> None:
    look(care)
    put(server, mail("from five minutes ago, it says"), days_ago=5 / 1440)

    assert look(care) == 1


def test_mail_that_somebody_moves_into_the_folder_comes_in(server: Dovecot, care: Inbox) -> None:
    look(care)
    put(server, mail("out of the spam folder"), days_ago=30)

    assert look(care) == 1
    assert texts() == ["out of the spam folder"]


@pytest.mark.parametrize(("start", "count"), [("now", 0), ("90days", 1), ("all", 2)])
def test_as_much_old_mail_comes_in_as_was_asked_for(server: Dovecot, start: str, count: int) -> None:
    put(server, mail("ten days"), days_ago=10)
    put(server, mail("four hundred days"), days_ago=400)

    assert look(connected(server, start=start)) == count


def test_old_mail_is_closed_and_starts_nothing(server: Dovecot) -> None:
    put(server, mail("old", "Date: Mon, 03 Mar 2025 10:00:00 +0000"), days_ago=10)

    look(connected(server, start="all"))
    texts()

    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("closed", None)
    assert LoggedEvent.objects.get(name="message.received").data["is_history"] is True


def test_history_is_taken_up_where_it_was_stopped(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "HISTORY_AT_ONCE", 3)
    for number in range(8):
        put(server, mail(f"old {number}"), days_ago=10)
    inbox = connected(server, start="all")
    one = watched(inbox)

    counts = []
    for _ in range(4):  # each with a connection of its own, as after a stop
        with Folder(one.settings.server, "INBOX") as folder:
            mark = fetching.lease(one, "me")
            assert mark is not None
            take_all(fetching.fetch_new(one, folder, mark))
            take_all(fetching.fetch_history(one, folder, mark))
        counts.append(RawMessage.objects.count())

    assert counts == [3, 6, 8, 8]


def test_new_mail_comes_between_the_old(server: Dovecot) -> None:
    put(server, mail("old"), days_ago=10)
    inbox = connected(server, start="all")
    look(inbox, history=False)
    server.deliver(mail("new"))

    look(inbox)
    texts()

    states = Message.objects.values_list("text", "conversation__status")
    assert {text.strip(): status for text, status in states} == {"old": "closed", "new": "open"}


def test_a_folder_that_was_rebuilt_is_read_again_and_doubles_nothing(server: Dovecot, care: Inbox) -> None:
    look(care)
    server.deliver(mail("one"))
    look(care)
    texts()
    before = FolderMark.objects.get().uidvalidity
    time.sleep(1.1)  # UIDVALIDITY is a time in seconds
    _rebuild(server)
    server.deliver(mail("two"))

    look(care)

    assert FolderMark.objects.get().uidvalidity != before
    assert texts() == ["one", "two"]
    assert set(Conversation.objects.values_list("status", flat=True)) == {"open"}


def test_mail_that_came_while_nobody_looked_for_ten_days_comes_in(server: Dovecot, care: Inbox) -> None:
    look(care)
    FolderMark.objects.update(
        began_at=now() - timedelta(days=20), since=now() - timedelta(days=20), polled_at=now() - timedelta(days=10)
    )
    put(server, mail("nine days ago"), days_ago=9)

    assert look(care) == 1
    texts()
    assert Conversation.objects.get().status == "open"


def test_one_poller_has_the_folder_until_it_lets_go(care: Inbox) -> None:
    one = watched(care)

    assert fetching.lease(one, "first") is not None
    assert fetching.lease(one, "second") is None
    assert fetching.lease(one, "first") is not None
    fetching.release("first")
    assert fetching.lease(one, "second") is not None


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_pollers_at_once_one_has_the_folder(server: Dovecot) -> None:
    one = watched(connected(server))

    results = at_once(*[lambda n=n: fetching.lease(one, f"poller {n}") for n in range(6)])

    assert sum(result is not None for result in results) == 1


def test_a_message_that_vanishes_between_search_and_fetch_is_passed_over(server: Dovecot, care: Inbox) -> None:
    look(care)
    for text in ("one", "two"):
        server.deliver(mail(text))
    one = watched(care)
    mark = fetching.lease(one, "me")
    assert mark is not None

    with Folder(one.settings.server, "INBOX") as folder:
        uids = folder.uids(above=mark.uid)
        with server.client() as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()
        assert list(folder.fetch(uids)) == []
        assert take_all(fetching.fetch_new(one, folder, mark))[0] == 0


def test_the_sent_folder_is_read_as_ours(server: Dovecot) -> None:
    inbox = connected(server, sent_folder="Sent")
    look(inbox, "Sent")
    with server.client() as client:
        client.append("Sent", "\\Seen", "", mail("from elsewhere", sender=USER))

    look(inbox, "Sent")
    texts()

    assert Message.objects.get().direction == "out"


def test_another_folder_can_be_watched(server: Dovecot) -> None:
    with server.client() as client:
        client.create('"Shop orders"')
    inbox = connected(server, folders=["INBOX", "Shop orders"])
    look(inbox, "Shop orders")
    put(server, mail("an order"), folder='"Shop orders"')

    assert look(inbox, "Shop orders") == 1


def test_in_trial_mode_nothing_is_marked_as_read(server: Dovecot) -> None:
    inbox = connected(server, mark_seen=True, trial=True)
    look(inbox)
    server.deliver(mail("one"))
    look(inbox)

    with server.client() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "SEEN")[1] == [b""]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"port": 0}, "Nothing listens"), ({"user": "nobody"}, "refused the user name or password")],
)
def test_what_is_wrong_is_said_in_words(server: Dovecot, change: dict[str, object], words: str) -> None:
    inbox = connected(server, **({"port": free_port()} if "port" in change else change))
    settings = ImapSettings.of(inbox)
    assert settings

    with pytest.raises(SourceFailed, match=words), Folder(settings.server, "INBOX"):
        pass


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("said", [b"*", b"* OK more\r\n" * 1000])
def test_a_job_is_kept_by_no_server_that_talks_for_ever(said: bytes, security: Security) -> None:
    begin = time.monotonic()

    with talking(said, seconds=0.1) as port:
        folder = Folder(Server("127.0.0.1", port, security, "care", "x"), "INBOX", seconds=1.0)
        with pytest.raises(SourceFailed), folder:
            pass

    assert time.monotonic() - begin < 5


def _rebuild(server: Dovecot) -> None:
    """As after a restore from backup: Dovecot forgets its index and its UIDs."""
    for path in (server.folder / "mail" / USER).iterdir():
        if path.name.startswith("dovecot"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
