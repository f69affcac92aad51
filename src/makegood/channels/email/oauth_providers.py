"""Google's and Microsoft's addresses for signing in to a mailbox, and their mail servers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """One company that lets people sign in to their mailbox (RFC 6749). `console`: where a client is registered."""

    name: str
    authorize_url: str
    token_url: str
    scope: str
    imap_host: str
    smtp_host: str
    console: str

    def servers(self, address: str) -> dict[str, object]:
        """The inbox settings `imap` and `smtp` of this mailbox."""
        common = {"user": address.lower(), "sign_in": "xoauth2"}
        return {
            "imap": {"host": self.imap_host, "port": 993, "security": "tls", **common},
            "smtp": {"host": self.smtp_host, "port": 587, "security": "starttls", **common},
        }


PROVIDERS = {
    "google": Provider(
        name="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address
        scope="https://mail.google.com/",
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        console="https://console.cloud.google.com/apis/credentials",
    ),
    "microsoft": Provider(
        name="Microsoft",
        authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106  an address
        scope="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        console="https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
    ),
}
