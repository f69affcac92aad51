"""A customer's letter comes in from a real mail server, is answered in the browser's way, and is answered once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.counterparts.dovecot import USER, Dovecot, dovecot
from tests.counterparts.letters import is_watched
from tests.counterparts.makegood import ADMIN, PASSWORD, Makegood, makegood
from tests.counterparts.sink import Sink, sink
from tests.counterparts.waiting import eventually

pytestmark = pytest.mark.server

LETTER = b"""From: Odile Fenwick <odile@fenwick.example>\r
To: Care <hello@quillfeather.example>\r
Subject: Cracked tent pole\r
Message-ID: <first@fenwick.example>\r
Date: Thu, 19 Nov 2026 10:31:00 +0000\r
\r
Hello, the main pole of my Heron 2 cracked on its first night out.\r
"""


@pytest.fixture(scope="module")
def mail_server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def outside() -> Iterator[Sink]:
    with sink() as server:
        yield server


@pytest.fixture(scope="module")
def house(mail_server: Dovecot, outside: Sink) -> Iterator[Makegood]:
    with makegood() as house:
        house.run(
            "inbox", "add", "email", "--address", USER, "--name", "Care",
            "--imap-url", mail_server.imap_url, "--smtp-url", outside.url, "--sent-folder", "Sent", "--plus-addressing",
        )  # fmt: skip
        house.start()
        yield house


@pytest.fixture(scope="module")
def browser(house: Makegood) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, follow_redirects=True) as client:
        token = field("csrfmiddlewaretoken", client.get("/accounts/login/").text)
        answer = client.post(
            "/accounts/login/", data={"login": ADMIN, "password": PASSWORD, "csrfmiddlewaretoken": token}
        )
        assert answer.url.path == "/conversations"
        yield client


def field(name: str, page: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found.group(1)


def rows(browser: httpx.Client, words: str) -> list[str]:
    page = browser.get("/search", params={"q": words}).text
    return list(dict.fromkeys(re.findall(r'href="/conversations/(\d+)"', page)))


def write(browser: httpx.Client, number: str, text: str, mode: str = "reply", key: str = "") -> httpx.Response:
    page = browser.get(f"/conversations/{number}").text
    return browser.post(
        f"/conversations/{number}/replies",
        data={
            "csrfmiddlewaretoken": field("csrfmiddlewaretoken", page),
            "key": key or field("key", page),
            "mode": mode,
            "text": text,
            "to": '"Odile Fenwick" <odile@fenwick.example>',
        },
    )


def test_a_letter_comes_in_is_answered_and_threads(
    house: Makegood, browser: httpx.Client, mail_server: Dovecot, outside: Sink
) -> None:
    eventually(lambda: is_watched(house))
    mail_server.deliver(LETTER)
    (number,) = eventually(lambda: rows(browser, "Heron"))

    page = browser.get(f"/conversations/{number}").text
    key = field("key", page)
    write(browser, number, "A new pole is on its way, Odile.", key=key)
    write(browser, number, "A new pole is on its way, Odile.", key=key)  # a double click

    caught = eventually(lambda: outside.caught, 20)
    answer = caught[0].mail
    assert caught[0].recipients == ["odile@fenwick.example"]
    assert answer["In-Reply-To"] == "<first@fenwick.example>"
    assert answer["References"] == "<first@fenwick.example>"
    assert answer["Subject"] == "Re: Cracked tent pole"
    assert re.fullmatch(r"hello\+[0-9a-f]{32}@quillfeather\.example", answer["Reply-To"].addresses[0].addr_spec)

    mail_server.deliver(
        f"From: Odile Fenwick <odile@fenwick.example>\r\nTo: {answer['Reply-To']}\r\n"
        f"Subject: Re: Cracked tent pole\r\nMessage-ID: <second@fenwick.example>\r\n"
        f"In-Reply-To: {answer['Message-ID']}\r\n\r\nWonderful, thank you.\r\n".encode()
    )
    eventually(lambda: "Wonderful, thank you." in browser.get(f"/conversations/{number}").text)
    assert rows(browser, "wonderful") == [number]
    assert len(outside.caught) == 1


def test_nothing_on_the_mail_server_was_changed(mail_server: Dovecot, browser: httpx.Client) -> None:
    with mail_server.client() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "SEEN")[1] == [b""]


def test_an_answer_from_another_mail_program_joins_the_conversation(
    mail_server: Dovecot, browser: httpx.Client
) -> None:
    (number,) = rows(browser, "Heron")
    with mail_server.client() as client:
        content = (
            b"From: hello@quillfeather.example\r\nTo: odile@fenwick.example\r\nSubject: Re: Cracked tent pole\r\n"
            b"Message-ID: <phone@quillfeather.example>\r\nIn-Reply-To: <second@fenwick.example>\r\n\r\n"
            b"Sent from the train: it arrives tomorrow.\r\n"
        )
        client.append("Sent", "\\Seen", None, content)
    eventually(lambda: "it arrives tomorrow" in browser.get(f"/conversations/{number}").text, 40)


def test_a_note_and_a_reply_called_back_never_leave(browser: httpx.Client, outside: Sink) -> None:
    (number,) = rows(browser, "Heron")
    before = len(outside.caught)
    write(browser, number, "Heliotrope: be careful with this one.", mode="note")
    assert "Heliotrope" in browser.get(f"/conversations/{number}").text

    page = write(browser, number, "Too hasty.").text
    action = re.search(rf'action="(/conversations/{number}/replies/\d+/undo)"', page)
    assert action
    page = browser.post(action.group(1), data={"csrfmiddlewaretoken": field("csrfmiddlewaretoken", page)}).text
    assert "Too hasty.</textarea>" in page

    write(browser, number, "It left this morning.")  # what was to leave before it has left when this does
    eventually(lambda: len(outside.caught) > before, 20)
    assert ["It left this morning." in str(caught.mail.get_body(("plain",))) for caught in outside.caught[before:]] == [
        True
    ]
