"""Mail servers of companies that many people have their mailbox with, as their own instructions name them."""

from __future__ import annotations

from dataclasses import dataclass

APP_PASSWORD = "app_password"  # noqa: S105  a kind, not a password


@dataclass(frozen=True, slots=True)
class Known:
    """`sign_in`: "google" or "microsoft" (see `oauth_providers`), "app_password", or "" for the usual password.

    IMAP with TLS on 993; going out with STARTTLS on 587, or with TLS on 465.
    """

    imap: str
    smtp: str
    smtp_port: int = 587
    sign_in: str = ""


GOOGLE = Known("imap.gmail.com", "smtp.gmail.com", sign_in="google")
MICROSOFT = Known("outlook.office365.com", "smtp.office365.com", sign_in="microsoft")
YAHOO = Known("imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465, APP_PASSWORD)
ICLOUD = Known("imap.mail.me.com", "smtp.mail.me.com", sign_in=APP_PASSWORD)
GMX = Known("imap.gmx.net", "mail.gmx.net")
FASTMAIL = Known("imap.fastmail.com", "smtp.fastmail.com", 465, APP_PASSWORD)
MAILBOX_ORG = Known("imap.mailbox.org", "smtp.mailbox.org")

BY_DOMAIN = {
    "gmail.com": GOOGLE, "googlemail.com": GOOGLE,
    "outlook.com": MICROSOFT, "hotmail.com": MICROSOFT, "live.com": MICROSOFT, "msn.com": MICROSOFT,
    "yahoo.com": YAHOO, "ymail.com": YAHOO, "yahoo.co.uk": YAHOO, "yahoo.fr": YAHOO, "yahoo.de": YAHOO,
    "icloud.com": ICLOUD, "me.com": ICLOUD, "mac.com": ICLOUD,
    "gmx.de": GMX, "gmx.net": GMX, "gmx.at": GMX, "gmx.ch": GMX,
    "web.de": Known("imap.web.de", "smtp.web.de"),
    "t-online.de": Known("secureimap.t-online.de", "securesmtp.t-online.de", 465, APP_PASSWORD),
    "fastmail.com": FASTMAIL, "fastmail.fm": FASTMAIL,
    "mailbox.org": MAILBOX_ORG,
    "posteo.de": Known("posteo.de", "posteo.de"), "posteo.net": Known("posteo.de", "posteo.de"),
    "orange.fr": Known("imap.orange.fr", "smtp.orange.fr", 465), "free.fr": Known("imap.free.fr", "smtp.free.fr"),
    "yandex.com": Known("imap.yandex.com", "smtp.yandex.com", 465, APP_PASSWORD),
    "zoho.com": Known("imap.zoho.com", "smtp.zoho.com", sign_in=APP_PASSWORD),
    "aol.com": Known("imap.aol.com", "smtp.aol.com", 465, APP_PASSWORD),
}  # fmt: skip

# Whose servers take a company's mail tells where its mailboxes are: the MX lies below one of these.
BY_MX = {
    "google.com": GOOGLE, "googlemail.com": GOOGLE,
    "mail.protection.outlook.com": MICROSOFT, "mx.microsoft": MICROSOFT,
    "messagingengine.com": FASTMAIL,
    "mailbox.org": MAILBOX_ORG,
    "zoho.com": Known("imappro.zoho.com", "smtppro.zoho.com", sign_in=APP_PASSWORD),
    "zoho.eu": Known("imappro.zoho.eu", "smtppro.zoho.eu", sign_in=APP_PASSWORD),
    "ionos.de": Known("imap.ionos.de", "smtp.ionos.de"), "kundenserver.de": Known("imap.ionos.de", "smtp.ionos.de"),
    "ionos.com": Known("imap.ionos.com", "smtp.ionos.com"),
    "ovh.net": Known("ssl0.ovh.net", "ssl0.ovh.net"),
    "mail.gandi.net": Known("mail.gandi.net", "mail.gandi.net"),
    "migadu.com": Known("imap.migadu.com", "smtp.migadu.com", 465),
}  # fmt: skip
