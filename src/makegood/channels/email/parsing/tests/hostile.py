"""Messages made to exhaust a parser, each of about the size asked for. A table of data.

The suite reads them small; at full size: `python -m makegood.channels.email.parsing.tests.hostile NAME 40` prints the
CPU seconds and the additional memory in MiB for one of them, `python bench/mail.py` does so for all.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

MIB = 1024 * 1024
_HEAD = (
    b"From: Odile Fenwick <odile@fenwick.example>\r\nTo: help@lamps.example\r\nSubject: Lamp\r\nMIME-Version: 1.0\r\n"
)
_MIXED = _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
_FILE = _MIXED + b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: %s\r\n\r\n"
_HTML = _HEAD + b"Content-Type: text/html\r\n\r\n"
_TEXT = _HEAD + b"\r\n"
_END = b"\r\n\r\nwords"


def _repeated(before: bytes, unit: bytes, after: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: before + unit * (size // len(unit)) + after


def _numbered(before: bytes, unit: bytes, after: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: before + b"".join(unit % number for number in range(size // (len(unit) + 3))) + after


def _noise(size: int) -> bytes:
    """Bytes without a pattern, the same in every run."""
    return hashlib.shake_128(b"lamp").digest(size)


def _attachment(size: int) -> bytes:
    lines = base64.encodebytes(_noise(size * 73 // 100)).replace(b"\n", b"\r\n")
    return _MIXED + b"--b\r\n\r\nwords\r\n" + _FILE.partition(b"\r\n\r\n")[2] % b"base64" + lines + b"--b--\r\n"


def _nested(levels: int) -> bytes:
    part = b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n"
    return _HEAD + b"".join(part % (level, level) for level in range(levels))


CASES: dict[str, Callable[[int], bytes]] = {
    "base64 attachment": _attachment,
    "base64 without its end": lambda size: _attachment(size)[:-15],
    "base64 padded in every line": _repeated(_FILE % b"base64", b"YQ==\r\n"),
    "quoted-printable attachment": _repeated(_FILE % b"quoted-printable", b"=41=42=43=\r\n"),
    "quoted-printable with lone CR": _repeated(_FILE % b"quoted-printable", b"=41=42=43=\r"),
    "header fields": _repeated(b"", b"X-Lamp: bright\r\n"),
    "empty header fields": _repeated(b"", b"a:\n"),
    "one header field": _repeated(b"Subject: ", b"x"),
    "one folded header field": _repeated(_HEAD + b"X-Lamp: y", b"\r\n y", _END),
    "encoded words": _repeated(_HEAD + b"Subject: ", b"=?utf-8?q?a?= ", _END),
    "encoded words of two charsets": _repeated(b"Subject: ", b"=?utf-8?q?=e4?= =?gbk?b?xOM?= ", _END),
    "encoded words never closed": _repeated(b"Subject: ", b"=?utf-8?q?", _END),
    "addresses": _repeated(b"To: ", b"a@b.example,", _END),
    "escaped quotes in a name": _repeated(b"From: ", b'\\"', b"<a@b.example>" + _END),
    "brackets never closed": _repeated(b"From: ", b'" ( <', b"<a@b.example>" + _END),
    "parameters": _repeated(_HEAD + b"Content-Type: multipart/mixed; ", b"a=b;", b"boundary=b" + _END),
    "parameters without values": _repeated(_HEAD + b"Content-Type: text/plain; ", b"a ", _END),
    "sections of a parameter": _numbered(_HEAD + b"Content-Type: text/plain; ", b"name*%d=a;", _END),
    "references": _repeated(_HEAD + b"References: ", b"<a@b> ", _END),
    "references never closed": _repeated(_HEAD + b"References: ", b"<a", _END),
    "authentication results": _repeated(b"Authentication-Results: mx.lamps.example; ", b"dkim=pass header.d=x; ", _END),
    "parts": _repeated(_MIXED, b"--b\r\n\r\nx\r\n"),
    "parts with a file": _repeated(_MIXED, b"--b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n"),
    "boundary lookalikes": _repeated(_MIXED + b"--b\r\n\r\n", b"--bx\r\n"),
    "a line of boundaries": _repeated(_MIXED + b"--b\r\n\r\n", b"--b"),
    "one line": _repeated(_TEXT, b"x"),
    "one 8-bit line": _repeated(_TEXT, b"\xe4\xfc x"),
    "empty lines": _repeated(_TEXT, b"\r\n"),
    "short lines": _repeated(_TEXT, b"a\r\n"),
    "quoted lines": _repeated(_TEXT, b"> > >>> a\r\n"),
    "spaces": _repeated(_TEXT, b" "),
    "only CR": _repeated(b"", b"\r"),
    "only LF": _repeated(b"", b"\n"),
    "only NUL": _repeated(b"", b"\0"),
    "noise": _noise,
    "1000 mails inside each other": _repeated((_HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 1000 + b"\r\n", b"x"),
    "1000 multiparts inside each other": lambda size: _nested(1000) + b"\r\n" + b"x" * size,
    "49 multiparts around dashes": lambda size: _nested(49) + b"\r\n" + b"--n\n" * (size // 4),
    "multiparts inside each other": lambda size: _nested(size // 70),
    "nested div": _repeated(_HTML, b"<div>"),
    "nested quotes": _repeated(_HTML, b"<blockquote type=cite>"),
    "nested tables": _repeated(_HTML, b"<table><tr><td>"),
    "formatting across paragraphs": _numbered(_HTML, b"<b a=%d><p>"),
    "one text of entities": _repeated(_HTML, b"hello &amp; goodbye "),
    "open angle brackets": _repeated(_HTML, b"<"),
    "comments never closed": _repeated(_HTML, b"<!--"),
    "a style block": _repeated(_HTML + b"<style>", b"p{color:red}", b"</style><p>words"),
    "attributes": _repeated(_HTML + b"<p ", b"a=b ", b">words"),
    "uuencode": _repeated(_TEXT + b"words\r\nbegin 644 a.bin\r\n", b"M" + b"0" * 60 + b"\r\n", b"`\r\nend\r\n"),
    "uuencode in tiny lines": _repeated(_TEXT + b"begin 644 a\r\n", b"!  \n"),
    "uuencode begun again and again": _repeated(_TEXT, b"begin 644 a\r\n"),
    "yEnc": _repeated(_TEXT + b"=ybegin line=128 size=9 name=a\r\n", b"=}abcdefgh\r\n", b"=yend\r\n"),
    "a bounce in free text": _repeated(
        b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n",
        b"<a@b.example>: could not be delivered to x@y.example 550 5.1.1\r\n",
    ),
    "a delivery report": _repeated(
        b"From: MAILER-DAEMON@x.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n",
    ),
    "an invitation": _repeated(_HEAD + b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n", b"SUMMARY:x\r\n y\r\n"),
    "escapes of ISO-2022-JP": _repeated(
        _HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n", b'\x1b$B$"\x1b(B'
    ),
    "UTF-7": _repeated(_HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n", b"+AOQ-"),
}  # fmt: skip


def measure(name: str, size: int) -> tuple[float, float]:
    """CPU seconds and additional MiB at the peak, for this process: run it in a fresh one (Linux)."""
    from makegood.channels.email.parsing.as_json import as_json  # slow import
    from makegood.channels.email.parsing.message import parse  # slow import

    parse(b"From: a@x.example\r\nSubject: undeliverable\r\nContent-Type: text/html\r\n\r\n<p>\xe4\xf6</p>")
    content = CASES[name](size)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of writing the message
    before = _peak_kib()
    start = time.process_time()
    as_json(parse(content, own_servers=frozenset({"mx.lamps.example"})), content)
    return time.process_time() - start, (_peak_kib() - before) / 1024


def _peak_kib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    seconds, mib = measure(sys.argv[1], int(float(sys.argv[2]) * MIB))
    sys.stdout.write(f"{seconds:.3f} {mib:.1f}\n")
