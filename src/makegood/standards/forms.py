"""Inputs about how soon we answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Agent, Team
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to
from makegood.standards.targets import DEFAULT
from makegood.standards.wording import choices


class TargetForm(forms.Form):
    """For the first answer, and for each after it."""

    first = forms.ChoiceField(label=_("The first reply"), choices=choices, initial=DEFAULT)
    following = forms.ChoiceField(label=_("Every reply after it"), choices=choices, initial=DEFAULT)


class SpecialTargetForm(TargetForm):
    """The same for an inbox, a team, or an inbox when that team answers it."""

    inbox = forms.ModelChoiceField(Inbox.objects.none(), label=_("Inbox"), required=False, empty_label=_("Every inbox"))
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False, empty_label=_("Every team"))
    field_order = ("inbox", "team", "first", "following")

    def __init__(self, *args: Any, agent: Agent, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["inbox"].queryset = open_to(agent)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given["inbox"] and not given["team"]:
            raise forms.ValidationError(_("Choose an inbox or a team; what holds for all stands above."))
        return given
