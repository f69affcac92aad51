"""Inputs about how soon we answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Agent, Team
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to
from makegood.standards.answer_words import languages, occasion_words
from makegood.standards.ready_answers import PLACES, named_in
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


class ReadyAnswerForm(forms.Form):
    """Words that go out by themselves."""

    occasion = forms.ChoiceField(label=_("When"), choices=lambda: list(occasion_words().items()))
    language = forms.ChoiceField(label=_("To letters in"), required=False)
    words = forms.CharField(label=_("Your words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["language"].choices = [("", _("Every other language")), *languages()]  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"]).replace("\r\n", "\n").strip()
        if unknown := sorted(named_in(words) - set(PLACES)):
            known = ", ".join(f"{{{name}}}" for name in PLACES)
            sentence = gettext("There is nothing called {%(name)s}. You can write: %(known)s.")
            raise forms.ValidationError(sentence % {"name": unknown[0], "known": known})
        return words
