"""What allauth asks us: nobody signs up by themselves, and every sign-in leaves a trace in the log."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from makegood.agents.actions import signing_in
from makegood.agents.models import Agent
from makegood.agents.sealing import seal, unseal
from makegood.agents.theme import remember_theme


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts come from invitations only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and this password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Agent | None:
        """Who has left is a stranger: nobody learns who once worked here."""
        agent: Agent | None = super().authenticate(request, **credentials)
        return agent if agent and agent.is_active else None

    def login(self, request: HttpRequest, user: Agent) -> None:
        super().login(request, user)
        signing_in.note_sign_in(user, request.session)

    def post_login(self, request: HttpRequest, user: Agent, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        remember_theme(response, user.theme)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Agent):
            signing_in.note_sign_out(request.user, request.session)
        super().logout(request)

    def set_password(self, user: Agent, password: str) -> None:
        signing_in.change_password(user, password, keep=self.request.session.session_key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def respond_user_inactive(self, request: HttpRequest, user: Agent) -> HttpResponse:
        """By a passkey, that is."""
        return redirect("account_login")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Secrets of second factors are sealed with the secret key before they are stored."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Makegood"}
