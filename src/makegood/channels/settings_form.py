"""What an administrator fills in for an inbox of any channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Team
from makegood.channels.wanted import Wanted
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal_for_change


class AccessForm(forms.Form):
    """Who may open the inbox, and which team answers first; these fields stand below a channel's own."""

    access = forms.ChoiceField(
        label=_("Open to"), choices=[("all", _("Everybody")), ("teams", _("These teams"))], initial="all",
        widget=forms.RadioSelect,
    )  # fmt: skip
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Who answers first"), required=False, empty_label=_("Nobody in particular")
    )

    def __init__(self, *args: Any, inbox: Inbox | None = None, **more: Any) -> None:
        if inbox is not None:
            more["initial"] = self.initial_of(inbox) | more.get("initial", {})
        super().__init__(*args, **more)
        self.inbox = inbox
        self.order_fields([name for name in self.fields if name not in AccessForm.base_fields])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("access") == "teams" and not given.get("teams"):
            self.add_error("teams", _("Choose at least one team, or open it to everybody."))
        team, teams = given.get("team"), given.get("teams")
        if given.get("access") == "teams" and team and teams and team not in teams:
            self.add_error("team", _("Choose one of the teams that may open this inbox, or nobody in particular."))
        return given

    def wanted_with(self, fields: Mapping[str, object], secrets: Mapping[str, str]) -> Wanted:
        """What a valid form asks, with the columns and secrets that the channel makes of it."""
        is_open = self.cleaned_data["access"] == "all"
        return Wanted(fields, secrets, is_open, [] if is_open else self.cleaned_data["teams"])

    def mark_kept(self, name: str) -> None:
        """A secret that is there already: it never comes back into the page, and left empty it stays."""
        field = self.fields[name]
        field.widget.attrs["placeholder"] = "••••••••••••"
        field.help_text = _("Stored encrypted. Leave as it is to keep it.")

    def initial_of(self, inbox: Inbox) -> dict[str, Any]:
        """What the inbox keeps, by the names of the fields."""
        access = "all" if inbox.is_open_to_all else "teams"
        return {"access": access, "teams": list(inbox.teams.all()), "team": inbox.team}


class SettingsForm(AccessForm):
    """A channel derives from it and adds fields: each is kept in the inbox's settings under its name.

    Those named in `secret_names` are sealed instead.
    """

    secret_names: ClassVar[tuple[str, ...]] = ()

    address = forms.CharField(
        label=_("Address"), max_length=320, help_text=_("What customers reach this inbox at, on this channel.")
    )
    name = forms.CharField(
        label=_("Name of the inbox"), max_length=80, required=False, help_text=_("For colleagues. Empty: the address.")
    )

    def __init__(self, *args: Any, inbox: Inbox | None = None, **more: Any) -> None:
        super().__init__(*args, inbox=inbox, **more)
        kept = unseal_for_change(inbox) if inbox else {}
        for name in self.secret_names:
            field = self.fields[name]
            field.widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
            if kept.get(name):
                field.required = False
                self.mark_kept(name)

    def wanted(self) -> Wanted:
        """What a valid form asks, for the action."""
        given: dict[str, Any] = self.cleaned_data
        own = [name for name in self.fields if name not in {*SettingsForm.base_fields, *self.secret_names}]
        fields: Mapping[str, object] = {
            "address": given["address"].lower(), "name": given["name"] or given["address"][:80], "team": given["team"],
            "settings": {name: given[name] for name in own},
        }  # fmt: skip
        secrets = {name: given[name] for name in self.secret_names if given[name]}
        return self.wanted_with(fields, secrets)

    def initial_of(self, inbox: Inbox) -> dict[str, Any]:
        kept: dict[str, Any] = inbox.settings
        return kept | super().initial_of(inbox) | {"address": inbox.address, "name": inbox.name}


def form_url(kind: str, inbox: Inbox | None) -> str:
    """The page with the channel's `settings_form`, for `Channel.settings_url`."""
    return reverse("channel-inbox", args=[inbox.pk]) if inbox else reverse("channel-inbox-new", args=[kind])
