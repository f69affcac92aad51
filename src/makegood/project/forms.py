"""Inputs of the pages that belong to no single room."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.agents.forms import NO_ADDRESS, ZONES, new_password
from makegood.agents.models import Agent
from makegood.clock.hours import Hours, Slot
from makegood.clock.slots import read_slots
from makegood.eventlog.telling import TOLD
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to
from makegood.standards.targets import DEFAULT, KNOWN, Target
from makegood.standards.wording import choices


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


class FirstStandardForm(forms.Form):
    """The second step: one standard for all, and the usual weeks; the settings know more."""

    WEEKS: ClassVar = {
        "9-17": (_("on weekdays, 9:00 to 17:00"), "9-17", ""),
        "9-18": (_("on weekdays, 9:00 to 18:00"), "9-18", ""),
        "8-16": (_("on weekdays, 8:00 to 16:00"), "8-16", ""),
        "10-19": (_("on weekdays, 10:00 to 19:00"), "10-19", ""),
        "9-18-sat": (_("Monday to Saturday, 9:00 to 18:00"), "9-18", "sat"),
        "9-21-all": (_("every day, 9:00 to 21:00"), "9-21", "all"),
        "always": (_("around the clock"), "0-24", "all"),
    }
    target = forms.ChoiceField(label=_("How soon"), choices=choices, initial=DEFAULT)
    week = forms.ChoiceField(
        label=_("Working hours"), choices=[(key, words) for key, (words, _slots, _days) in WEEKS.items()]
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            field.widget.attrs |= {"class": "input", "aria-label": field.label}

    @property
    def word(self) -> str:
        """The chosen target, as it is kept."""
        return str(self.cleaned_data["target"])

    @property
    def hours(self) -> dict[str, Any]:
        """For `set_hours`: without public holidays, which the settings ask for."""
        week, zone = self._week(self.cleaned_data["week"]), self.cleaned_data["timezone"]
        return {"timezone": zone, "week": week, "country": "", "region": "", "language": "", "holidays": {}}

    @property
    def chosen(self) -> tuple[Target, Hours]:
        """What is chosen at this moment, also before it is saved."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        week = self._week(given.get("week", "9-17"))
        return KNOWN[given.get("target", DEFAULT)], Hours(ZoneInfo(given.get("timezone", "UTC")), tuple(week))

    @classmethod
    def _week(cls, key: str) -> list[tuple[Slot, ...]]:
        _words, slots, days = cls.WEEKS[key]
        works = {"": 5, "sat": 6, "all": 7}[days]
        return [read_slots(slots)] * works + [()] * (7 - works)


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
