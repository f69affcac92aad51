"""A mail that is handed on as a file lets nobody join the conversations that it tells of."""

from __future__ import annotations

import base64
import binascii
import email
import io
import quopri
from collections.abc import Iterator
from contextlib import suppress
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import SMTP
from html import unescape
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from makegood.channels.email import handing_on
from makegood.channels.email.writing import compose
from makegood.conversations.actions.forwarding import forward
from makegood.conversations.envelope import IncomingFile
from makegood.conversations.matching import message_id, reply_address
from makegood.conversations.models import Attachment, Conversation
from makegood.conversations.queries.tokens import tokens_among
from makegood.conversations.tests.factories import CARE, KOFI, agent, answer, come_in, inbox
from makegood.text.tests.timing import assert_linear

KEY, TOKEN = "0123456789abcdef" * 2, "fedcba9876543210" * 2
UTF_16 = ("utf-16", "utf-16-le", "utf-16-be")
REPLY_TO, OURS = reply_address(CARE, TOKEN), message_id(KEY, TOKEN, "quillfeather.example")


def without_tokens(content: bytes) -> bytes:
    """Where TOKEN is the only conversation's."""
    return handing_on.without_tokens(content, lambda found: found & {TOKEN})


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
    words = [
        f"{name}: {one}" for name, value in part.items() for one in {value, str(make_header(decode_header(value)))}
    ]
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
        REPLY_TO.replace("+", "&#x2b;").replace("@", "&#x40;"),
        REPLY_TO.replace("+", "&#X002B;").replace("@", "&#X0040;"),
        REPLY_TO.replace("+", "&#0043;").replace("@", "&#0064;"),
        OURS.replace(".", "&#46;").replace("@", "&commat;"), OURS.replace(".", "&period;").replace("@", "=40"),
        *(base64.encodebytes(f"Grüße an {REPLY_TO}".encode(charset)).decode() for charset in UTF_16),
        *(quopri.encodestring(f"Grüße an {REPLY_TO}".encode(charset)).decode() for charset in UTF_16),
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
    decoded = quopri.decodestring(content).decode("latin-1").lower()
    yield from (plain, unquote(plain), unescape(plain), decoded, decoded.replace("\0", ""))
    with suppress(binascii.Error):
        if depth < 3:
            inner = content.strip().removeprefix(b"=?utf-8?B?").removesuffix(b"?=")
            yield from readings(base64.b64decode(inner), depth + 1)


@given(st.binary(max_size=300))
def test_any_bytes_without_a_token_stay_as_they_are(content: bytes) -> None:
    assert without_tokens(content) == content


@pytest.mark.parametrize("spelled", [REPLY_TO, OURS, REPLY_TO.replace("+", "%2B").replace("@", "%40")])
def test_no_token_is_left_wherever_a_line_ends(spelled: str) -> None:
    for length in range(80):
        words = f"{'x' * length}{spelled}\nGrüße\n"
        letter = EmailMessage(policy=SMTP)
        letter["Subject"] = f"{'é' * length} {spelled}"
        letter.set_content(words, cte="quoted-printable")
        letter.add_alternative(f"<p>{words}</p>", subtype="html", cte="base64")
        for content in (quopri.encodestring(words.encode()), letter.as_bytes()):
            assert (TOKEN in seen(content), TOKEN in seen(without_tokens(content)), length) == (True, False, length)


def seen(content: bytes) -> str:
    """A mail as a reader has it, or words in quoted-printable."""
    is_mail = content.startswith(b"Subject:")
    return told(email.message_from_bytes(content)) if is_mail else quopri.decodestring(content).decode()


def test_of_base64_nothing_else_is_lost_wherever_it_ends() -> None:
    for length in range(80):
        words, cleaned = (base64.encodebytes(f"{'x' * length}{one}".encode()) for one in (REPLY_TO, CARE))
        assert without_tokens(words) == cleaned

    padded = base64.encodebytes(b"Gruss")
    assert without_tokens(padded + base64.encodebytes(REPLY_TO.encode())) == padded + base64.encodebytes(CARE.encode())


@pytest.mark.parametrize("encoding", ["b", "q"])
def test_no_token_is_left_that_goes_on_in_the_next_encoded_word(encoding: str) -> None:
    for cut in range(1, len(REPLY_TO)):
        pieces = [REPLY_TO[:cut].encode(), REPLY_TO[cut:].encode()]
        coded = [base64.b64encode(one) if encoding == "b" else one for one in pieces]
        subject = b"\r\n ".join(b"=?utf-8?%b?%b?=" % (encoding.encode(), one) for one in coded)

        (cleaned,) = decode_header(without_tokens(b"Subject: %b\r\n" % subject).decode()[len("Subject: ") :])

        assert cleaned == (CARE.encode(), "utf-8")


def test_an_encoded_word_that_is_broken_hides_no_other() -> None:
    whole = base64.b64encode(REPLY_TO.encode()).rstrip(b"=")

    cleaned = without_tokens(b"=?utf-8?b?A?= =?utf-8?b?%b?=" % whole)

    assert cleaned == b"=?utf-8?b?%b?=" % base64.b64encode(CARE.encode())


def test_what_only_looks_like_a_token_stays() -> None:
    content = f"bounces+{KEY}@mail.example <{TOKEN}.{KEY}@mail.example> +{TOKEN}{KEY}@mail.example".encode()

    assert without_tokens(content) == content
    assert without_tokens(base64.encodebytes(content)) == base64.encodebytes(content)


def test_an_archive_within_a_mail_stays_whole() -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("words.txt", f"To: {REPLY_TO}")
    content = base64.encodebytes(packed.getvalue())

    assert without_tokens(content) == content


@pytest.mark.parametrize(
    "piece",
    [
        "a", "0", "+0123456789abcdef", "0123456789abcdef.", "=\r\n", "0=\r\n", "0=00", "0\0", "&#0", "&#x0", "QUJD\n",
        "=?a?b?", "=?a?b?QUJD?= ", "=?a?q?0?= ", "0?= =?a?q?", "0= ", "A" * 76 + "\n", f"+{KEY}@", f"{KEY}.{KEY}@",
    ],
)  # fmt: skip
def test_the_time_is_linear(piece: str) -> None:
    assert_linear(lambda text: without_tokens(text.encode()), piece, 250_000)


@pytest.mark.django_db
def test_a_forwarded_mail_with_a_mail_in_it_lets_nobody_join() -> None:
    content = mail("base64").as_bytes()
    files = [
        IncomingFile("letter.eml", "message/rfc822", content), IncomingFile("notes.txt", "text/plain", OURS.encode()),
        IncomingFile("scan.pdf", "application/pdf", b"%PDF-1.4 \x00\xff"),
        IncomingFile("bounces.csv", "text/csv", f"bounces+{KEY}@mail.example".encode()),
    ]  # fmt: skip
    message, marisol = come_in(files=files, to=inbox()), agent()
    Conversation.objects.filter(pk=message.conversation_id).update(token=TOKEN)
    draft = forward(message, by=marisol)
    sent = answer(message.conversation, draft.text, by=marisol, to=[KOFI], key=draft.key)

    leaving = email.message_from_bytes(compose(sent).content)

    parts = {part.get_filename(): part.get_payload(decode=True) for part in leaving.walk() if part.get_filename()}
    assert list(parts) == ["letter.eml", "notes.txt", "scan.pdf", "bounces.csv"]
    assert TOKEN not in told(leaving)
    assert parts["scan.pdf"] == b"%PDF-1.4 \x00\xff"
    assert parts["bounces.csv"] == f"bounces+{KEY}@mail.example".encode()
    kept = Attachment.objects.filter(message=message).order_by("pk").first()
    assert kept
    assert kept.file.size == len(content)  # ours is as it came


@pytest.mark.django_db
def test_a_list_of_others_addresses_leaves_as_it_came_and_the_database_is_asked_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    conversation = come_in(to=inbox()).conversation
    foreign = "".join(f"bounces+{number:032x}@mail.example\r\n" for number in range(300))
    ours = reply_address(CARE, conversation.token)
    content = f"{foreign}{ours}\r\n{base64.b64encode(ours.encode()).decode()}".encode()

    with django_assert_num_queries(1):
        cleaned = handing_on.without_tokens(content, tokens_among)

    assert cleaned == f"{foreign}{CARE}\r\n{base64.b64encode(CARE.encode()).decode()}".encode()
    with django_assert_num_queries(0):
        assert handing_on.without_tokens(b"bounces@mail.example", tokens_among) == b"bounces@mail.example"
