"""Every public function that reads mail text takes time linear in it: found by inspection, run on nasty input."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from re import _constants, _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from types import ModuleType
from typing import Any

import pytest

import makegood.text
from makegood.channels.email import parsing
from makegood.text.sanitising import sanitise

ENOUGH_SECONDS, HOPELESS_SECONDS, TRIES = 0.002, 1.0, 8
FIRST, LARGEST = 4_000, 1_000_000  # letters
MOST = 2 * 1.2
WORDS = [
    "a", " ", "\n", "> ", "a@b.example ", "https://a.example/", "-- \n", "On 1 Jan, ", "=?utf-8?q?a?= ", "é", "1.2.",
    "_" * 20 + "\n", "From: a\n", "\u202e", "\u200d", "\U0001f3f4\U000e0067", "(", "\r\n ", '"', "<a@", ";a=", "\t-",
]  # fmt: skip
PAGES = [
    "<div>", "<", "<a href=x>", "<!--", "<blockquote>a", "<br>", "&amp;", "<p style='a:b;'>a</p>", "<b",
    "<table><tr><td>", "</div>", "<img src=x ", 'a="',
]  # fmt: skip
WIRE = [
    b"a", b"\r\n", b"=", b"=3D", b"From: a\r\n", b"--b\r\n", b"\xff", b"\xe4\xb8", b"\x1b$B", b"begin 644 a\n", b"+AD-",
    b"a: b\r\n ", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", b"=?utf-8?b?", b"(", b";a*0*=",
    b"<a@b>,", b"=ybegin ", b"begin 644 a\nM" + b"!" * 60 + b"\n",
]  # fmt: skip
Given = Callable[[Any], Any]


def same(text: Any) -> Any:
    return text


# What each function is given, and how it is called. One that is missing here fails.
TABLE: dict[str, tuple[list[Any], Callable[[Callable[..., Any]], Given]]] = {
    **dict.fromkeys((
        "text.attributions.bare", "text.attributions.is_marker", "text.charsets.known", "text.charsets.clean",
        "text.html.from_text", "text.language.guess", "text.marking.gettext_noop", "text.markup.tag_set",
        "text.markup.without_surrogates", "text.quotes.split", "text.quotes.reply_of", "text.signatures.is_delimiter",
        "text.signatures.is_device_line", "text.signatures.may_start_card", "text.signatures.is_disclaimer",
        "text.signatures.is_rule", "text.styles.safe_style", "text.unseen.without_unseen",
        "channels.email.parsing.addresses.read_spec",
        "channels.email.parsing.addresses.domain_of", "channels.email.parsing.bounce_texts.told_in",
        "channels.email.parsing.bounce_texts.said_in", "channels.email.parsing.bounce_texts.message_id_in",
        "channels.email.parsing.headers.one_line", "channels.email.parsing.invitations.summary",
    ), (WORDS, same)),
    **dict.fromkeys((
        "text.html.to_text", "text.html_quotes.reply_of_html", "text.markup.bounded", "text.sanitising.sanitise",
        "text.sanitising.unstyled",
    ), (PAGES, same)),
    **dict.fromkeys((
        "text.charsets.decode", "text.detection.likeliest", "text.iso2022jp.decode",
        "channels.email.parsing.encoded_files.extract", "channels.email.parsing.fields.split",
        "channels.email.parsing.headers.text", "channels.email.parsing.headers.parameters",
        "channels.email.parsing.message.parse", "channels.email.parsing.message.html_of",
        "channels.email.parsing.structure.read",
        "channels.email.parsing.structure.read_head", "channels.email.parsing.transfer.uudecoded",
    ), (WIRE, same)),
    **dict.fromkeys((
        "channels.email.parsing.verification.told_in_subject", "channels.email.parsing.verification.told_in_text",
    ), ([*WORDS, "confirm your e-mail ", "your code ", "482913 is your ", "1 ", "verification code "], same)),
    "text.attributions.attribution_end": (WORDS, lambda f: lambda text: f(text.split("\n"), 0)),
    "text.signatures.starts_card": (WORDS, lambda f: lambda text: f(lines := text.split("\n"), 0, len(lines))),
    "text.sanitising.is_plain": (PAGES, lambda f: lambda html: f(sanitise(html))),  # it is asked of nothing else
    "text.filenames.clean": (WORDS, lambda f: lambda text: f(text, "file")),
    "text.filenames.in_bytes": (WORDS, lambda f: f),
    "text.language.stems": (WORDS, lambda f: lambda text: f(text, "en")),
    "channels.email.parsing.addresses.read_list": (WIRE, lambda f: lambda content: f([content])),
    "channels.email.parsing.bounce_texts.is_hard": (WORDS, lambda f: lambda text: f(text, "", text)),
    "channels.email.parsing.dates.read": (WIRE, lambda f: lambda content: f(content, None)),
    "channels.email.parsing.encoded_files.may_be_in": (WIRE, lambda f: lambda content: f(content, 0, len(content))),
    "channels.email.parsing.identity.is_same_or_below": (WORDS, lambda f: lambda text: f(text, text[1:])),
}  # fmt: skip
READS = re.compile(r"\b(str|bytes)\b")


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".tests" not in found.name:
            yield importlib.import_module(found.name)


def _functions() -> dict[str, Callable[..., Any]]:
    """Public, of the module itself, and with text or bytes, or lines of them, as what it is about."""
    found = {}
    for module in [*_modules(makegood.text), *_modules(parsing)]:
        for name, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else value
            if not inspect.isfunction(function) or name.startswith("_") or function.__module__ != module.__name__:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and READS.search(str(first.annotation)) and "->" not in str(first.annotation):
                found[f"{module.__name__.removeprefix('makegood.')}.{name}"] = value
    return found


FUNCTIONS = _functions()


def test_every_function_that_reads_text_stands_in_the_table() -> None:
    assert sorted(FUNCTIONS) == sorted(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_twice_the_text_takes_at_most_twice_the_time_and_a_fifth(name: str) -> None:
    pieces, called = TABLE[name]
    run = called(FUNCTIONS[name])

    slow = {piece: figures for piece in pieces if (figures := _slower_than_linear(run, piece))}

    assert slow == {}


def test_a_function_that_is_not_linear_is_found() -> None:
    def looks_again(text: str) -> int:
        return sum(text.count("b", start) for start in range(0, len(text), 100))

    assert _slower_than_linear(looks_again, "a") is not None


def test_no_pattern_repeats_what_repeats() -> None:
    """(a+)+ and its kin try every way to share out the letters among them; possessive and atomic ones do not."""
    patterns = {
        f"{module.__name__}.{name}": value
        for module in [*_modules(makegood.text), *_modules(parsing)]
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }

    assert len(patterns) > 50
    assert _repeats_within(_parser.parse("(?:a+b?)*"))
    assert [name for name, one in patterns.items() if _repeats_within(_parser.parse(one.pattern, _flags(one)))] == []


def _flags(pattern: re.Pattern[Any]) -> int:
    return pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags


def _repeats_within(tree: Any, *, inside: bool = False) -> bool:
    """Whether something without an upper bound is repeated without one."""
    for kind, given in tree:
        if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            endless = given[1] is _constants.MAXREPEAT
            if (endless and inside) or _repeats_within(given[2], inside=inside or endless):
                return True
        elif kind is _constants.BRANCH:
            if any(_repeats_within(branch, inside=inside) for branch in given[1]):
                return True
        elif kind is _constants.SUBPATTERN:
            if _repeats_within(given[3], inside=inside):
                return True
        elif kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            if _repeats_within(given[1], inside=inside):
                return True
        elif kind is _constants.ATOMIC_GROUP:
            if _repeats_within(given):
                return True
        elif kind is _constants.POSSESSIVE_REPEAT and _repeats_within(given[2]):
            return True
    return False


def _slower_than_linear(run: Given, piece: Any) -> list[float] | None:
    """None when it is linear; else milliseconds for n, 2n and 4n.

    A cache that is full or a limit that is reached makes one step at one size; what is not linear is so at every size.
    """
    size = FIRST
    while min(_seconds(run, piece, size) for _ in range(2)) < ENOUGH_SECONDS:
        if size >= LARGEST:
            return None  # what is cut, or so quick, needs no more
        size *= 4
    figures: list[float] = []
    for scale in (1, 4, 16):
        figures = [float("inf")] * 3
        for attempt in range(TRIES):  # another process only ever adds time, so the best of several is the truth
            figures = [
                min(known, _seconds(run, piece, size * scale * n)) for known, n in zip(figures, (1, 2, 4), strict=True)
            ]
            if figures[1] <= figures[0] * MOST and figures[2] <= figures[1] * MOST:
                return None
            if figures[2] > HOPELESS_SECONDS and attempt == 2:
                return [round(figure * 1000, 2) for figure in figures]
    return [round(figure * 1000, 2) for figure in figures]


def _seconds(run: Given, piece: Any, size: int) -> float:
    text = piece * (size // len(piece))
    start = time.thread_time()
    with suppress(UnicodeDecodeError):  # a strict decoder's own answer
        run(text)
    return time.thread_time() - start
