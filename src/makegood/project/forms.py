"""Inputs of the pages that belong to no single room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.agents.forms import NO_ADDRESS, new_password
from makegood.agents.models import Agent
from makegood.eventlog.telling import TOLD
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to


class ShopForm(forms.Form):
    """The first step of the first run: the company and its first administrator."""

    company = forms.CharField(
        label=_("Company name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, error_messages=NO_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    password = new_password()


class GrantsForm(forms.Form):
    """Which of the inboxes that this agent may open a team may open, too."""

    inboxes = forms.ModelMultipleChoiceField(
        Inbox.objects.none(), label=_("Inboxes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, agent: Agent, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["inboxes"].queryset = open_to(agent)  # type: ignore[attr-defined]


class AuditForm(forms.Form):
    """What of the log is read; what is unknown is ignored."""

    actor = forms.ChoiceField(label=_("Who"), required=False)
    name = forms.ChoiceField(label=_("What"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, data: Any, *, agents: dict[int, Agent]) -> None:
        super().__init__(data)
        people = [(str(agent.actor), agent.name) for agent in agents.values()]
        names = sorted(((name, told.name) for name, told in TOLD.items()), key=lambda pair: str(pair[1]))
        self.fields["actor"].choices = [("", _("Everybody")), *people, ("system:", _("Makegood"))]  # type: ignore[attr-defined]
        self.fields["name"].choices = [("", _("Everything")), *names]  # type: ignore[attr-defined]

    def asked(self) -> tuple[str, str, int | None]:
        """Actor, name and the id to begin below."""
        self.is_valid()
        given = self.cleaned_data
        return given.get("actor", ""), given.get("name", ""), given.get("before")
