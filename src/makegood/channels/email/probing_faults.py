"""What can be wrong with a connection, and what to do about it, in plain words."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from makegood.channels.email.connecting import Security, Server
from makegood.channels.email.wording import plain_words

# OpenSSL's verify codes, see X509_STORE_CTX_get_error(3).
EXPIRED, NOT_YET_VALID, WRONG_HOST = 10, 9, 62
SELF_SIGNED = (18, 19)
RELAYING = re.compile(r"relay|[45]\.7\.1\b", re.I)
SIGN_IN_FIRST = re.compile(r"authenticat|sign.?in|log.?in|5\.7\.0\b", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """`said`: what happened, with the other side's own words where it has any. `remedy`: one thing to do."""

    said: str
    remedy: str


class RelayDenied(Exception):
    """The server would not take mail for other domains from us; carries its own words."""


class SpeaksTls(Exception):
    """We waited for plain words at a port that speaks TLS from the first byte."""


def fault_of(error: BaseException, server: Server) -> Fault:
    """Looks behind our own exceptions at the wire's; an error it does not know keeps its own words."""
    chain = list(_chain(error))
    for kind, explain in _Faults.KNOWN.items():
        for one in chain:
            if isinstance(one, kind) and (found := explain(server, one)):
                return found
    words = words_of(error)
    return Fault(
        _("%(host)s said: %(words)s") % {"host": server.host, "words": words or type(chain[-1]).__name__},
        _("Ask whoever runs this server what these words mean there."),
    )


def words_of(error: BaseException) -> str:
    """The server's own words, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return " ".join(f"{error.smtp_code} {text}".split())[:300]
    return plain_words(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _unknown_host(server: Server, error: BaseException) -> Fault:
    return Fault(_("There is no server named %(host)s.") % {"host": server.host}, _("Check the spelling of its name."))


def _refused(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("Nothing listens at %(host)s on port %(port)s.") % {"host": server.host, "port": server.port},
        _("Check the port: 993 or 143 for coming in, 465 or 587 for going out are usual."),
    )


def _timeout(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("%(host)s did not answer on port %(port)s within ten seconds.") % {"host": server.host, "port": server.port},
        _("Check the port, and whether a firewall stands in between."),
    )


def _unreachable(server: Server, error: BaseException) -> Fault | None:
    if not isinstance(error, OSError) or error.errno is None or isinstance(error, ssl.SSLError):
        return None
    words = {"host": server.host, "words": error.strerror or str(error)}
    return Fault(
        _("%(host)s cannot be reached: %(words)s.") % words, _("Check the server’s name and this machine’s network.")
    )


def _speaks_tls(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("Port %(port)s of %(host)s speaks TLS from the first byte.") % {"host": server.host, "port": server.port},
        _("Choose the security “TLS”."),
    )


def _certificate(server: Server, error: BaseException) -> Fault:
    assert isinstance(error, ssl.SSLCertVerificationError)
    host = {"host": server.host}
    if error.verify_code == EXPIRED:
        return Fault(
            _("The certificate of %(host)s has expired.") % host,
            _("Whoever runs the server must renew it. Until then nothing is sent there."),
        )
    if error.verify_code == NOT_YET_VALID:
        return Fault(
            _("The certificate of %(host)s is not valid yet.") % host,
            _("Check the clock of this machine, then that of the server."),
        )
    if error.verify_code in SELF_SIGNED:
        return Fault(
            _("%(host)s made its own certificate, so anybody could pretend to be it.") % host,
            _("Give the server a certificate from an authority, or add yours to this machine’s trusted ones."),
        )
    if error.verify_code == WRONG_HOST:
        return Fault(
            _("The certificate is not made out to %(host)s.") % host,
            _("Use the server name that your provider’s instructions give."),
        )
    return Fault(
        _("The certificate of %(host)s cannot be trusted: %(words)s.") % {**host, "words": error.verify_message},
        _("Ask whoever runs the server for the full chain of certificates."),
    )


def _no_tls(server: Server, error: BaseException) -> Fault | None:
    reason = getattr(error, "reason", "") or ""
    if "CERTIFICATE" in reason:
        return None
    said = _("Port %(port)s of %(host)s does not speak TLS in this way.") % {"host": server.host, "port": server.port}
    return Fault(said, _("Choose the security “STARTTLS”, or the port that your provider names for TLS."))


def _no_starttls(server: Server, error: BaseException) -> Fault | None:
    if "TLS" not in str(error).upper() or server.security != Security.STARTTLS:
        return None
    return Fault(
        _("%(host)s offers no STARTTLS on port %(port)s.") % {"host": server.host, "port": server.port},
        _("Choose the security “TLS” and its port: 993 for coming in, 465 for going out."),
    )


def _password(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("%(host)s refused the sign-in of %(user)s: “%(words)s”.")
        % {"host": server.host, "user": server.user, "words": words_of(error)},
        _("Sign in again at the provider.")
        if server.sign_in == "xoauth2"
        else _("Check the password. Many providers need an app password here, made in the account’s own settings."),
    )


def _bearer(server: Server, error: BaseException) -> Fault | None:
    """imaplib has no error of its own for a token that is refused."""
    return _password(server, error) if "AUTHENTICATIONFAILED" in str(error).upper() else None


def _folder(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("%(host)s could not open a folder: “%(words)s”.") % {"host": server.host, "words": words_of(error)},
        _("Check the folders’ names, letter by letter; a subfolder is written as Care/Returns or Care.Returns."),
    )


def _relay(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("%(host)s takes no mail for other domains from us: “%(words)s”.") % {"host": server.host, "words": error},
        _("Enter a user name and password for going out, or allow this machine to relay there."),
    )


def _no_sign_in(server: Server, error: BaseException) -> Fault | None:
    """smtplib has no number for it: the server's greeting names no AUTH, or no way of it that we know (RFC 4954)."""
    said = str(error)
    if "AUTH" not in said and "authentication method" not in said:
        return None
    words = {"host": server.host, "port": server.port}
    if server.security == Security.NONE:
        remedy = _("Many servers take a password only over an encrypted line: choose TLS or STARTTLS.")
    else:
        remedy = _("Use the port for sending mail: 587 with STARTTLS, or 465 with TLS.")
    without = _(
        "If it takes mail from this machine without one, switch off the same sign-in as coming in and leave the user "
        "name empty."
    )
    return Fault(_("%(host)s offers no sign-in on port %(port)s.") % words, f"{remedy} {without}")


def _sender(server: Server, error: BaseException) -> Fault:
    assert isinstance(error, smtplib.SMTPSenderRefused)
    said = _("%(host)s does not let this account send as %(sender)s: “%(words)s”.") % {
        "host": server.host, "sender": error.sender, "words": words_of(error),
    }  # fmt: skip
    if SIGN_IN_FIRST.search(words_of(error)) and not server.user:
        return Fault(said, _("Enter a user name and password for going out."))
    return Fault(said, _("Allow the address as a sender of this account, or use the account that owns it."))


def _hung_up(server: Server, error: BaseException) -> Fault:
    return Fault(
        _("%(host)s hung up on port %(port)s.") % {"host": server.host, "port": server.port},
        _("Try another kind of security: TLS for 993 and 465, STARTTLS for 143 and 587."),
    )


class _Faults:
    """Looked through from the most to the least telling."""

    KNOWN: ClassVar = {
        RelayDenied: _relay,
        SpeaksTls: _speaks_tls,
        MailboxFolderSelectError: _folder,
        MailboxLoginError: _password,
        imaplib.IMAP4.error: _bearer,
        smtplib.SMTPAuthenticationError: _password,
        smtplib.SMTPSenderRefused: _sender,
        smtplib.SMTPException: _no_sign_in,
        ssl.SSLCertVerificationError: _certificate,
        socket.gaierror: _unknown_host,
        ConnectionRefusedError: _refused,
        TimeoutError: _timeout,
        ssl.SSLError: _no_tls,
        smtplib.SMTPServerDisconnected: _hung_up,
        ConnectionResetError: _hung_up,
        OSError: _unreachable,
        Exception: _no_starttls,
    }
