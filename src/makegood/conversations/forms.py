"""Every input about conversations; the only validator of it."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from makegood.agents.models import Agent, Team
from makegood.clock.now import now
from makegood.conversations.actions.attaching import Upload
from makegood.conversations.actions.replying import Letter
from makegood.conversations.addressing import read_typed
from makegood.conversations.envelope import Address
from makegood.conversations.models import Conversation
from makegood.conversations.queries.whereabouts import now_at
from makegood.database.selecting import LARGEST
from makegood.inboxes.models import Inbox
from makegood.inboxes.queries import open_to, teams_that_open
from makegood.live.models import LOOKING, NOTE, REPLY
from makegood.text.filenames import clean as clean_name

MOST_BYTES = 25 * 1024 * 1024
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")


class AddressesField(forms.CharField):
    """Typed addresses; gives a list of `Address`, refuses with the piece that is none."""

    def clean(self, value: Any) -> list[Address]:
        found, bad = read_typed(super().clean(value))
        if bad:
            raise ValidationError(_("“%(piece)s” is not an e-mail address."), params={"piece": bad[0][:80]})
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(found) > 200:
            raise ValidationError(_("More than 200 addresses is a newsletter, not a letter."))
        return found


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name))


class FilesField(forms.FileField):
    """Uploaded files; gives a list of `Upload`, with names cleaned. 25 MB in all is what most mail servers take."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        given = [file for file in (data or []) if file]
        if sum(file.size for file in given) > MOST_BYTES:
            raise ValidationError(_("Together these files are larger than 25 MB; most mail servers refuse that."))
        return [
            Upload(clean_name(file.name or "", f"file-{number}"), _kind_of(file.content_type), file.read())
            for number, file in enumerate(given, 1)
        ]


class WritingForm(forms.Form):
    """A reply or a note. `key` is the draft's and keeps a double click from writing twice."""

    mode = forms.ChoiceField(choices=[("reply", _("Reply")), ("note", _("Note"))])
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 3}))
    to = AddressesField(label=_("To"), required=False)
    cc = AddressesField(label=_("Cc"), required=False)
    bcc = AddressesField(label=_("Bcc"), required=False)
    uploads = FilesField(label=_("Files"), required=False)
    after = forms.ChoiceField(required=False, choices=[("", ""), ("close", "close")])
    # The answer to what was asked, what had been seen before that, and what comes after: "hash.seen:close".
    anyway = forms.CharField(required=False, max_length=70)
    seen = forms.IntegerField(required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput)

    def letter(self) -> Letter:
        """What was written, for the action."""
        given = self.cleaned_data
        names = ("text", "to", "cc", "bcc", "key")
        answer, _, before = given["anyway"].partition(":")[0].partition(".")
        seen = int(before) if before.isdecimal() and int(before) <= LARGEST else given["seen"]
        return Letter(**{name: given[name] for name in names}, answer=answer, seen=seen)

    def closes(self) -> bool:
        """Whether the conversation is closed once this has been sent."""
        return "close" in {self.cleaned_data["after"], self.cleaned_data["anyway"].partition(":")[2]}


class NewConversationForm(forms.Form):
    """A letter that begins a conversation."""

    inbox = forms.ModelChoiceField(Inbox.objects.none(), label=_("From"), empty_label=None)
    to = AddressesField(label=_("To"), widget=forms.TextInput(attrs={"autofocus": True}))
    cc = AddressesField(label=_("Cc"), required=False)
    bcc = AddressesField(label=_("Bcc"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    text = forms.CharField(label=_("Your words"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 12}))
    uploads = FilesField(label=_("Files"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.ModelChoiceField(Conversation.objects.none(), required=False, widget=forms.HiddenInput)
    anyway = forms.CharField(required=False, max_length=50)

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin"].queryset = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
        self.inboxes = open_to(agent).filter(is_active=True)
        self.fields["inbox"].queryset = self.inboxes  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("key", uuid.uuid4())

    def clean_origin(self) -> Conversation | None:
        """Where its notes are by now, with which the letter is compared."""
        origin: Conversation | None = self.cleaned_data["origin"]
        return now_at(origin.pk) if origin and origin.merged_into_id else origin

    def letter(self) -> Letter:
        """What was written, for the action."""
        given = self.cleaned_data
        return Letter(
            text=given["text"], to=given["to"], cc=given["cc"], bcc=given["bcc"], subject=given["subject"],
            key=given["key"], origin=given["origin"], answer=given["anyway"],
        )  # fmt: skip


class DraftForm(forms.Form):
    """What is saved while somebody types: kept as it stands, valid or not."""

    mode = forms.ChoiceField(required=False, choices=[("reply", ""), ("note", "")])
    key = forms.UUIDField()
    text = forms.CharField(required=False, max_length=200_000, strip=False)
    to = forms.CharField(required=False, max_length=20_000)
    cc = forms.CharField(required=False, max_length=20_000)
    bcc = forms.CharField(required=False, max_length=20_000)
    seen = forms.CharField(required=False)  # comes along, and is not kept: whoever opens a draft sees the page anew


class PresenceForm(forms.Form):
    """What a page says about somebody who has it open."""

    doing = forms.ChoiceField(choices=[(LOOKING, ""), (REPLY, ""), (NOTE, "")])
    page = forms.CharField(max_length=16)


class LeavingForm(forms.Form):
    """Which page they leave."""

    page = forms.CharField(max_length=16)


class AssignForm(forms.Form):
    """To an agent or a team who may open the conversation's inbox, or with neither to nobody."""

    agent = forms.ModelChoiceField(Agent.objects.filter(is_active=True), required=False)
    team = forms.ModelChoiceField(Team.objects.all(), required=False)

    def __init__(self, *args: Any, inbox: Inbox, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inbox = inbox

    def clean_agent(self) -> Agent | None:
        agent: Agent | None = self.cleaned_data["agent"]
        if agent and not open_to(agent).filter(pk=self.inbox.pk).exists():
            raise self._shut_out(agent)
        return agent

    def clean_team(self) -> Team | None:
        team: Team | None = self.cleaned_data["team"]
        if team and not teams_that_open(self.inbox).filter(pk=team.pk).exists():
            raise self._shut_out(team)
        return team

    def _shut_out(self, who: Agent | Team) -> ValidationError:
        sentence = _("%(name)s may not open the inbox of this conversation. Choose somebody who may.")
        return ValidationError(sentence, params={"name": who.name})


class SnoozeForm(forms.Form):
    """Until when: a choice of words, or a moment in the agent's own time."""

    CHOICES = (
        ("later", _("In three hours")), ("tomorrow", _("Tomorrow morning")), ("monday", _("Monday morning")),
        ("week", _("In a week")),
    )  # fmt: skip
    MORNING = time(9)

    until = forms.ChoiceField(choices=CHOICES, required=False)
    at = forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        moment = given.get("at") or (_moment_of(given["until"]) if given.get("until") else None)
        if moment is None:
            raise ValidationError(_("Until when? Choose a time."))
        if moment <= now():
            raise ValidationError(_("That time is over. Choose a later one."))
        return given | {"moment": moment}


class TagForm(forms.Form):
    """One label."""

    name = forms.CharField(max_length=40)


class MergeForm(forms.Form):
    """Into which other conversation that the agent may see; one that was merged itself stands for where it went."""

    into = forms.ModelChoiceField(Conversation.objects.none())

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = Conversation.objects.visible_to(agent)
        self.fields["into"].queryset = self.seen  # type: ignore[attr-defined]

    def clean_into(self) -> Conversation:
        found = now_at(self.cleaned_data["into"].pk)
        if not self.seen.filter(pk=found.pk).exists():
            raise ValidationError(_("It was merged into a conversation of an inbox that you may not open."))
        return found


class MoveForm(forms.Form):
    """To an inbox that the agent may open."""

    inbox = forms.ModelChoiceField(Inbox.objects.none())

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inbox"].queryset = open_to(agent).filter(is_active=True)  # type: ignore[attr-defined]


class SubjectForm(forms.Form):
    """What colleagues call it; `renaming` says what is too little."""

    subject = forms.CharField(max_length=300, required=False)


def _kind_of(content_type: str | None) -> str:
    """What the browser says, when it has the shape of a media type (RFC 6838)."""
    return content_type if content_type and MEDIA_TYPE.fullmatch(content_type) else "application/octet-stream"


def _moment_of(choice: str) -> datetime:
    local = timezone.localtime(now())
    if choice == "later":
        return local + timedelta(hours=3)
    days = {"tomorrow": 1, "monday": 7 - local.weekday(), "week": 7}[choice]
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, SnoozeForm.MORNING, tzinfo=timezone.get_current_timezone())
