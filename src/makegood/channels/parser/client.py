"""The other side: hands a message or picture over, waits, and has a dead parser replaced."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from select import select
from typing import Any

from makegood.channels import wire
from makegood.channels.parser import form
from makegood.channels.parser.remote import Proxied
from makegood.conversations.envelope import DisplayForm, Incoming

SECONDS = 60.0  # of the clock on the wall; CPU time is limited by the kernel


class ParserDied(Exception):
    """The parser was ended over this message (too much CPU time or memory), or hung."""


class Parser:
    """One parser process. Thread-safe: one thing at a time."""

    def __init__(self, address: str = "") -> None:
        """`address`: the socket of a parser forked by `serve`; without one we start our own."""
        self._address = address
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._lock = threading.Lock()

    def parse(self, kind: str, content: bytes, path: str, received_at: datetime, known: Mapping[str, Any]) -> Incoming:
        """By the reader of this kind of channel. Raises ParserDied; the next call starts afresh."""
        more = {"kind": kind, "received_at": received_at.isoformat(), "known": dict(known)}
        return form.unpack(*self._ask("message", content, path=path, **more))

    def shown_again(self, kind: str, content: bytes, path: str, files: dict[str, str], *, is_raw: bool) -> DisplayForm:
        """The display form by the rules of now; `content` is raw bytes, or a stored form whose raw is gone."""
        head, html = self._ask("shown again", content, path=path, kind=kind, files=files, is_raw=is_raw)
        return DisplayForm(html.decode(), head["is_plain"], head["has_remote_images"])

    def with_remote_images(self, kind: str, content: bytes, path: str, files: dict[str, str], remote: Proxied) -> str:
        """The message's HTML with addresses of ours for its images: `files` by content id, and those elsewhere."""
        more = {"kind": kind, "files": files, "route": remote.route, "until": remote.until, "key": remote.key}
        return self._ask("remote images", content, path=path, **more)[1].decode()

    def drawn_anew(self, picture: bytes) -> tuple[str, bytes]:
        """Content type and bytes of our own drawing; no bytes when it is no picture that we draw."""
        head, drawn = self._ask("picture", picture)
        return head["content_type"], drawn

    def _ask(self, asked: str, content: bytes, *, path: str = "", **more: Any) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            try:
                line = self._connected()
                wire.send(line, {"asked": asked, "path": path, **more}, b"" if path else content)
                return wire.receive(line)
            except (EOFError, OSError) as error:
                self.close()
                raise ParserDied("the parser was stopped over this message") from error

    def close(self) -> None:
        """Hang up; a parser of our own ends with it."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _connected(self) -> socket.socket:
        if self._line is not None and select([self._line], [], [], 0)[0]:
            self.close()  # it has ended since the last message, which is not this one's fault
        if self._line is None:
            self._line = self._call() if self._address else self._spawn()
            self._line.settimeout(SECONDS)
        return self._line

    def _call(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.connect(self._address)
        return line

    def _spawn(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "makegood.channels.parser", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "MAKEGOOD_SECRET"))},
        )
        theirs.close()
        return ours


_parser: Parser | None = None
_parser_lock = threading.Lock()


def parser() -> Parser:
    """This process's parser: the one `serve` forked (MAKEGOOD_PARSER), or one of its own."""
    global _parser
    with _parser_lock:
        if _parser is None:
            _parser = Parser(os.environ.get("MAKEGOOD_PARSER", ""))
        return _parser


def close_parser() -> None:
    """At the end of a command or a test."""
    global _parser
    with _parser_lock, suppress(OSError):
        if _parser is not None:
            _parser.close()
            _parser = None
