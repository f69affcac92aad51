"""Signing in to a mailbox at its provider: authorization code with PKCE (RFC 6749, RFC 7636), and fresh tokens.

Not proven live: tested against a provider of our own making and Dovecot's XOAUTH2.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from makegood.channels.email.oauth_providers import PROVIDERS, Provider
from makegood.channels.http import Client, NotFetched, client
from makegood.clock.now import now
from makegood.errors import Refused
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal

EARLY = timedelta(minutes=15)  # a token is refreshed this long before its end
USUAL = 3600  # RFC 6749, 5.1: the length may be left out
VALID = timedelta(minutes=10)  # from our page to the provider's and back


@dataclass(frozen=True, slots=True)
class Journey:
    """What we must remember while a person is at the provider; kept in their session, never in a page."""

    inbox_id: int
    state: str
    verifier: str
    begun_at: str

    def is_this(self, state: str) -> bool:
        """Whether the one who came back is the one who left, in time."""
        in_time = now() - datetime.fromisoformat(self.begun_at) < VALID
        return in_time and hmac.compare_digest(self.state.encode(), state.encode(errors="replace"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """`refresh` is empty when the provider gave no new one. `ends_at`: of the access token."""

    access: str
    refresh: str
    ends_at: datetime


def provider_of(inbox: Inbox) -> Provider:
    """Refuses when the inbox is not signed in to at a provider."""
    kept = inbox.settings.get("oauth") or {}
    if kept.get("provider") not in PROVIDERS:
        raise Refused(_("This inbox has a password, so there is nothing to sign in to."))
    return PROVIDERS[kept["provider"]]


def set_out(inbox: Inbox, redirect_url: str) -> tuple[Journey, str]:
    """What to remember, and where the person goes."""
    provider = provider_of(inbox)
    journey = Journey(inbox.pk, secrets.token_urlsafe(32), secrets.token_urlsafe(48), now().isoformat())
    challenge = base64.urlsafe_b64encode(sha256(journey.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": inbox.settings["oauth"]["client_id"], "redirect_uri": redirect_url,
        "scope": provider.scope, "state": journey.state, "code_challenge": challenge, "code_challenge_method": "S256",
        "access_type": "offline", "prompt": "consent", "login_hint": inbox.address,
    }  # fmt: skip
    return journey, f"{provider.authorize_url}?{urlencode(asked)}"


def exchange(inbox: Inbox, journey: Journey, code: str, redirect_url: str, http: Client | None = None) -> Tokens:
    """The code that the person brought back becomes tokens; refuses with the provider's own words."""
    asked = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_url,
        "code_verifier": journey.verifier,
    }  # fmt: skip
    tokens = _ask(inbox, asked, http or client())
    if not tokens.refresh:
        raise Refused(_("The provider gave no lasting sign-in. Remove Makegood at the provider and sign in once more."))
    return tokens


def refresh(inbox: Inbox, http: Client | None = None) -> Tokens:
    """New tokens for old; refuses when the provider wants the person again."""
    kept = unseal(inbox).get("oauth_refresh", "")
    if not kept:
        raise Refused(f"{inbox.address} is not signed in at its provider yet. Sign in on the inbox’s page.")
    return _ask(inbox, {"grant_type": "refresh_token", "refresh_token": kept}, http or client())


def is_due(inbox: Inbox) -> bool:
    """Whether its access token ends soon."""
    ends_at: str = (inbox.settings.get("oauth") or {}).get("ends_at", "")
    return bool(ends_at) and datetime.fromisoformat(ends_at) - now() < EARLY


def _ask(inbox: Inbox, asked: dict[str, str], http: Client) -> Tokens:
    provider = provider_of(inbox)
    who = {
        "client_id": inbox.settings["oauth"]["client_id"],
        "client_secret": unseal(inbox).get("client_secret", ""),
    }
    content = urlencode(asked | who).encode()
    try:
        status, body = http.post(provider.token_url, content, "application/x-www-form-urlencoded")
    except NotFetched as error:
        raise NoAnswer(f"{provider.name} cannot be reached: {error}") from error
    answer = _read(body)
    if status != 200 or not isinstance(answer.get("access_token"), str):
        if status >= 500:
            raise NoAnswer(f"{provider.name} answered {status}.")
        words = " ".join(str(answer.get(name, "")) for name in ("error", "error_description"))[:300].strip()
        raise Refused(f"{provider.name} said no ({words or status}). Sign in again on the inbox’s page.")
    seconds = answer.get("expires_in")
    length = timedelta(seconds=min(int(seconds), 86400) if isinstance(seconds, int) else USUAL)
    return Tokens(answer["access_token"], str(answer.get("refresh_token") or ""), now() + length)


class NoAnswer(Refused):
    """The provider did not answer: nothing is decided, the next look may succeed."""


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
