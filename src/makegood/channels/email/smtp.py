"""Handing a message to a mail server (RFC 5321), knowing at each step what has left and what has not."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress

from makegood.channels.email.connecting import SECONDS, Security, Server, SmtpSettings
from makegood.channels.email.session import CONTENT_SECONDS, TALK_SECONDS, Session
from makegood.channels.errors import DeliveryFailed, DeliveryUncertain
from makegood.conversations.envelope import Outgoing, Receipt, Refusal

ANSWER_SECONDS = 120.0  # after the final dot (RFC 5321, 4.5.3.2.6 asks for ten minutes; the outbox retries instead)


def hand_over(settings: SmtpSettings, outgoing: Outgoing, handing_over: Callable[[], None]) -> Receipt:
    """One message to one server. Raises DeliveryFailed or DeliveryUncertain; 4xx are not permanent, 5xx are."""
    session = connect(settings.server, settings.hello)
    try:
        accepted, refused = _envelope(session, outgoing)
        if not accepted:
            _say_goodbye(session)
            return Receipt((), tuple(refused), refused[-1].said if refused else "")
        said = _content(session, outgoing.content, handing_over)
        _say_goodbye(session)
        return Receipt(tuple(accepted), tuple(refused), said)
    except DeliveryFailed:
        _say_goodbye(session)
        raise
    finally:
        session.close()  # without a word in the middle of the content: a QUIT there would be content


def connect(server: Server, hello: str = "") -> Session:
    """Connected, secured and signed in; or DeliveryFailed with the server's own words."""
    try:
        session = _open(server, hello)
        session.ehlo_or_helo_if_needed()
        if server.security == Security.STARTTLS:
            session.starttls(context=server.context())
            session.ehlo()
        if server.user:
            _sign_in(session, server)
    except smtplib.SMTPResponseException as error:
        raise DeliveryFailed(_words(error.smtp_code, error.smtp_error), permanent=False) from error
    except (ssl.SSLError, smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"{server.host}:{server.port}: {error}", permanent=False) from error
    return session


def _open(server: Server, hello: str) -> Session:
    context = server.context() if server.security == Security.TLS else None
    return Session(server.host, server.port, hello=hello or None, timeout=SECONDS, context=context)


def _sign_in(session: smtplib.SMTP, server: Server) -> None:
    if server.sign_in == "xoauth2":
        token = f"user={server.user}\x01auth=Bearer {server.password}\x01\x01"
        session.auth("XOAUTH2", lambda _challenge=None: token)
    else:
        session.login(server.user, server.password)


def _envelope(session: Session, outgoing: Outgoing) -> tuple[list[str], list[Refusal]]:
    try:
        code, words = session.mail(
            outgoing.sender, [f"SIZE={len(outgoing.content)}"] if session.has_extn("size") else []
        )
        if code != 250:
            raise DeliveryFailed(_words(code, words), permanent=code >= 500)
        accepted, refused = [], []
        for recipient in outgoing.recipients:
            code, words = session.rcpt(recipient)
            if code in {250, 251}:
                accepted.append(recipient)
            else:
                refused.append(Refusal(recipient, permanent=code >= 500, said=_words(code, words)))
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(str(error), permanent=False) from error
    return accepted, refused


def _content(session: Session, content: bytes, handing_over: Callable[[], None]) -> str:
    try:
        code, words = session.docmd("DATA")
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(str(error), permanent=False) from error
    if code != 354:
        raise DeliveryFailed(_words(code, words), permanent=code >= 500)
    handing_over()
    try:
        assert session.sock is not None
        session.sock.settimeout(ANSWER_SECONDS)
        session.end_within(CONTENT_SECONDS)
        session.send(_stuffed(content))
        session.end_within(TALK_SECONDS)
        code, words = session.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryUncertain(str(error)) from error
    if code != 250:
        raise DeliveryFailed(_words(code, words), permanent=code >= 500)
    return _words(code, words)


def _say_goodbye(session: smtplib.SMTP) -> None:
    """QUIT, whose answer is not waited for: what the server took is to be written down at once."""
    with suppress(OSError, smtplib.SMTPException):
        session.putcmd("QUIT")


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get another one, and the final dot follows (RFC 5321, 4.5.2)."""
    body = content if content.endswith(b"\r\n") else content + b"\r\n"
    stuffed = body.replace(b"\r\n.", b"\r\n..")
    return (b"." if body.startswith(b".") else b"") + stuffed + b".\r\n"


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".split())[:500]
