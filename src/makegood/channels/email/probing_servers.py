"""What the connection test asks of a mail server, one question each; the wire's own errors come out.

Answers are functions that put them into words, so that they can be told in any language.
"""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from imap_tools import BaseMailBox

from makegood.channels.email import imap, smtp
from makegood.channels.email.connecting import ImapSettings, Security, Server, SmtpSettings
from makegood.channels.email.probing_faults import RELAYING, RelayDenied, SpeaksTls
from makegood.clock.now import now

SECONDS = 10.0
GREETING_SECONDS = 2.0
Words = Callable[[], str]
OUTSIDE = "someone@example.org"  # RFC 2606: nobody's; asked for at RCPT, never sent to


def find(server: Server) -> None:
    """Whether something listens there."""
    socket.create_connection((server.host, server.port), timeout=SECONDS).close()


def imap_handshake(server: Server) -> Words:
    """The TLS version and until when the certificate is valid."""
    if server.security == Security.NONE:
        return partial(_unencrypted, server)
    if server.security == Security.TLS:
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=server.context(), timeout=SECONDS
        )
    else:
        _refuse_tls_at_once(server)
        client = imaplib.IMAP4(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == Security.STARTTLS:
            client.starttls(ssl_context=server.context())
        return _certificate(client.sock)
    finally:
        with suppress(OSError):
            client.shutdown()


def smtp_handshake(server: Server) -> Words:
    """As `imap_handshake`."""
    if server.security == Security.NONE:
        return partial(_unencrypted, server)
    if server.security == Security.TLS:
        session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=server.context())
    else:
        _refuse_tls_at_once(server)
        session = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == Security.STARTTLS:
            session.starttls(context=server.context())
        return _certificate(session.sock)
    finally:
        session.close()


def look_into(settings: ImapSettings) -> Words:
    """Sign in, open every folder that is to be watched, read-only, and say what the first one holds."""
    box = imap.connect(settings.server)
    try:
        for name in (*settings.folders[1:], *filter(None, [settings.sent_folder]), settings.folders[0]):
            box.folder.set(name, readonly=True)
        first = settings.folders[0]
        count = box.folder.status(first, ["MESSAGES"])["MESSAGES"]
        return partial(_folder_words, first, count, _newest(box) if count else None)
    finally:
        _hang_up(box)


def holds(settings: ImapSettings, message_id: str) -> bool:
    """Whether a watched folder has a message of this id."""
    box = imap.connect(settings.server)
    try:
        for name in settings.folders:
            box.folder.set(name, readonly=True)
            status, found = box.client.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
            if status == "OK" and found and found[0]:
                return True
        return False
    finally:
        _hang_up(box)


def sign_in_to_send(settings: SmtpSettings, address: str) -> Words:
    """Sign in, and ask without sending anything whether mail from us to another domain would be taken."""
    session = smtp.connect(settings.server, settings.hello)
    try:
        code, words = session.mail(address)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, words, address)
        code, words = session.rcpt(OUTSIDE)
        said = f"{code} {words.decode('utf-8', 'replace')}"
        # Other refusals are about the made-up recipient.
        if code >= 400 and RELAYING.search(said):
            raise RelayDenied(said)
        session.rset()
    finally:
        with suppress(OSError, smtplib.SMTPException):
            session.quit()
        session.close()
    return partial(_signed_in, settings.server.user)


def _signed_in(user: str) -> str:
    return _("Signed in as %(user)s") % {"user": user} if user else _("The server takes mail from us without a sign-in")


def _newest(box: BaseMailBox) -> datetime | None:
    """When the server got the last message of the open folder."""
    status, answer = box.client.fetch("*", "(INTERNALDATE)")
    if status != "OK" or not answer or not isinstance(answer[0], bytes):
        return None
    parsed = imaplib.Internaldate2tuple(answer[0])
    return datetime(*parsed[:6]).astimezone(UTC) if parsed else None


def _folder_words(name: str, count: int, newest: datetime | None) -> str:
    messages = ngettext("%(number)s message", "%(number)s messages", count) % {
        "number": number_format(count, use_l10n=True, force_grouping=True)
    }
    if newest is None:
        return _("Folder %(name)s, no messages yet") % {"name": name}
    local = timezone.localtime(newest)
    is_today = local.date() == timezone.localtime(now()).date()
    moment = date_format(local, "TIME_FORMAT" if is_today else "DATE_FORMAT")
    return _("Newest message %(moment)s, folder %(name)s, %(messages)s") % {
        "moment": moment, "name": name, "messages": messages,
    }  # fmt: skip


def _unencrypted(server: Server) -> str:
    return _("%(host)s: not encrypted, so passwords and mail can be read on the way") % {"host": server.host}


def _certificate(connected: socket.socket | None) -> Words:
    assert isinstance(connected, ssl.SSLSocket)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((connected.getpeercert() or {})["notAfter"])), UTC)
    return partial(_certificate_words, str(connected.version()).replace("TLSv", "TLS "), ends)


def _certificate_words(version: str, ends: datetime) -> str:
    return _("%(version)s, certificate valid until %(day)s") % {
        "version": version, "day": date_format(timezone.localtime(ends), "DATE_FORMAT"),
    }  # fmt: skip


def _refuse_tls_at_once(server: Server) -> None:
    """A port that speaks TLS from the first byte says nothing to those who wait for its greeting: ask it in TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # only whether it speaks; nothing is sent
    with socket.create_connection((server.host, server.port), timeout=SECONDS) as plain:
        plain.settimeout(GREETING_SECONDS)
        try:
            if plain.recv(1, socket.MSG_PEEK):
                return
        except TimeoutError:
            pass
        try:
            context.wrap_socket(plain, server_hostname=server.host).close()
        except OSError:
            return
    raise SpeaksTls


def _hang_up(box: BaseMailBox) -> None:
    with suppress(*imap.WIRE_ERRORS):
        box.logout()
