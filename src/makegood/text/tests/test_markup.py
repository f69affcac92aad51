import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.markup import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_ESCAPED,
    MAX_FORMATTING,
    MAX_LENGTH,
    bounded,
)
from makegood.text.tests.html_pieces import HOSTILE, markup
from makegood.text.tests.timing import assert_linear


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<P Class=a>one<p>two", '<p class="a">one</p><p>two</p>'),
        ("<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        (
            "<table><tr><td>1<td>2<tr><td>3</table>",
            "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></tbody></table>",
        ),
        ("<div><b>one</div>two", "<div><b>one</b></div>two"),
        ("<div><table><td></div>one</table>", "<div><table><tbody><tr><td>one</td></tr></tbody></table></div>"),
        ("<table>one<tr>two</table>", "<table><tbody><tr><td>one</td></tr><tr><td>two</td></tr></tbody></table>"),
        ("<table><tr><td><p>one</table>two", "<table><tbody><tr><td><p>one</p></td></tr></tbody></table>two"),
        ("<table><col><col><td>one</table>", None),
        ("<pre>\n\n one</pre>", "<pre> one</pre>"),
        ("<td>one</td>", "one"),
        ("</div>one</p>", "one"),
        ("one<br/>two</br>three", "one<br>two<br>three"),
        ("a < b <3 <", "a &lt; b &lt;3 &lt;"),
        ("<<b>one</b>", "&lt;<b>one</b>"),
        ("a<!-- b -->c<!-->d<!--->e<!-- f --!>g", "acdeg"),
        ("<!--[if mso]><p>word<![endif]-->one<![if !mso]>two<![endif]>", "onetwo"),
        ("<!--[if !mso]><!-->one<!--<![endif]-->", "one"),
        ("<!doctype html><?xml a?><o:p>one</o:p><font-x>two", "onetwo"),
        ("one<style>p{}</styles></style >two<script>'</p>'</script>three", "onetwothree"),
        ("<svg><title>t</title><path/>one</svg><math><mi>x", "onex"),
        ("one<textarea><b>two", "one"),
        ('<a href=x href=y title=\'a"b\' onclick="z" ID="i">k</a>', '<a href="x" title="a&quot;b" id="i">k</a>'),
        ('<a href="x"title="y"/class=z>k', '<a href="x" title="y" class="z">k</a>'),
        ("<a href = x\ntitle>k", '<a href="x" title="">k</a>'),
        ("<a>one<a>two", "<a>one</a><a>two</a>"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
def test_tags_are_balanced_and_only_known_ones_stay(html: str, expected: str | None) -> None:
    if expected is None:
        expected = "<table><colgroup><col><col></colgroup><tbody><tr><td>one</td></tr></tbody></table>"
    assert bounded(html) == expected


def test_tags_below_the_greatest_depth_are_left_out_and_their_words_stay() -> None:
    html = bounded("<div>" * 50_000 + "one" + "</div>" * 50_000)
    assert html == "<div>" * MAX_DEPTH + "one" + "</div>" * MAX_DEPTH


def test_formatting_is_not_nested_deeper_than_its_limit() -> None:
    html = bounded("".join(f"<font size={size}>" for size in range(1_000)) + "one")
    assert html.count("<font") == MAX_FORMATTING


def test_attributes_beyond_their_limit_are_not_read() -> None:
    many = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES))
    assert bounded(f"<p {many} title=x>one</p>") == "<p>one</p>"


def test_what_follows_the_last_element_allowed_is_cut() -> None:
    assert bounded("<br>" * (MAX_ELEMENTS + 10) + "one") == "<br>" * MAX_ELEMENTS


def test_what_exceeds_the_greatest_length_is_cut() -> None:
    assert len(bounded("a" * (MAX_LENGTH + 10))) == MAX_LENGTH


def test_a_comment_parts_many_references_and_never_cuts_one() -> None:
    once = bounded("&lt;<" * MAX_ESCAPED)
    half = "&lt;" * (MAX_ESCAPED - 1)
    assert once == f"{half}<!---->{'&lt;' * MAX_ESCAPED}<!---->&lt;"
    assert bounded(once) == once


def test_an_attribute_of_too_many_references_is_left_out() -> None:
    assert bounded(f"<i title='{'&' * MAX_ESCAPED}'></i><i title='{'&' * (MAX_ESCAPED + 1)}' dir=ltr></i>") == (
        f'<i title="{"&" * MAX_ESCAPED}"></i><i dir="ltr"></i>'
    )


@given(markup())
def test_tidying_twice_is_tidying_once(html: str) -> None:
    once = bounded(html)
    assert bounded(once) == once


@given(st.text(st.characters(), max_size=300))
def test_arbitrary_text_is_tidied(text: str) -> None:
    bounded(text)


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_tidying_takes_time_linear_in_the_page(piece: str) -> None:
    assert_linear(bounded, piece, 25_000)
