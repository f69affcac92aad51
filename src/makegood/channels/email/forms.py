"""Every input about mailboxes; the only validator of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.channels.email.clashing import address_fault, reply_domain_fault
from makegood.channels.email.connecting import Security
from makegood.channels.email.discovering import Found
from makegood.channels.email.fields import DomainField, FoldersField, HostField
from makegood.channels.email.oauth_providers import PROVIDERS
from makegood.channels.settings_form import AccessForm
from makegood.channels.wanted import Wanted
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal_for_change

SERVER, FORWARD = "server", "forward"
WAYS = (SERVER, FORWARD, *PROVIDERS)
SECURITIES = [
    (Security.TLS, "TLS"), (Security.STARTTLS, "STARTTLS"), (Security.NONE, _("None, in your own network only")),
]  # fmt: skip
STARTS = [
    ("now", _("From now on")), ("90days", _("The last 90 days, too")), ("all", _("Everything that is there")),
]  # fmt: skip
OUTGOING = ("smtp_host", "smtp_port", "smtp_security")
NEEDED = {
    SERVER: ("imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "start", *OUTGOING),
    FORWARD: OUTGOING,
    **dict.fromkeys(PROVIDERS, ("client_id", "client_secret", "start")),
}
PASSWORDS = ("imap_password", "smtp_password", "client_secret")


def _password(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=4096, strip=False, required=False, widget=widget)


def _port(initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=initial, required=False)


def _text(label: Any, length: int = 320, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **more)


class InboxForm(AccessForm):
    """One e-mail inbox: where mail comes in, where it goes out, and who may open it."""

    way = forms.ChoiceField(choices=[(way, way) for way in WAYS], widget=forms.HiddenInput)
    address = forms.EmailField(
        label=_("Address"), max_length=320, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("This is not an e-mail address.")},
    )  # fmt: skip
    name = _text(_("Name of the inbox"), 80, help_text=_("For colleagues. Empty: the address."))
    sender_name = _text(_("Name customers see"), 100)
    signature = _text(
        _("Signature"), 2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Stands under every reply.")
    )
    quote_history = forms.BooleanField(label=_("Quote the customer's last letter under a reply"), required=False)
    plus_addressing = forms.BooleanField(
        label=_("Answers come back to an address with a plus"), required=False,
        help_text=_("Only if mail to name+anything@… reaches this mailbox; then every answer finds its conversation."),
    )  # fmt: skip
    reply_domain = DomainField(
        label=_("A domain for answers alone"), max_length=200, required=False,
        help_text=_(
            "Such as replies.quillfeather.example, if mail to it reaches this inbox: answers come back there. Never "
            "use an address of it for an account elsewhere, since whoever writes to one joins a conversation."
        ),
    )  # fmt: skip
    imap_host = HostField(label=_("Server"), max_length=253, required=False)
    imap_port = _port(993)
    imap_security = forms.ChoiceField(label=_("Security"), choices=SECURITIES, required=False)
    imap_user = _text(_("User name"))
    imap_password = _password(_("Password"))
    folders = FoldersField(
        label=_("Folders to watch"), max_length=6000, required=False, initial=["INBOX"],
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One on each line."),
    )  # fmt: skip
    sent_folder = _text(
        _("Sent folder"), 255, help_text=_("What colleagues send with other programs joins its conversation.")
    )
    start = forms.ChoiceField(label=_("Which mail to bring in"), choices=STARTS, required=False)
    trial = forms.BooleanField(label=_("Trial mode: change nothing on the server, not even read marks"), required=False)
    mark_seen = forms.BooleanField(label=_("Mark mail as read on the server once it is here"), required=False)
    same = forms.BooleanField(label=_("Same user name and password as coming in"), required=False)
    smtp_host = HostField(label=_("Server"), max_length=253, required=False)
    smtp_port = _port(587)
    smtp_security = forms.ChoiceField(
        label=_("Security"), choices=SECURITIES, required=False, initial=Security.STARTTLS
    )
    smtp_user = _text(_("User name"))
    smtp_password = _password(_("Password"))
    sent_copies = forms.BooleanField(
        label=_("Put a copy of what we send into the Sent folder"), required=False,
        help_text=_("Leave it off where the server does so by itself, as Google and Microsoft do."),
    )  # fmt: skip
    client_id = _text(_("Client ID"))
    client_secret = _password(_("Client secret"))

    def __init__(
        self, *args: Any, inbox: Inbox | None = None, typed: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        """`typed`: passwords of an earlier try of this page, which stand in where the field is left empty."""
        super().__init__(*args, inbox=inbox, **more)
        self.typed = dict(typed or {})
        kept = unseal_for_change(inbox) if inbox else {}
        self.known = {name for name in PASSWORDS if kept.get(name) or self.typed.get(name)}
        for name in self.known:
            self.mark_kept(name)
        for name in NEEDED.get(str(self["way"].value()), ()):
            self.fields[name].required = name not in self.known
        if inbox is not None:
            self.fields["start"].help_text = _("Counts for folders that are watched for the first time.")

    def address_typed(self) -> str:
        """The address, also while the rest is not filled in."""
        self.is_valid()
        return str(self.cleaned_data.get("address", ""))

    def filled_with(self, found: Found) -> InboxForm:
        """A fresh form with all that was typed, not yet judged, and the servers that were found in their fields."""
        initial = {name: self[name].value() for name in self.fields if name not in PASSWORDS}
        initial["imap_user"] = initial["imap_user"] or self.address_typed()  # as most servers have it
        for side, place in (("imap", found.imap), ("smtp", found.smtp)):
            if place is not None:
                initial |= {
                    f"{side}_host": place.host, f"{side}_port": place.port, f"{side}_security": place.security,
                    f"{side}_user": initial[f"{side}_user"] or place.user,
                }  # fmt: skip
        return InboxForm(inbox=self.inbox, initial=initial, typed={**self.typed, **self.typed_now()})

    def wanted(self) -> Wanted:
        """What a valid form asks, for the action."""
        return self.wanted_with(self.fields_of_inbox(), self.secrets())

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        has_own_user = given.get("way") in {SERVER, FORWARD} and not given.get("same") and given.get("smtp_user")
        if has_own_user and not given.get("smtp_password") and "smtp_password" not in self.known:
            self.add_error("smtp_password", self.fields["smtp_password"].error_messages["required"])
        if given.get("sent_copies") and not given.get("sent_folder"):
            self.add_error("sent_folder", _("Name the folder that the copies go into."))
        address, domain = given.get("address", ""), given.get("reply_domain", "")
        if address and (fault := address_fault(address, self.inbox)):
            self.add_error("address", fault)
        if domain and (fault := reply_domain_fault(domain, address, self.inbox)):
            self.add_error("reply_domain", fault)
        return given

    def initial_of(self, inbox: Inbox) -> dict[str, Any]:
        return super().initial_of(inbox) | _settings_of(inbox)

    def fields_of_inbox(self) -> dict[str, object]:
        """Columns of the inbox, for the action; `settings` holds what the channel keeps."""
        given = self.cleaned_data
        return {
            "name": given["name"] or given["address"], "address": given["address"].lower(),
            "sender_name": given["sender_name"], "signature": given["signature"], "team": given["team"],
            "settings": self.settings(),
        }  # fmt: skip

    def settings(self) -> dict[str, object]:
        """`imap`, `smtp`, `oauth` as `connecting` and `oauth` read them; None where this way has none."""
        given = self.cleaned_data
        way = given["way"]
        settings: dict[str, object] = {
            "way": way, "same": given["same"], "imap": None, "smtp": self._server("smtp"), "oauth": None,
            "sent_copies": given["sent_copies"], "quote_history": given["quote_history"],
            "plus_addressing": given["plus_addressing"], "reply_domain": given["reply_domain"],
            "former_reply_domains": self._former_reply_domains(),
        }  # fmt: skip
        if way in PROVIDERS:
            settings |= PROVIDERS[way].servers(given["address"]) | {"oauth": self._oauth(way)}
        elif way == SERVER:
            settings["imap"] = self._server("imap")
        if isinstance(settings["imap"], dict):
            before = self.inbox.settings.get("imap") or {} if self.inbox else {}
            kept = {name: before[name] for name in ("poll_seconds",) if name in before}
            settings["imap"] |= kept | self._reading()
        return settings

    def _former_reply_domains(self) -> list[str]:
        """What customers have in their mail programs goes on reaching us."""
        before = self.inbox.settings if self.inbox else {}
        domains = {before.get("reply_domain"), *before.get("former_reply_domains", [])}
        return sorted(domains - {None, "", self.cleaned_data["reply_domain"]})

    def secrets(self) -> dict[str, str]:
        """Those typed now or in an earlier try; what was left as it is stays out."""
        given = self.cleaned_data
        typed = {**self.typed, **self.typed_now()}
        if given["way"] == SERVER and given["same"] and (password := typed.get("imap_password") or self._kept()):
            typed["smtp_password"] = password
        return typed

    def typed_now(self) -> dict[str, str]:
        """The passwords in this request, also when something else is wrong with it."""
        return {name: value for name in PASSWORDS if (value := self.data.get(name, ""))}

    def _kept(self) -> str:
        return unseal_for_change(self.inbox).get("imap_password", "") if self.inbox else ""

    def _oauth(self, way: str) -> dict[str, object]:
        """A sign-in that was made stays good as long as it is the same client's."""
        wanted = {"provider": way, "client_id": self.cleaned_data["client_id"]}
        before = self.inbox.settings.get("oauth") or {} if self.inbox else {}
        is_same = all(before.get(name) == value for name, value in wanted.items())
        return {**before, **wanted} if is_same else dict(wanted)

    def _server(self, side: str) -> dict[str, object]:
        given = self.cleaned_data
        user = given["imap_user" if side == "smtp" and given["same"] and given["way"] == SERVER else f"{side}_user"]
        kept = {name: given[f"{side}_{name}"] for name in ("host", "port", "security")}
        return kept | {"security": str(kept["security"] or Security.TLS), "user": user}

    def _reading(self) -> dict[str, object]:
        given = self.cleaned_data
        return {
            "folders": given["folders"], "sent_folder": given["sent_folder"], "start": given["start"] or "now",
            "trial": given["trial"], "mark_seen": given["mark_seen"],
        }  # fmt: skip


class ReturnForm(forms.Form):
    """What a provider sends a person back with (RFC 6749, 4.1.2)."""

    state = forms.CharField(max_length=200)
    code = forms.CharField(max_length=4000, required=False)
    error = forms.CharField(max_length=200, required=False)
    error_description = forms.CharField(max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("code") and not self.cleaned_data.get("error"):
            raise ValidationError(_("The provider sent neither a code nor an error."))
        return self.cleaned_data


class SelectorForm(forms.Form):
    """The name of a DKIM key."""

    selector = forms.RegexField(
        r"^[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,3}$", required=False,
        error_messages={"invalid": _("A DKIM selector has letters, digits and hyphens only, such as mail2026.")},
    )  # fmt: skip


def _settings_of(inbox: Inbox) -> dict[str, Any]:
    """What an e-mail inbox keeps, by the names of the form's fields."""
    settings = inbox.settings
    imap, smtp, oauth = (settings.get(name) or {} for name in ("imap", "smtp", "oauth"))
    initial = {name: getattr(inbox, name) for name in ("address", "name", "sender_name", "signature")}
    initial |= {f"imap_{name}": imap[name] for name in ("host", "port", "security", "user") if name in imap}
    initial |= {f"smtp_{name}": smtp[name] for name in ("host", "port", "security", "user") if name in smtp}
    initial |= {name: imap[name] for name in ("folders", "sent_folder", "start", "trial", "mark_seen") if name in imap}
    return initial | {
        "way": settings.get("way") or (SERVER if imap or not smtp else FORWARD),
        "same": settings.get("same", _seems_same(inbox)),
        "sent_copies": bool(settings.get("sent_copies")),
        "quote_history": bool(settings.get("quote_history", True)),
        "plus_addressing": bool(settings.get("plus_addressing")),
        "reply_domain": settings.get("reply_domain", ""),
        "client_id": oauth.get("client_id", ""),
    }


def _seems_same(inbox: Inbox) -> bool:
    """For an inbox that no form has made: one sign-in for both ways, as far as it can be told."""
    imap, smtp = (inbox.settings.get(name) or {} for name in ("imap", "smtp"))
    kept = unseal_for_change(inbox)
    passwords = {kept.get(name, "") for name in ("imap_password", "smtp_password")}
    return bool(imap.get("user")) and imap.get("user") == smtp.get("user") and len(passwords) == 1
