"""A mail that is handed on as a file lets nobody join the conversations that it tells of."""

from __future__ import annotations

import base64
import binascii
import email
import quopri
import time
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage, Message
from email.policy import SMTP
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email.handing_on import without_tokens
from makegood.channels.email.writing import compose
from makegood.conversations.actions.forwarding import forward
from makegood.conversations.envelope import IncomingFile
from makegood.conversations.matching import message_id, reply_address
from makegood.conversations.models import Attachment
from makegood.conversations.tests.factories import CARE, KOFI, agent, answer, come_in, inbox

KEY, TOKEN = "0123456789abcdef" * 2, "fedcba9876543210" * 2
REPLY_TO, OURS = reply_address(CARE, TOKEN), message_id(KEY, TOKEN, "quillfeather.example")


def mail(encoding: str) -> EmailMessage:
    """A letter of ours as its customer has it, quoted in an answer."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = "Odile Fenwick <odile@fenwick.example>", f"Care <{REPLY_TO}>"
    letter["Message-ID"], letter["In-Reply-To"] = "<1@fenwick.example>", OURS
    letter["Subject"] = "Tent"
    words = f"Grüße. Answer to {REPLY_TO}, please, or to {'x' * 40} {REPLY_TO}."
    letter.set_content(words, cte=encoding)
    letter.add_alternative(f'<p>Grüße. <a href="mailto:{REPLY_TO}">{REPLY_TO}</a></p>', subtype="html", cte=encoding)
    return letter


def told(part: Message[str, str]) -> str:
    """Headers and words of a mail as a reader has them, also of mails within."""
    words = [f"{name}: {value}" for name, value in part.items()]
    for inner in part.walk():
        content = inner.get_payload(decode=True)
        if isinstance(content, bytes):
            words.append(content.decode("utf-8", "replace"))
            if inner.get_filename("").endswith(".eml"):
                words.append(told(email.message_from_bytes(content)))
    return "\n".join(words)


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_mail_that_leaves_as_a_file_holds_no_token_however_it_is_encoded(encoding: str) -> None:
    content = mail(encoding).as_bytes()
    assert TOKEN in told(email.message_from_bytes(content))

    cleaned = told(email.message_from_bytes(without_tokens(content)))

    assert TOKEN not in cleaned
    assert (cleaned.count(CARE), cleaned.count("Grüße."), KEY in cleaned) == (5, 2, True)


@pytest.mark.parametrize(
    "spelled",
    [
        REPLY_TO, REPLY_TO.upper(), REPLY_TO.replace("+", "%2B").replace("@", "%40"), OURS,
        REPLY_TO.replace("+", "&#43;").replace("@", "&#64;"),
        quopri.encodestring(f"{'x' * 60}{REPLY_TO}".encode()).decode(),
        f"=?utf-8?B?{base64.b64encode(REPLY_TO.encode()).decode()}?=",
        base64.encodebytes(base64.encodebytes(f"{'x ' * 100}{REPLY_TO}".encode())).decode(),
        base64.encodebytes(f"{'x ' * 100}{REPLY_TO}".encode()).decode().replace("\n", "\r\n"),
    ],
)  # fmt: skip
def test_no_spelling_of_a_token_is_left(spelled: str) -> None:
    assert TOKEN in "".join(readings(spelled.encode()))

    cleaned = without_tokens(f"To: a\n\n{spelled}\n".encode())

    assert TOKEN not in "".join(readings(cleaned.partition(b"\n\n")[2]))
    assert without_tokens(cleaned) == cleaned


def readings(content: bytes, depth: int = 0) -> Iterator[str]:
    """As different programs would read it."""
    plain = content.decode("latin-1").lower()
    yield from (plain, unquote(plain), unescape(plain), quopri.decodestring(content).decode("latin-1").lower())
    with suppress(binascii.Error):
        if depth < 3:
            inner = content.strip().removeprefix(b"=?utf-8?B?").removesuffix(b"?=")
            yield from readings(base64.b64decode(inner), depth + 1)


@given(st.binary(max_size=300))
def test_any_bytes_without_a_token_stay_as_they_are(content: bytes) -> None:
    assert without_tokens(content) == content


def test_the_time_is_linear() -> None:
    for piece in (
        b"a",
        b"0",
        b"+0123456789abcdef",
        b"0123456789abcdef.",
        b"=\r\n",
        b"QUJD\n",
        b"=?a?b?",
        b"A" * 76 + b"\n",
    ):
        begin = time.process_time()
        without_tokens(piece * (4_000_000 // len(piece)))
        assert time.process_time() - begin < 4


@pytest.mark.django_db
def test_a_forwarded_mail_with_a_mail_in_it_lets_nobody_join() -> None:
    content = mail("base64").as_bytes()
    files = [
        IncomingFile("letter.eml", "message/rfc822", content), IncomingFile("notes.txt", "text/plain", OURS.encode()),
        IncomingFile("scan.pdf", "application/pdf", b"%PDF-1.4 \x00\xff"),
    ]  # fmt: skip
    message, marisol = come_in(files=files, to=inbox()), agent()
    draft = forward(message, by=marisol)
    sent = answer(message.conversation, draft.text, by=marisol, to=[KOFI], key=draft.key)

    leaving = email.message_from_bytes(compose(sent).content)

    parts = {part.get_filename(): part.get_payload(decode=True) for part in leaving.walk() if part.get_filename()}
    assert list(parts) == ["letter.eml", "notes.txt", "scan.pdf"]
    assert TOKEN not in told(leaving)
    assert parts["scan.pdf"] == b"%PDF-1.4 \x00\xff"
    kept = Attachment.objects.filter(message=message).order_by("pk").first()
    assert kept
    assert kept.file.size == len(content)  # ours is as it came
