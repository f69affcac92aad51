"""Every input about people; the only validator of it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Agent, Role, Team, WorkingHours
from makegood.clock.hours import Slot
from makegood.clock.now import now
from makegood.clock.public_holidays import countries, regions
from makegood.clock.slots import Unreadable, read_slots, write_slots

REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
ZONES = ["UTC", *sorted(zone for zone in available_timezones() if zone.startswith(REGIONS))]
NO_ADDRESS = {"invalid": _("This is not an e-mail address.")}
DAYS = tuple(f"day_{number}" for number in range(7))
LONGEST_OFF, FURTHEST_OFF = 366, 5 * 366  # days

PASSWORD_HINT = _("At least 10 characters. A few words in a row are easy to remember.")


def new_password() -> forms.CharField:
    """A field for a password that is being chosen; the action says whether it is good enough."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=_("Password"), max_length=4096, strip=False, widget=widget, help_text=PASSWORD_HINT)


class AtTheDoor(forms.Form):
    """A form of allauth's on a page with nothing else: the first field waits for what is typed."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields = list(self.fields.values())
        fields[0].widget.attrs["autofocus"] = True
        for field in fields:
            field.widget.attrs.pop("placeholder", None)  # it would say the label once more


class SignInForm(AtTheDoor, LoginForm):  # type: ignore[misc]  # allauth is untyped
    """In the words of all other pages."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        login = self.fields["login"]
        login.label = _("E-mail")
        login.error_messages |= NO_ADDRESS


class AgainForm(AtTheDoor, ReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The password, once more."""


class CodeForm(AtTheDoor, AuthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """The second step."""


class CodeAgainForm(AtTheDoor, CodeReauthenticateForm):  # type: ignore[misc]  # allauth is untyped
    """A code, once more."""


class ProfileForm(forms.Form):
    """What people say about themselves."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Colleagues and customers see it."))
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser asks for")), *settings.LANGUAGES]
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), required=False,
        choices=[("", _("As Makegood’s server")), *[(zone, zone.replace("_", " ")) for zone in ZONES]],
    )  # fmt: skip
    theme = forms.ChoiceField(
        label=_("Colours"), required=False, widget=forms.RadioSelect,
        choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
    )  # fmt: skip
    single_keys = forms.BooleanField(label=_("Single keys, such as R to reply"), required=False)
    signature = forms.CharField(
        label=_("Signature"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands under your replies."),
    )  # fmt: skip

    @classmethod
    def of(cls, agent: Agent, data: Any = None) -> ProfileForm:
        """The form with what is known now."""
        return cls(data, initial={name: getattr(agent, name) for name in cls.base_fields})


class InviteForm(forms.Form):
    """Who is asked to join, as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, error_messages=NO_ADDRESS)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class AgentForm(forms.Form):
    """What an administrator decides about a person."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class NewTeamForm(forms.Form):
    """A team that is being made."""

    name = forms.CharField(label=_("Name"), max_length=60)


class TeamForm(NewTeamForm):
    """A team and who belongs to it."""

    members = forms.ModelMultipleChoiceField(
        Agent.objects.active().order_by("name"), label=_("Who belongs to it"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class HouseForm(forms.Form):
    """What the company is called."""

    name = forms.CharField(label=_("Company name"), max_length=100, help_text=_("People see it when they sign in."))


class JoinForm(forms.Form):
    """The answer to an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = new_password()


class ResetForm(forms.Form):
    """A new password in place of the forgotten one."""

    password = new_password()


class HoursForm(forms.Form):
    """The week, the time zone, and whose public holidays are kept."""

    timezone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES])
    country = forms.ChoiceField(label=_("Public holidays of"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    hands_to = forms.ModelChoiceField(
        Team.objects.none(), label=_("At closing time, hand what waits to"), required=False,
        empty_label=_("Nobody: it waits until you are back"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, hours: WorkingHours, timezone: str) -> None:
        known = {
            "timezone": timezone, "country": hours.country, "region": hours.region, "hands_to": hours.hands_to_id,
        }  # fmt: skip
        week = {name: write_slots(_slots(day)) for name, day in zip(DAYS, hours.week, strict=True)}
        super().__init__(data, initial=known | week)
        for number, name in enumerate(DAYS):
            self.fields[name] = SlotsField(label=WEEKDAYS[number], required=False)
        chosen = self.data.get("country", hours.country) if self.is_bound else hours.country
        if hours.team_id:
            self.fields["hands_to"].queryset = Team.objects.exclude(pk=hours.team_id)  # type: ignore[attr-defined]
        else:
            del self.fields["hands_to"]
        self.fields["country"].choices = [("", _("No country: none")), *countries().items()]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("The whole country")), *_regions_of(chosen).items()]  # type: ignore[attr-defined]

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the week, Monday first."""
        return [self[name] for name in DAYS]

    @property
    def has_regions(self) -> bool:
        """Whether the country has parts with holidays of their own."""
        return len(self.fields["region"].choices) > 1  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not any(given[name] for name in DAYS):
            raise forms.ValidationError(_("Say when you work on one day at least: nothing could ever fall due."))
        return given

    @property
    def week(self) -> list[tuple[Slot, ...]]:
        """As it was given, when it is valid."""
        return [self.cleaned_data[name] for name in DAYS]


class SlotsField(forms.CharField):
    """Working hours of one day; empty where nobody works."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, **more)
        self.widget.attrs |= {"placeholder": _("closed"), "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        try:
            return read_slots(super().clean(value))
        except Unreadable as error:
            sentence = gettext("“%(part)s” is not a time that we understand. Write 9–17, or 9–12, 13:30–18.")
            raise forms.ValidationError(sentence % {"part": error.part}) from error


class DaysOffForm(forms.Form):
    """Days on which nobody works."""

    name = forms.CharField(label=_("What for"), max_length=100)
    first_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_on = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Empty for a single day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_on"), given.get("last_on")
        if first and abs((first - now().date()).days) > FURTHEST_OFF:
            self.add_error("first_on", _("That is more than five years away."))
        if first and last and last < first:
            self.add_error("last_on", _("This is before the first day."))
        elif first and last and (last - first).days > LONGEST_OFF:
            self.add_error("last_on", _("That is more than a year."))
        return given | {"last_on": last or first}


def _slots(day: list[list[int]]) -> tuple[Slot, ...]:
    return tuple((start, end) for start, end in day)


def _regions_of(country: str) -> dict[str, str]:
    return regions(country) if country in countries() else {}
