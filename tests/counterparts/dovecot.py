"""A real Dovecot on loopback ports: IMAP (plain and TLS) and LMTP, ended by its pid."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.counterparts.ports import free_port, wait_for

USER, PASSWORD = "hello@quillfeather.example", "lantern"


@dataclass(frozen=True)
class Dovecot:
    folder: Path
    imap_port: int
    lmtp_port: int
    certificate: Path | None = None  # a PEM with chain and key: STARTTLS on imap_port, TLS on imaps_port
    imaps_port: int = 0
    introspection_url: str = ""  # asked with the token appended; any answer with "email" is a valid one

    @property
    def imap_url(self) -> str:
        return f"imap+plain://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.imap_port}"

    def deliver(self, content: bytes, to: str = USER) -> None:
        """By LMTP, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as session:
            session.sendmail("outside@elsewhere.example", [to], content)

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another mail program."""
        session = imaplib.IMAP4("127.0.0.1", self.imap_port)
        session.login(USER, PASSWORD)
        try:
            yield session
        finally:
            session.logout()


@contextmanager
def dovecot(certificate: Path | None = None, introspection_url: str = "") -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    account = _unprivileged()
    imaps_port = free_port() if certificate else 0
    server = Dovecot(folder, free_port(), free_port(), certificate, imaps_port, introspection_url)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    (folder / "conf").write_text(_configuration(server, account))
    if certificate:
        shutil.copy(certificate, folder / "certificate.pem")
    if introspection_url:
        (folder / "oauth2").write_text(
            f"introspection_url = {introspection_url}\nintrospection_mode = get\nusername_attribute = email\n"
            f"active_attribute = active\nactive_value = true\n"
        )
    (folder / "run").mkdir()
    (folder / "mail").mkdir()
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", account, folder], check=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["dovecot", "-F", "-c", folder / "conf"], stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        wait_for(server.imap_port)
        wait_for(server.lmtp_port)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str:
    """Dovecot wants a user that is not root; the machine's own account for it when we are."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    return "nobody"


def _configuration(server: Dovecot, account: str) -> str:
    group = "nogroup" if account == "nobody" else account
    return f"""
base_dir = {server.folder}/run
state_dir = {server.folder}/run
log_path = {server.folder}/dovecot.log
{_tls(server)}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
protocols = imap lmtp
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
mail_location = maildir:{server.folder}/mail/%u
mail_uid = {account}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
postmaster_address = postmaster@quillfeather.example
{_tokens(server)}
passdb {{
  driver = passwd-file
  args = {server.folder}/users
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={server.folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {server.imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {server.imaps_port}
    ssl = {"yes" if server.certificate else "no"}
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {server.lmtp_port}
  }}
}}
service stats {{
  chroot =
}}
"""


def _tls(server: Dovecot) -> str:
    if not server.certificate:
        return "ssl = no"
    file = server.folder / "certificate.pem"
    return f"ssl = yes\nssl_cert = <{file}\nssl_key = <{file}"


def _tokens(server: Dovecot) -> str:
    """Access tokens are asked for at the introspection server, before any password file."""
    if not server.introspection_url:
        return ""
    return f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {server.folder}/oauth2\n}}"
