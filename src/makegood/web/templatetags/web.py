"""`{% load web %}`: the small components that every page uses. Usage of each stands in `web/guide.html`."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from makegood.clock.now import now
from makegood.web import assets, dials, moments, people

register = template.Library()

_SILENT_ICON = '<svg class="{0}" aria-hidden="true"><use href="{1}#{2}"/></svg>'
_SPOKEN_ICON = '<svg class="{0}" role="img" aria-label="{3}"><use href="{1}#{2}"/></svg>'
_FACE_HERE = '<span class="{} hue-{}" aria-hidden="true">{}<span class="dot"></span></span>'

_FLIPPED = frozenset({"arrow", "back", "forward", "left", "link", "logout", "reply", "right", "send", "undo"})
_ALERT_ICONS = {"late": "warn", "soon": "warn", "kept": "check", "open": "info", "moved": "info", "std": "info"}


@register.simple_tag
def asset(name: str) -> str:
    """`{% asset "makegood.css" %}`: the address of a built file."""
    return assets.address_of(name)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """`{% icon "mail" %}`, `size="s"` in text, `size="l"` on touch; `label` only where no word stands beside it."""
    return _drawn_icon(name, size, str(label), assets.address_of("icons.svg"))


@lru_cache(maxsize=1024)
def _drawn_icon(name: str, size: str, label: str, sprite: str) -> SafeString:
    """A page has dozens of icons, and they are always the same few."""
    classes = " ".join(filter(None, ["i", size, "flip" if name in _FLIPPED else ""]))
    drawing = _SPOKEN_ICON if label else _SILENT_ICON
    return format_html(drawing, classes, sprite, name, label)


@register.filter
def day_in_words(day: date) -> str:
    """`{{ entry.day|day_in_words }}`: "Today, Friday, 27 November"."""
    return moments.day_in_words(day)


@register.simple_tag
def dial(state: str, left: int = 72) -> SafeString:
    """`{% dial "open" 55 %}`: the promise dial with 55 % of its span left. It is hidden from screen readers."""
    return dials.dial(state, left)


@register.simple_tag
def avatar(
    name: str, identity: int | str = "", kind: str = "customer", size: str = "", here: bool = False
) -> SafeString:
    """`{% avatar contact.name contact.id %}`, `kind="team"` for a teammate, `size` "s", "l" or "xl"."""
    if not here:
        return people.face(str(name), identity, kind, size)
    classes = " ".join(filter(None, ["av", "team" if kind == "team" else "", size]))
    return format_html(_FACE_HERE, classes, people.hue_of(identity or name), people.initials(name))


@register.simple_tag
def timestamp(moment: datetime, words: str = "", tick: str = "") -> SafeString:
    """`{% timestamp message.sent_at %}`: the time today, else the day; the whole moment in `datetime` and `title`.

    `words` replaces what is shown. With `tick` the page rewrites it each minute: "past" says "5 min ago", "due" says
    "in 5 min" and then "5 min late".
    """
    if words or tick:
        return _drawn_moment(moment, words, tick)
    return _drawn_time(moment, timezone.localdate(now()), get_language() or "en", timezone.get_current_timezone_name())


@lru_cache(maxsize=4096)
def _drawn_time(moment: datetime, today: date, language: str, zone: str) -> SafeString:
    """The same few moments stand on the pages of a minute; what they depend on is the key."""
    return _drawn_moment(moment, "", "")


def _drawn_moment(moment: datetime, words: str, tick: str) -> SafeString:
    local = timezone.localtime(moment)
    if not words:
        words = formats.date_format(local, _shortest(local.date(), timezone.localdate(now())))
    whole = formats.date_format(local, "DATETIME_FORMAT")
    ticking = format_html(' data-tick="{}"', tick) if tick else ""
    exact = moment.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}"{}>{}</time>', exact, whole, ticking, words)


def _shortest(day: date, today: date) -> str:
    """The format that says no more than is needed: a time today, a day this year, else the year too."""
    if day == today:
        return "TIME_FORMAT"
    return "MONTH_DAY_FORMAT" if day.year == today.year else "SHORT_DATE_FORMAT"


@register.simple_tag
def field(bound: BoundField, hint: str = "", kind: str = "") -> SafeString:
    """`{% field form.name %}`: label above, hint below, and an error in the hint's place.

    A checkbox becomes a switch; several choices become a field set; `kind="picks"` shows them as large buttons.
    """
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        shape, classes = "switch", "switch"
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        shape, classes = "choices", ""
    else:
        shape, classes = "field", f"input {widget.attrs.get('class', '')}".strip()
    described = _described_by(bound, hint)
    attributes = {"class": classes, **described} if classes else described
    context = {"bound": bound, "shape": shape, "kind": kind, "hint": hint or bound.help_text}
    control = bound.as_widget(attrs=attributes)
    return render_to_string("components/field.html", {**context, "control": control})


def _described_by(bound: BoundField, hint: str) -> dict[str, str | bool]:
    """Names the one line under the field: the error when there is one, else the hint."""
    if bound.errors:
        return {"aria-describedby": f"{bound.auto_id}_error"}
    if hint or bound.help_text:
        return {"aria-describedby": f"{bound.auto_id}_helptext"}
    return {}


@register.simple_block_tag
def alert(content: str, state: str = "open", title: str = "", icon: str = "", one: bool = False) -> SafeString:
    """`{% alert "late" title=_("Mail cannot go out.") %}<p>…</p>{% endalert %}`; `one=True` for a single line."""
    context = {"state": state, "title": title, "icon": icon or _ALERT_ICONS[state], "one": one, "content": content}
    return render_to_string("components/alert.html", context)


@register.simple_block_tag
def empty(content: str, title: str, lit: bool = True) -> SafeString:
    """`{% empty title=_("Every promise for today is kept.") %}<p>…</p>{% endempty %}`: says what is true."""
    return render_to_string("components/empty.html", {"title": title, "lit": lit, "content": content})


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:
    """`{% dialog id="move" title=_("Move the promise") %}…{% enddialog %}`, opened by `commandfor="move"`."""
    return render_to_string("components/dialog.html", {"id": id, "title": title, "wide": wide, "content": content})


@register.simple_block_tag
def menu(content: str, id: str, label: str, end: bool = False) -> SafeString:
    """`{% menu id="more" label=_("More") %}<a …>…{% endmenu %}`, opened by a button with `popovertarget="more"`."""
    return render_to_string("components/menu.html", {"id": id, "label": label, "end": end, "content": content})


@register.simple_tag
def keys_help(keys_off: bool = False) -> SafeString:
    """The dialog of all keys: a hundred translated words that are the same on every page, so it is drawn once."""
    return _drawn_keys(bool(keys_off), get_language() or "en")


@lru_cache(maxsize=64)
def _drawn_keys(keys_off: bool, language: str) -> SafeString:
    return render_to_string("web/_keys.html", {"keys_off": keys_off})
