"""Traits 8 to 13 and 23, 24: files, their names, and what was written into the text."""

from __future__ import annotations

import base64
import binascii

from makegood.channels.email.parsing import bodies, transfer
from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.mails import HEAD, mail, multipart, names, read

PNG = "Content-Transfer-Encoding: base64\n\niVBORw0KGgo="


def _named(disposition: str) -> list[str]:
    return names(parse(multipart("\nhi", f"Content-Type: application/pdf\nContent-Disposition: {disposition}\n\n%PDF")))


def test_rfc_2231_continuations_mixed_encoded_and_plain() -> None:
    assert _named("attachment; filename*0*=utf-8''Rechnung%20f%C3%BCr; filename*1=\" Mai.pdf\"") == [
        "Rechnung für Mai.pdf"
    ]


def test_rfc_2047_inside_a_file_name() -> None:
    assert _named('attachment; filename="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?="') == ["Grüße.pdf"]


def test_paths_nul_and_control_characters_leave_a_file_name() -> None:
    assert _named('attachment; filename="C:\\letters\\a\x00\x07b.pdf"') == ["ab.pdf"]
    assert _named("attachment; filename*=utf-8''..%2F..%2Fetc%2Fpass%0D%0Awd.pdf") == ["pass wd.pdf"]


def test_a_percent_encoded_name_without_the_marks_of_rfc_2231() -> None:
    assert _named('attachment; filename="%E8%AE%A2%E5%8D%95.pdf"') == ["订单.pdf"]


def test_files_without_or_with_a_blank_name_are_named_by_their_type() -> None:
    incoming = parse(
        multipart("\nhi", "Content-Type: application/pdf\n\n%PDF", f'Content-Type: image/png; name=" "\n{PNG}')
    )

    assert names(incoming) == ["attachment-1.pdf", "attachment-2.png"]


def test_the_same_name_twice_is_numbered() -> None:
    part = f"Content-Type: image/png; name=photo.png\n{PNG}"

    assert names(parse(multipart("\nhi", part, part, part))) == ["photo.png", "photo-2.png", "photo-3.png"]


def test_an_attached_mail_is_kept_as_eml_and_its_sender_is_not_ours() -> None:
    inner = "From: boss@elsewhere.example\nSubject: Old order\n\nold words"
    incoming = parse(multipart("\nsee below", f"Content-Type: message/rfc822\n\n{inner}"))

    assert names(incoming) == ["Old order.eml"]
    assert incoming.sender is not None
    assert incoming.sender.email == "odile@fenwick.example"
    assert incoming.text == "see below"
    assert incoming.files[0].content.replace(b"\r\n", b"\n") == inner.encode()


def test_a_mail_that_is_only_another_mail_shows_its_head_and_text() -> None:
    incoming = read(
        "Content-Type: message/rfc822", body="From: boss@elsewhere.example\nSubject: Old order\n\nold words"
    )

    assert incoming.text == "From: boss@elsewhere.example\nSubject: Old order\n\nold words"


def test_winmail_dat_is_kept_and_named() -> None:
    incoming = parse(
        multipart("\nhi", "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\neJ8+Ig==")
    )

    assert names(incoming) == ["winmail.dat"]
    assert incoming.files[0].content == b'x\x9f>"'


def test_a_uuencoded_file_in_the_text_becomes_an_attachment() -> None:
    incoming = read(body=b"see the file\nbegin 644 note.txt\n" + binascii.b2a_uu(b"hello lamp") + b"`\nend\nbye")

    assert incoming.text == "see the file\nbye"
    assert names(incoming) == ["note.txt"]
    assert incoming.files[0].content == b"hello lamp"


def test_uuencode_as_transfer_encoding() -> None:
    encoded = b"begin 644 a.txt\n" + binascii.b2a_uu(b"hello lamp") + b"`\nend\n"
    part = b"Content-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: x-uuencode\n\n" + encoded

    assert parse(multipart("\nhi", part)).files[0].content == b"hello lamp"


def test_a_yenc_file_in_the_text_becomes_an_attachment() -> None:
    data = bytes((byte + 42) % 256 for byte in b"hello lamp")
    incoming = read(body=b"see\n=ybegin line=128 size=10 name=note.txt\n" + data + b"\n=yend size=10\n")

    assert (names(incoming), incoming.files[0].content, incoming.text) == (["note.txt"], b"hello lamp", "see")


def test_a_binhex_file_is_cut_from_the_text_and_kept_as_it_is() -> None:
    incoming = read(body="hi\n(This file must be converted with BinHex 4.0)\n\n:abc:\n")

    assert (names(incoming), incoming.text) == (["attachment.hqx"], "hi")


def test_base64_with_stray_characters_and_no_padding() -> None:
    part = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\naGVs!bG8\x01gbGFtcA"

    assert parse(multipart("\nhi", part)).files[0].content == b"hello lamp"


def test_two_base64_texts_one_behind_the_other() -> None:
    joined = base64.b64encode(b"hello ").decode() + "\n" + base64.b64encode(b"lamp, good by").decode() + "\n"
    first = base64.b64encode(b"one!").decode() + "\n"
    part = f"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n{first}{joined}"

    assert parse(multipart("\nhi", part)).files[0].content == b"one!hello lamp, good by"


def test_a_soft_break_at_the_end_of_quoted_printable() -> None:
    assert read("Content-Transfer-Encoding: quoted-printable", body="Gr=C3=BC=C3=9Fe=").text == "Grüße"


def test_quoted_printable_with_lone_carriage_returns_keeps_its_text() -> None:
    raw = HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nhel=\rlo\rlamp"

    assert parse(raw).text == "hello\nlamp"


def test_an_unknown_transfer_encoding_shows_the_text_and_says_so() -> None:
    incoming = read("Content-Transfer-Encoding: 9bit", body="hello")

    assert (incoming.text, incoming.problems) == ("hello", [transfer.UNKNOWN])


def test_text_under_the_false_label_base64_is_shown() -> None:
    incoming = read("Content-Transfer-Encoding: base64", body="Good morning, where is my lamp? I am waiting.")

    assert (incoming.text, incoming.problems) == ("Good morning, where is my lamp? I am waiting.", [transfer.DAMAGED])


def test_opaque_smime_shows_that_it_is_encrypted_and_keeps_the_original() -> None:
    incoming = read(
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
        "Content-Transfer-Encoding: base64",
        body="MIIB",
    )

    assert (names(incoming), incoming.problems) == (["smime.p7m"], [bodies.ENCRYPTED])


def test_pgp_mime_shows_that_it_is_encrypted() -> None:
    incoming = parse(
        multipart(
            "Content-Type: application/pgp-encrypted\n\nVersion: 1",
            "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----",
            subtype="encrypted",
        )
    )

    assert (names(incoming), incoming.problems) == (["encrypted.asc"], [bodies.ENCRYPTED])


def test_inline_pgp_shows_that_it_is_encrypted() -> None:
    assert read(body="-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----").problems == [bodies.ENCRYPTED]


def test_a_signed_mail_shows_its_inner_text_and_hides_the_signature() -> None:
    incoming = parse(
        multipart(
            "Content-Type: text/plain\n\ninner",
            "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB",
            subtype="signed",
        )
    )

    assert (incoming.text, names(incoming), incoming.problems) == ("inner", [], [])


def test_an_inline_pgp_signature_is_taken_off() -> None:
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\ninner\n- -- dashes\n-----BEGIN PGP SIGNATURE-----\n\niQ\n"
    )

    assert read(body=body).text == "inner\n-- dashes"


def test_an_invitation_as_the_only_part_is_told_in_words_and_kept() -> None:
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Fitting\nDTSTART:20261105T140000Z\nLOCATION:Shop\\, room 2\nEND:VEVENT"
    )
    incoming = read("Content-Type: text/calendar; method=REQUEST", body=event)

    assert incoming.text == "Fitting\nFrom: 2026-11-05 14:00 UTC\nPlace: Shop, room 2"
    assert names(incoming) == ["invite.ics"]


def test_an_invitation_beside_a_text_is_a_file() -> None:
    incoming = parse(
        multipart("\nplease come", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR", subtype="alternative")
    )

    assert (incoming.text, names(incoming)) == ("please come", ["invite.ics"])


def test_an_image_shown_by_its_content_id_is_inline_without_a_disposition() -> None:
    incoming = parse(
        multipart(
            'Content-Type: text/html\n\n<p>see <img src="cid:pic1"></p>',
            f"Content-Type: image/png; name=a.png\nContent-ID: <pic1>\n{PNG}",
            f"Content-Type: image/png; name=b.png\nContent-ID: <pic2>\n{PNG}",
            subtype="related",
        )
    )

    assert [(file.filename, file.inline, file.content_id) for file in incoming.files] == [
        ("a.png", True, "pic1"),
        ("b.png", False, "pic2"),
    ]


def test_text_image_text_keeps_its_order() -> None:
    image = f"Content-Type: image/jpeg; name=IMG.jpeg\nContent-Disposition: inline; filename=IMG.jpeg\n{PNG}"
    incoming = parse(multipart("Content-Type: text/plain\n\nbefore", image, "Content-Type: text/plain\n\nafter"))
    html = incoming.html or ""

    assert incoming.text == "before\n\nafter"
    assert html.index("before") < html.index("cid:") < html.index("after")
    assert [file.inline for file in incoming.files] == [True]
    assert f"cid:{incoming.files[0].content_id}" in html


def test_a_text_file_with_a_name_is_an_attachment() -> None:
    incoming = parse(multipart("\nhi", "Content-Type: text/plain; name=log.txt\nContent-Disposition: inline\n\nlog"))

    assert (incoming.text, names(incoming)) == ("hi", ["log.txt"])


def test_the_only_text_is_the_body_even_with_a_name() -> None:
    incoming = parse(
        multipart("Content-Type: text/plain; name=body.txt\n\nhi", "Content-Type: application/pdf\n\n%PDF")
    )

    assert (incoming.text, names(incoming)) == ("hi", ["attachment-1.pdf"])


def test_binary_attachments_keep_every_byte() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n\r\nhi\r\n--b1\r\n"
        + b"Content-Type: application/zip\r\n"
    )
    raw += b"Content-Transfer-Encoding: binary\r\n\r\n\x00\r\n\n\r\xff\r\n--b1--\r\n"

    assert parse(raw).files[0].content == b"\x00\r\n\n\r\xff"


def test_a_file_name_of_another_charset_in_8_bit() -> None:
    raw = mail('Content-Type: application/pdf; name="订单.pdf"', body="%PDF")

    assert names(parse(raw)) == ["订单.pdf"]
