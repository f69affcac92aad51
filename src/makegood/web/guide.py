"""Made-up data for the style guide."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from makegood.web.navigation import Item, Me, Section

PAGES = ("components", "inbox", "settings", "first_run", "entrance", "public")


def context_of(name: str) -> dict[str, object]:
    """What the guide's page `name` is rendered with, beside the request."""
    context: dict[str, object] = {"navigation": _navigation(name), "me": _me(name), "guide_page": name}
    if name == "first_run":
        context["steps"] = _FIRST_STEPS
    if name in ("settings", "components"):
        context |= {"steps": _TEST_STEPS, "form": _connection(), "settings_menu": _settings_menu()}
    if name == "inbox":
        context |= {"groups": _groups(), "conversation_open": True}
    return context


def _me(name: str) -> Me:
    return Me(4, "Marisol", "Here to 18:00", settings_url="#", in_settings=name == "settings")


def _navigation(name: str) -> list[Section]:
    return [
        Section(
            items=[
                Item("Today", "today", "#", key="g t", is_tab=True),
                Item("Inbox", "inbox", "#", count=23, key="g i", is_tab=True),
                Item("Promises", "hook", "#", hot="1 late", key="g p", is_tab=True),
                Item("Customers", "people", "#", key="g c", is_tab=True),
                Item("Reports", "chart", "#"),
                Item("Help centre", "book", "#"),
            ]
        ),
        Section(
            "Inbox views",
            [
                Item("Mine", "user", "#", count=7),
                Item("Nobody’s yet", "inbox", "#", count=4),
                Item("Mentions", "at", "#", count=2),
                Item("Needs care", "heart", "#", count=3),
                Item("Scheduled", "send", "#", count=5),
            ],
        ),
        Section(
            "Teams",
            [
                Item("Care", "chat", "#", count=12, current=name == "inbox"),
                Item("Returns", "box", "#", count=6),
                Item("Workshop", "tool", "#", count=5),
            ],
        ),
    ]


def _settings_menu() -> list[Section]:
    titles: Mapping[str, tuple[str, ...]] = {
        "You": ("Profile", "Notifications", "Keyboard"),
        "How we work": ("Promises and warnings", "Service standards", "Goodwill budgets", "Hours and holidays"),
        "Channels": ("E-mail", "Live chat", "Phone log", "Social", "Forms"),
        "People": ("Teams", "Roles"),
    }
    return [
        Section(title, [Item(label, "", "#", current=label == "E-mail") for label in labels])
        for title, labels in titles.items()
    ]


_FIRST_STEPS = [
    {"label": "Your shop", "done": True},
    {"label": "Your first promise", "current": True},
    {"label": "Connect your mail"},
    {"label": "Invite your team"},
]
_TEST_STEPS = [
    {"title": "Found the server", "detail": "mail.quillfeather.example answers on 993 and 587", "state": "done"},
    {"title": "Secure connection", "detail": "TLS 1.3, certificate valid until 4 Feb 2027", "state": "done"},
    {"title": "Signed in and read mail", "detail": "Newest message 14:18, folder INBOX, 2 312 mails", "state": "done"},
    {"title": "Sign in to send", "detail": "535 authentication failed. Try an app password.", "state": "failed"},
    {"title": "Send a note to yourself and see it return", "detail": "Waits for the step above", "state": "waiting"},
]


class _Connection(forms.Form):
    server = forms.CharField(label="Server")
    port = forms.IntegerField(label="Port")
    security = forms.ChoiceField(label="Security", choices=[("tls", "TLS"), ("starttls", "STARTTLS")])
    user = forms.CharField(label="User name")
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(render_value=True),
        help_text="Stored encrypted. Leave as it is to keep it.",
    )
    same = forms.BooleanField(label="Same user name and password as coming in", required=False)
    app_password = forms.CharField(label="App password", widget=forms.PasswordInput(render_value=True))
    name = forms.CharField(label="Name customers see", required=False, help_text="Under each reply.")
    due = forms.ChoiceField(
        label="Due", widget=forms.RadioSelect, choices=[("a", "Fri noon"), ("b", "Fri 17:00"), ("c", "Mon 10:00")]
    )
    words = forms.CharField(label="Tell Odile now", widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def clean_app_password(self) -> str:
        raise forms.ValidationError("The server answered “535 authentication failed”.")


def _connection() -> forms.Form:
    host = "mail.quillfeather.example"
    data = {"server": host, "port": 993, "security": "tls", "user": "hello@quillfeather.example", "due": "b"}
    more = {"password": "longpassword", "app_password": "wrongone", "name": "Marisol at Quillfeather"}
    return _Connection(data | more)


@dataclass(frozen=True)
class Row:
    """A row of the agenda, in ready strings."""

    state: str
    time: str
    distance: str
    icon: str
    who: str
    what: str
    last: str
    ago: str
    owner: str = ""
    left: int = 72
    mood: int = 0
    is_unread: bool = False
    is_current: bool = False


def _groups() -> list[dict[str, object]]:
    return [
        {"title": "Late", "state": "late", "count": 1, "rows": _LATE},
        {"now": "14:22", "rows": _TODAY},
        {"title": "Tomorrow, Friday 20", "count": 2, "rows": _TOMORROW},
        {"title": "Next week", "count": 5, "rows": _NEXT_WEEK},
    ]


_STANDARD = "First reply, our 2 hour standard"
_LATE = [
    Row("late", "13:30", "52 min late", "mail", "Bartholomew Krill", "Send the return label before lunch",
        "Any news on the label? The shop closes at six.", "Tue", "Jonas Pell"),
]  # fmt: skip
_TODAY = [
    Row("soon", "15:00", "in 38 min", "phone", "Odile Fenwick", "Call with the courier’s answer",
        "The pole cracked on the first night and we leave Saturday.", "11:40", "Marisol Quint", 24, is_current=True),
    Row("std", "15:40", "in 1 h", "chat", "Saoirse Tallow", _STANDARD,
        "Third time I’ve asked. Is anyone there?", "13:40", mood=2, is_unread=True),
    Row("std", "16:02", "in 1¾ h", "form", "Ione Cassavet", _STANDARD,
        "Do you ship the Heron 3 to Iceland?", "14:02", is_unread=True),
    Row("open", "17:00", "in 2½ h", "mail", "Anselm Okoro-Dune", "Confirm the refund has arrived",
        "Thanks Marisol, I’ll look at my bank tonight.", "Wed", "Marisol Quint", 55),
]  # fmt: skip
_TOMORROW = [
    Row("moved", "09:30", "moved", "mail", "Hanneke Vos-Lind", "Ring the workshop about the zip",
        "No rush at all, Friday is fine for me.", "Mon", "Teodor Vance"),
    Row("open", "12:00", "noon", "social", "Kofi Larkspur", "Photos of both colours in daylight",
        "Moss or rust? My partner says rust.", "Wed", "Ines Brandt", 80),
]  # fmt: skip
_NEXT_WEEK = [
    Row("open", "Mon", "10:00", "mail", "Greta Moonstone", "Check in two weeks after the repair",
        "It feels like a new jacket. Bless you all.", "5 Nov", "Marisol Quint", 88),
]  # fmt: skip
