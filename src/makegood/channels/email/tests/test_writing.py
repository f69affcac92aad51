"""The bytes of what leaves: whatever stands in names, subjects and texts, the headers are ours alone."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counterparts.sink import check

from makegood.channels.email.head import clean
from makegood.channels.email.writing import compose
from makegood.conversations.actions.auto_answering import answer_by_itself
from makegood.conversations.envelope import Address
from makegood.conversations.models import Attachment, Message
from makegood.conversations.tests.factories import CARE, KOFI, ODILE, agent, answer, come_in, inbox
from makegood.errors import Refused
from makegood.files.storing import store
from makegood.text import filenames

pytestmark = pytest.mark.django_db
HEADERS = {
    "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To", "MIME-Version",
    "Content-Type",
}  # fmt: skip
# Pieces that have broken mail programs, between any letters at all.
PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "\r\nBcc: x@y.example",
            "\n\n",
            "\0",
            "=?utf-8?q?=0D=0A?=",
            '"',
            "<x@y.example>",
            ",",
            "\u2028",
            "\x85",
            "ü" * 90,
            "a" * 1200,
            "=?",
            "?=",
            "\\",
            "(",
            "@",
            "\ud800",
            "😀" * 30,
            "\t",
            "\x0b",
            "\x1c",
        ]
    ),
)
HOSTILE = st.lists(PIECES, max_size=6).map("".join)


@pytest.fixture
def message() -> Message:
    """A waiting reply with everything a letter can have; what it answers is not quoted."""
    reply = answer(come_in().conversation, to=[ODILE], cc=[KOFI], bcc=[Address("", "boss@larkspur.example")])
    reply.inbox.settings = {"quote_history": False}
    return reply


def read(content: bytes) -> EmailMessage:
    check(content)
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=HOSTILE, name=HOSTILE, ours=HOSTILE, parent=HOSTILE, references=HOSTILE, text=HOSTILE)
def test_nothing_that_people_write_makes_a_header(
    message: Message, subject: str, name: str, ours: str, parent: str, references: str, text: str
) -> None:
    message.subject, message.from_name, message.text = subject, ours, text.replace("\ud800", "").replace("\0", "")
    message.to, message.cc = [[name, ODILE.email]], [[name, KOFI.email]]
    message.in_reply_to, message.references = parent, f"<a@b.example> {references}"

    outgoing = compose(message)

    mail = read(outgoing.content)
    assert set(mail.keys()) <= HEADERS
    assert outgoing.recipients == (ODILE.email, KOFI.email, "boss@larkspur.example")
    assert [address.addr_spec for address in mail["To"].addresses] == [ODILE.email]
    assert [address.addr_spec for address in mail["Cc"].addresses] == [KOFI.email]
    assert [address.addr_spec for address in mail["From"].addresses] == [CARE]
    assert b"boss@" not in outgoing.content


def test_an_automatic_answer_is_marked_and_quotes_nothing() -> None:
    care = inbox(settings={"quote_history": True}, signature="The team at Quillfeather")
    sent = answer_by_itself(come_in("Buy tents at http://tents.example", to=care), "Thank you.", is_history=False)
    assert sent

    outgoing = compose(sent)

    mail = read(outgoing.content)
    assert (outgoing.sender, mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("", "auto-replied", "All")
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Thank you.\n\nThis answer was sent automatically")
    assert text.rstrip().endswith("-- \nThe team at Quillfeather")
    assert b"tents.example" not in outgoing.content


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=HOSTILE)
def test_no_file_name_makes_a_header(message: Message, name: str) -> None:
    Attachment.objects.filter(message=message).delete()
    cleaned = filenames.clean(name, "file")
    Attachment.objects.create(message=message, file=store(cleaned, "application/pdf", b"%PDF"))

    (attachment,) = read(compose(message).content).iter_attachments()

    assert attachment.get_filename() == cleaned
    assert set(attachment.keys()) == {
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-Disposition",
        "MIME-Version",
    }


@pytest.mark.parametrize(
    "name", ["Fenwick, Odile", "Ödile Fénwick", 'O\'Dile "The" Fenwick', "Odile (Tents)", "北 田", ""]
)
def test_a_name_arrives_as_it_is(message: Message, name: str) -> None:
    message.to = [[name, ODILE.email]]

    assert read(compose(message).content)["To"].addresses[0].display_name == name


@pytest.mark.parametrize(
    "subject", ["Re: Zelt – Stange", "Re: " + "lang " * 60, "Re: 北の国から" * 9, "Re: " + "x" * 280]
)
def test_a_subject_arrives_as_it_is(message: Message, subject: str) -> None:
    message.subject = subject

    assert read(compose(message).content)["Subject"] == subject.strip()


def test_message_ids_are_never_encoded_however_long_they_are(message: Message) -> None:
    ids = [f"<{'A' * n}.{n}@host-{'b' * 60}.outlook.example>" for n in (10, 60, 150)]
    message.in_reply_to, message.references = ids[-1], " ".join([*ids, message.message_id])

    mail = read(compose(message).content)

    raw = {name.lower(): " ".join(str(value).split()) for name, value in mail.raw_items()}
    assert raw["in-reply-to"] == ids[-1]
    assert raw["references"].split() == [*ids, message.message_id]
    assert raw["message-id"] == message.message_id


def test_ids_that_no_header_can_carry_are_left_out(message: Message) -> None:
    message.in_reply_to, message.references = "<ü@x.example>", "<ü@x.example> <good@x.example> bad"

    mail = read(compose(message).content)

    assert (mail["In-Reply-To"], mail["References"]) == (None, "<good@x.example>")


def test_answers_come_back_with_the_conversations_token_where_plus_addresses_work(message: Message) -> None:
    message.inbox.settings = {"plus_addressing": True}

    mail = read(compose(message).content)

    assert mail["Reply-To"].addresses[0].addr_spec == f"care+{message.conversation.token}@quillfeather.example"


def test_an_address_with_a_plus_is_used_only_where_it_is_known_to_work(message: Message) -> None:
    assert read(compose(message).content)["Reply-To"] is None


def test_the_letter_that_is_answered_is_quoted_as_the_inbox_wishes(message: Message) -> None:
    conversation = message.conversation
    asked = Message.objects.create(
        conversation=conversation, inbox=message.inbox, direction=Message.IN, from_name="Odile Fenwick",
        from_email="odile@fenwick.example", text="The pole cracked.\n\n> older words", reply_text="The pole cracked.",
        message_id="<asked@fenwick.example>", at=message.at,
    )  # fmt: skip
    message.in_reply_to, message.inbox.settings = asked.message_id, {}
    among_others = read(compose(message).content).get_body(("plain",)).get_content()
    message.cc = message.bcc = []

    quoted = read(compose(message).content).get_body(("plain",)).get_content().replace("\r\n", "\n")
    message.inbox.settings = {"quote_history": False}
    bare = read(compose(message).content).get_body(("plain",)).get_content()

    assert "Odile Fenwick wrote:\n> The pole cracked.\n" in quoted
    assert "older words" not in quoted
    assert "The pole cracked" not in among_others, "somebody who never had the letter would learn it by the quote"
    assert "The pole cracked" not in bare


def test_the_same_message_has_the_same_envelope(message: Message) -> None:
    one, two = compose(message), compose(message)

    assert (one.message_id, one.recipients, one.sender, one.key) == (
        two.message_id,
        two.recipients,
        two.sender,
        two.key,
    )


def test_automatic_mail_says_so_and_cannot_bounce_back(message: Message) -> None:
    message.is_automatic = True

    outgoing = compose(message)

    mail = read(outgoing.content)
    assert (outgoing.sender, mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("", "auto-replied", "All")


@pytest.mark.parametrize(
    "address", ["nobody", "a b@x.example", "ü@x.example", "x@y.example\r\nBcc: z", "", "x@localhost\n"]
)
def test_what_is_no_address_is_refused(message: Message, address: str) -> None:
    message.to = [["", address]]

    with pytest.raises(Refused):
        compose(message)


def test_long_lines_and_dots_arrive_as_written(message: Message) -> None:
    message.text = f"{'x' * 5000}\n.\n..\nFrom here on\r\nGrüße"

    body = read(compose(message).content).get_body(("plain",))

    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == f"{'x' * 5000}\n.\n..\nFrom here on\nGrüße\n"


def test_the_html_part_shows_markup_as_text(message: Message) -> None:
    message.text = "<script>alert(1)</script> & {{7*7}}"

    body = read(compose(message).content).get_body(("html",))

    assert body is not None
    assert "<script>" not in body.get_content()
    assert "&lt;script&gt;" in body.get_content()


def test_signatures_stand_below(message: Message) -> None:
    message.agent.signature, message.inbox.signature = "Marisol", "Quillfeather & Co"  # type: ignore[union-attr]

    body = read(compose(message).content).get_body(("plain",))

    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "A new one is on its way.\n\n-- \nMarisol\nQuillfeather & Co\n"


@pytest.mark.parametrize("words", ["{{ 7|add:7 }}", "{% debug %}", "%(name)s {name} $name", "<b>&amp;</b>"])
def test_stored_words_are_no_template(message: Message, words: str) -> None:
    message.text = message.agent.signature = words  # type: ignore[union-attr]

    mail = read(compose(message).content)

    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    assert plain.get_content().count(words) == 2
    assert unescape(html.get_content()).count(words) == 2


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("application/pdf", "application/pdf"),
        ("text/plain", "text/plain"),
        ("image/png", "image/png"),
        ("multipart/mixed", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("a/b\r\nBcc: x@y.example", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_files_arrive_whole_under_a_type_that_may_be_sent(message: Message, kind: str, kept: str) -> None:
    content = bytes(range(256)) * 40
    Attachment.objects.create(message=message, file=store('Plän "2".pdf', kind, content))

    (attachment,) = read(compose(message).content).iter_attachments()

    assert (attachment.get_content_type(), attachment.get_filename()) == (kept, 'Plän "2".pdf')
    assert attachment.get_payload(decode=True) == content


def test_the_sender_name_of_the_inbox_comes_before_the_agents() -> None:
    care = inbox(sender_name="Quillfeather Care")

    message = answer(come_in(to=care).conversation, by=agent("Marisol Quint"))

    assert read(compose(message).content)["From"].addresses[0].display_name == "Quillfeather Care"


def test_cleaning_leaves_one_line() -> None:
    assert clean(" a\r\nb\0c\x85d\u2028e\t f ") == "a b c d e f"
