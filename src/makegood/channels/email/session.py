"""A session with an SMTP server that has an end, whatever the server says: one that talks for ever holds up no letter.

A socket's timeout begins anew with each byte, and smtplib reads the lines of an answer for as long as there are more.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from typing import Any

TALK_SECONDS = 120.0  # from the first byte to the content, and again for the content's answer
CONTENT_SECONDS = 900.0  # 25 MB on a slow line
MOST_SAID = 256 * 1024  # bytes of all answers


class Session(smtplib.SMTP):
    """As smtplib's, in TLS from the first byte with a `context`."""

    def __init__(
        self, host: str, port: int, *, hello: str | None = None, timeout: float, context: ssl.SSLContext | None = None
    ) -> None:
        self._context = context
        self._line: socket.socket | None = None
        self._end: threading.Timer | None = None
        super().__init__(local_hostname=hello, timeout=timeout)
        self._host = host  # the name that STARTTLS checks
        code, words = self.connect(host, port)
        if code != 220:
            self.close()
            raise smtplib.SMTPConnectError(code, words)

    def end_within(self, seconds: float) -> None:
        """From now on; what was said before is over."""
        if self._end is not None:
            self._end.cancel()
        assert self._line is not None
        self._end = hung_up_after(seconds, self._line)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Answers(self.sock.makefile("rb"))
        return super().getreply()

    def close(self) -> None:
        if self._end is not None:
            self._end.cancel()
        if self._line is not None:
            self._line.close()
        super().close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self._line = plain.dup()  # TLS takes the other one over
        self.end_within(TALK_SECONDS)
        try:
            return self._context.wrap_socket(plain, server_hostname=host) if self._context else plain
        except OSError:
            self.close()
            raise


class _Answers:
    """What the server says, up to a limit."""

    def __init__(self, file: Any) -> None:
        self._file, self._left = file, MOST_SAID
        self.close = file.close

    def readline(self, size: int) -> bytes:
        line: bytes = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("it says more than any mail server does")
        if line and not line.endswith(b"\n") and len(line) < size:
            raise OSError("the line broke within an answer")
        return line


def hung_up_after(seconds: float, line: socket.socket) -> threading.Timer:
    """Unless it is cancelled; whoever reads from the line or writes to it then, in whatever thread, is told."""
    end = threading.Timer(seconds, _hang_up, [line])
    end.daemon = True
    end.start()
    return end


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
