import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.quotes import Fragment, reply_of, split
from makegood.text.tests.reply_cases import ATTRIBUTIONS, BELOW, DEVICES, HEADS, QUOTE, TITLES, WHOLE
from makegood.text.tests.timing import assert_linear

NEW = "It has not come yet.\nWhen will it?"
CASES = Path(__file__).resolve().parents[5] / "shared" / "data" / "mail" / "replies_dev.jsonl"


def wrapped(line: str, width: int) -> str:
    """A line as a mail program breaks it, at blanks."""
    lines = [""]
    for word in line.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return "\n".join(lines)


@pytest.mark.parametrize("name", WHOLE)
def test_a_reply_is_cut_as_a_person_would_cut_it(name: str) -> None:
    text, expected = WHOLE[name]
    assert reply_of(text).split() == expected.split()


@pytest.mark.parametrize("name", ATTRIBUTIONS)
@pytest.mark.parametrize("quote", [QUOTE, BELOW], ids=["marked", "unmarked"])
@pytest.mark.parametrize("width", [400, 76, 50])
def test_what_stands_below_an_attribution_is_quoted(name: str, quote: str, width: int) -> None:
    assert reply_of(f"{NEW}\n\n{wrapped(ATTRIBUTIONS[name], width)}\n\n{quote}") == NEW


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("rule", ["", "_" * 32 + "\n", "-----Anything at all-----\n"], ids=["bare", "ruled", "titled"])
def test_what_stands_below_the_head_of_a_message_is_quoted(name: str, rule: str) -> None:
    expected = NEW if "Anything" not in rule else f"{NEW}\n\n{rule}".strip()
    assert reply_of(f"{NEW}\n\n{rule}{HEADS[name]}\n\n{BELOW}") == expected


@pytest.mark.parametrize("title", TITLES)
def test_what_stands_below_a_title_is_quoted(title: str) -> None:
    assert reply_of(f"{NEW}\n\n{title}\n\n{BELOW}") == NEW


@pytest.mark.parametrize("line", DEVICES)
def test_the_line_of_a_telephone_is_no_part_of_the_reply(line: str) -> None:
    assert reply_of(f"{NEW}\n\n{line}\n") == NEW
    assert reply_of(f"{NEW}\n\n{line}\n\n{ATTRIBUTIONS['english apple']}\n{QUOTE}") == NEW


def test_fragments_have_kinds_and_keep_every_line() -> None:
    text = "It came.\n\n-- \nKerstin\n\nOn 3 Nov 2025 at 10:00, Odile wrote:\n> Did it?\n\nYes."
    assert split(text) == (
        Fragment("new", "It came.\n"),
        Fragment("signature", "-- \nKerstin\n"),
        Fragment("header", "On 3 Nov 2025 at 10:00, Odile wrote:"),
        Fragment("quote", "> Did it?\n"),
        Fragment("new", "Yes."),
    )


def test_a_blank_text_has_no_fragments() -> None:
    assert split(" \n ") == ()


@given(st.text(st.sampled_from("ab >-_\n\r:@<0.9ü写\u200f") | st.characters(), max_size=300))
def test_arbitrary_text_is_split_without_losing_a_line(text: str) -> None:
    fragments = split(text)
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    assert "\n".join(fragment.text for fragment in fragments) == (whole if text.strip() else "")
    reply_of(text)


@given(
    st.lists(st.sampled_from([*WHOLE["nothing quoted"][0].split("\n"), *DEVICES, *TITLES, "> q", "Regards,", "-- "]))
)
def test_a_reply_is_never_empty_when_a_word_is_unquoted(lines: list[str]) -> None:
    text = "\n".join(lines)
    has_words = any(line.strip() and not line.startswith(">") for line in lines)
    assert bool(reply_of(text)) == has_words


PIECES = {
    "words": "It has not come yet, and I wait for it. ",
    "lines": "It has not come yet.\n",
    "quotes": "> It has not come yet.\n",
    "attributions": "On 3 Nov 2025 at 10:00, Odile Fenwick\n",
    "fields": "From: Odile <odile@desk.example>\n",
    "colons": "a: b: c: d:\n",
    "closings": "Regards,\n",
    "rules": "____\n",
    "devices": "Sent from my iPhone\n",
    "marks": "-- \n",
    "answers": "> q\nYes.\n",
    "addresses": "<a@b.example> wrote 3\n",
    "brackets": ">" * 50,
    "blanks": " \t",
    "line ends": "\n",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES.keys())
def test_cutting_takes_time_linear_in_the_text(piece: str) -> None:
    assert_linear(reply_of, piece, 25_000)


@pytest.mark.skipif(not CASES.exists(), reason="the development cases (../shared/data/mail) are not on this machine")
def test_development_cases_reach_the_goals() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    pairs = [(case["reply"].split(), reply_of(case["body"]).split()) for case in cases]
    exact = sum(expected == found for expected, found in pairs)
    kept = sum({word for word in expected if any(map(str.isalnum, word))} <= set(found) for expected, found in pairs)
    assert exact >= 0.86 * len(pairs)
    assert kept >= 0.98 * len(pairs)
