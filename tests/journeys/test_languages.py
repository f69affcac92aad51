"""Every word of the interface can be said in another language, is said in German, and has room to be longer."""

from __future__ import annotations

import math
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import polib
import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Agent
from makegood.web.building import messages
from makegood.web.building.__main__ import WEB, build
from makegood.web.tests.browsing import chromium, page_of
from tests.journeys.furnished import Furnished, client_of, furnish
from tests.journeys.routes import ROWS

LOCALE = WEB / "locale"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
PSEUDO = "xx"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%s|%%|%[sd]")
TAG = re.compile(r"</?\w+>")
KEPT_OR_WORD = re.compile(r"%\(\w+\)[sd]|%%s?|%[sd]|<[^>]*>|&\w+;|[A-Za-z’']{2,}")
WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")

# No pages: what a program asks for, a file, a sender's own words.
NOT_OURS = {"health", "file", "original", "message-body", "mfa_download_recovery_codes"}
PIECES = {"rail", "presence", "rings"}  # of pages: test_together.py in conversations
SAME_EVERYWHERE = {
    "Makegood", "English", "Deutsch", "IMAP", "SMTP", "LMTP", "TLS", "STARTTLS", "SPF", "DKIM", "DMARC", "MX",
    "A", "E", "H", "T",  # keys, named in tooltips
}  # fmt: skip
SAID_BY_OTHERS = {  # words of Django and of allauth, which they translate themselves
    "Password", "Current Password", "New Password", "New Password (again", "Code", "Name",
    "Passwordless", "byte", "bytes",
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
}  # fmt: skip
PUNCTUATION, DIGITS = " :.,+()·", "0123456789\xa0"
BETWEEN = re.compile(r"\s+[|·/]\s*|,\s|\s{2,}|\n")
LETTER = re.compile(r"[^\W\d_]")
# Countries are named by the browser, in the page's language; a language by those who speak it.
NAMED_ELSEWHERE = (
    "select[name=timezone], mg-countries option:not([value='']), select[name=language] option:not([value=''])"
)
SILENT = f"script, style, svg, time, kbd, code, pre, textarea, iframe, .av, .preview div, {NAMED_ELSEWHERE}"
SHOTS = os.environ.get("MAKEGOOD_SHOTS")
SPOKEN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(LOCALE / language / "LC_MESSAGES" / "django.po")


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated_and_none_is_a_guess(language: str) -> None:
    entries = catalogue(language)

    assert [entry.msgid for entry in entries if entry.fuzzy or not all(texts(entry))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_its_original_fills_in(language: str) -> None:
    def parts(text: str, pattern: re.Pattern[str]) -> Counter[str]:
        return Counter(pattern.findall(text))

    different = [
        (entry.msgid, text)
        for entry in catalogue(language)
        for text in texts(entry)
        for pattern in (PLACEHOLDER, TAG)
        if parts(text, pattern) != parts(entry.msgid_plural or entry.msgid, pattern)
    ]

    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_does_not_raise_its_voice(language: str) -> None:
    assert [text for entry in catalogue(language) for text in texts(entry) if "!" in text] == []


def test_the_catalogues_hold_the_strings_of_the_sources() -> None:
    if not which("xgettext"):
        pytest.skip("no gettext here: see bin/messages")

    done = subprocess.run([WEB.parents[2] / "bin" / "messages", "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def longer(text: str) -> str:
    """The text in brackets, each of its words at least 40 % longer; what is filled in stays as it is."""

    def stretch(match: re.Match[str]) -> str:
        piece = match[0]
        return piece if piece[0] in "%<&" else piece + piece[-1] * math.ceil(len(piece) * 0.4)

    edge = re.fullmatch(r"(\s*)(.*?)(\s*)", text, re.DOTALL)
    assert edge is not None
    return f"{edge[1]}⟦{KEPT_OR_WORD.sub(stretch, edge[2])}⟧{edge[3]}"


@pytest.fixture(scope="session")
def pseudo_locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language in which every string of ours stands in brackets."""
    folder = tmp_path_factory.mktemp("locale")
    entries = catalogue("de")
    for entry in entries:
        entry.flags = []
        entry.msgstr = "" if entry.msgid_plural else longer(entry.msgid)
        entry.msgstr_plural = {0: longer(entry.msgid), 1: longer(entry.msgid_plural)} if entry.msgid_plural else {}
    entries.metadata["Language"] = PSEUDO
    (folder / PSEUDO / "LC_MESSAGES").mkdir(parents=True)
    entries.save(str(folder / PSEUDO / "LC_MESSAGES" / "django.po"))
    messages.compile_all(folder)
    return folder


@pytest.fixture
def house(settings: Any, pseudo_locale: Path, db: None) -> Furnished:
    settings.LANGUAGES = [*settings.LANGUAGES, (PSEUDO, "⟦Pseudo⟧")]
    settings.LOCALE_PATHS = [str(pseudo_locale)]
    house = furnish()
    Agent.objects.update(language=PSEUDO)
    for person in house.people.values():
        person.refresh_from_db()
    return house


def pages(house: Furnished, role: str) -> Iterator[tuple[str, HttpResponse]]:
    """Every page that a person may read; "anonymous" is nobody, whose browser asks for the language."""
    column = ("anonymous", "light", "other", "agent", "lead", "admin").index(role)
    client = client_of(house.people.get(role), headers={"accept-language": PSEUDO})
    for method, name, *answers in ROWS:
        if method == "GET" and answers[column] == "page" and name not in NOT_OURS | PIECES:
            yield name, client.get(reverse(name, kwargs=house.arguments.get(name)))


def stored_words() -> set[str]:
    """Every line of text in the database: names, addresses, subjects, messages."""
    lines = {
        line
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        for text in model._base_manager.values_list(field.name, flat=True)
        for line in (text or "").splitlines()
    }
    domains = {line.rpartition("@")[2] for line in lines}
    return {line.strip(PUNCTUATION) for line in lines | domains}


def said(html: str) -> Iterator[str]:
    """What a person reads or hears on a page."""
    tree = LexborHTMLParser(html)
    title, body = tree.css_first("title"), tree.body
    assert title is not None and body is not None
    yield title.text()
    for node in tree.css(SILENT):
        node.decompose()
    for node in tree.css("body *"):
        yield from (value for name in SPOKEN_ATTRIBUTES if (value := node.attributes.get(name)))
    yield from (node.text_content or "" for node in body.traverse(include_text=True) if node.is_text_node)


def unsaid(text: str, known: set[str]) -> str:
    """What is left of a text without translated strings, data, numbers and punctuation."""
    while (rest := WRAPPED.sub(" | ", text)) != text:
        text = rest
    pieces = (
        piece.strip(PUNCTUATION + "0123456789\xa0") for piece in re.split(r"\s+[|·/]\s*|,\s|\s{2,}|\n", f" {text} ")
    )
    return " … ".join(piece for piece in pieces if piece and re.search(r"[^\W\d_]", piece) and piece not in known)


@pytest.mark.parametrize("role", ["anonymous", "agent", "admin"])
def test_every_word_on_a_page_can_be_translated(role: str, house: Furnished) -> None:
    known = SAME_EVERYWHERE | SAID_BY_OTHERS | stored_words()

    unmarked = {
        (name, rest)
        for name, page in pages(house, role)
        for text in said(page.content.decode())
        if (rest := unsaid(text, known))
    }

    assert unmarked == set()


MAIN_PAGES = (
    "conversations", "conversation", "conversation-new", "search", "profile", "security", "inboxes", "inbox",
    "inbox-new", "agents", "agent", "team", "team-inboxes", "failed-work", "audit",
)  # fmt: skip
# Buttons and links that lie on each other, and words that hang out of theirs. What floats lies on what does not.
CROWDED = """() => {
  const isFixed = (element) => getComputedStyle(element).position === "fixed";
  const floats = (element) => Boolean(element) && (isFixed(element) || floats(element.parentElement));
  const shown = (element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const name = (element) => element.textContent.trim() || element.getAttribute("aria-label");
  const places = "button, .btn:not(.skip), .seg a, .tabs label, .rail a, .mtabs a, .snav a";
  const clickable = [...document.querySelectorAll(places)].filter(shown);
  const part = (element) => {
    let {left, top, right, bottom} = element.getBoundingClientRect();
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflow === "visible") continue;
      const edge = box.getBoundingClientRect();
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return {element, left, top, right, bottom, floats: floats(element)};
  };
  const hangsOut = (element) => element.scrollWidth > element.clientWidth + 1;
  const faults = clickable.filter(hangsOut).map((element) => "hangs out: " + name(element));
  const parts = clickable.map(part);
  parts.forEach((a, index) => parts.slice(index + 1).forEach((b) => {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const apart = !a.element.contains(b.element) && !b.element.contains(a.element) && a.floats === b.floats;
    if (width > 1 && height > 1 && apart) faults.push(name(a.element) + " on " + name(b.element));
  }));
  return faults;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_longer_words_have_room(width: int, house: Furnished) -> None:
    build()  # first: a page names its styles by their hash
    shown = {name: page.content.decode() for name, page in pages(house, "admin")}  # before the browser's event loop
    is_phone = width < 760
    faults = {}
    with chromium() as browser:
        for name in MAIN_PAGES:
            with page_of(
                browser, shown[name], width=width, height=1000, is_mobile=is_phone, has_touch=is_phone
            ) as page:
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
                sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if found := [*page.evaluate(CROWDED), *(["sideways"] if sideways else [])]:
                    faults[name] = found

    assert faults == {}
