import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.html import from_text, to_text
from makegood.text.sanitising import sanitise
from makegood.text.tests.html_pieces import HOSTILE, markup
from makegood.text.tests.timing import assert_linear


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("one", "one"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div>one<br></div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<h1>one</h1>two", "one\n\ntwo"),
        ("  one \n  <b> two</b>&nbsp;&nbsp;three ", "one two three"),
        ("on<b>e</b> tw<i>o</i>", "one two"),
        ("one<hr>two", "one\n---\ntwo"),
        ("<ul><li>one<li>two<ul><li>three</ul></ul>four", "- one\n- two\n  - three\n\nfour"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<ol start=4><li>one<li>two</ol>", "4. one\n5. two"),
        ("<table><tr><th>Item<th>Price<tr><td>Teapot<td>12.00</table>", "Item  Price\nTeapot  12.00"),
        ("<table><tr><td><p>Item<td><p>Price<tr><td><p>Teapot<td><p>12</table>one", "Item  Price\nTeapot  12\n\none"),
        ("<table><tr><td>one<br>two<td>three<tr><td>four</table>", "one\ntwo\nthree\nfour"),
        ("<ul><li><p>one<li><div>two</div><li></ul>three", "- one\n\n- two\n\nthree"),
        ("<div>one</div><br><div>two</div>", "one\n\ntwo"),
        ("<div>one<blockquote>two</blockquote>three</div>", "one\n\n> two\n\nthree"),
        ("one<blockquote>two<br>three<blockquote>four</blockquote></blockquote>five", None),
        ("<a href='https://x.example/a'>here</a>", "here <https://x.example/a>"),
        ("<a href='https://x.example/'>x.example</a>", "x.example"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<a href='tel:+44205550'>ring</a>", "ring <tel:+44205550>"),
        ("<a href='javascript:x'>one</a><a href='#top'>two</a>", "onetwo"),
        ("<a href='https://x.example/a'><img src=b alt=Shop></a>", "[Shop] <https://x.example/a>"),
        ("<a href='https://x.example/a'><img src=b></a>one", "one"),
        ("<img alt='Our  logo'><img alt='😀'><img>", "[Our logo]😀"),
        ("<pre>a\n  b\n\n\nc</pre>", "a\n  b\n\nc"),
        ("<title>one</title><style>two</style><script>three</script>four", "four"),
        ("<div style='display: none'>one</div>two", "two"),
        ("<div hidden>one</div><span style='visibility:hidden'>two</span>three", "three"),
        ("<div style='mso-hide:all'>one</div><div style='opacity:0'>two</div>three", "three"),
        ("<div style='opacity:0.9'>one</div>", "one"),
        ("<blockquote hidden>one</blockquote><pre hidden></pre>two<blockquote>three", "two\n\n> three"),
        ("<ol hidden><li>one</ol><a hidden href=https://x.example>two</a><ul><li>three", "- three"),
        ("<div style='font-size:0;display:none'>one</div>two", "two"),
        ("<div style='max-height:0;overflow:hidden'>one</div>two", "two"),
        ("<div style='height:0px'>one</div>", "one"),
        (
            "<table><td style='font-size:0'>one<div style='font-size:0px'>two<p style='font-size:13px'>three</div>",
            "three",
        ),
        ("<!--[if mso]>one<![endif]-->two", "two"),
        ("&lt;b&gt; &amp;amp; &eacute; &#x1F600; &unknown;", "<b> &amp; é 😀 &unknown;"),
        ("zero\u200bwidth soft\u00adhyphen", "zerowidth softhyphen"),
        ("", ""),
        (" <p> </p> ", ""),
    ],
)
def test_a_page_is_read_as_text(html: str, expected: str | None) -> None:
    assert to_text(html) == (expected if expected is not None else "one\n\n> two\n> three\n>\n> > four\n\nfive")


def test_deeply_nested_pages_are_read() -> None:
    assert to_text("<div>" * 40_000 + "one" + "</div>" * 40_000 + "two") == "one\ntwo"
    assert to_text("<blockquote>" * 50_000 + "one").lstrip("> ") == "one"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p>\n<p>three</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"),
        ("\n\n \n", ""),
    ],
)
def test_text_becomes_paragraphs(text: str, expected: str) -> None:
    assert from_text(text) == expected


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("https://x.example/a?b=c&d", "https://x.example/a?b=c&amp;d", "https://x.example/a?b=c&amp;d"),
        ("(see www.x.example).", "https://www.x.example", "www.x.example"),
        ("a.b+c@x.example, please", "mailto:a.b+c@x.example", "a.b+c@x.example"),
        ("https://x.example/a_(b)!", "https://x.example/a_(b)", "https://x.example/a_(b)"),
        ("<https://x.example/a>", "https://x.example/a", "https://x.example/a"),
    ],
)
def test_addresses_become_links(text: str, address: str, shown: str) -> None:
    link = f'<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{shown}</a>'
    assert link in from_text(text)


def test_no_other_scheme_becomes_a_link() -> None:
    assert "<a" not in from_text("javascript:alert(1) data:text/html,x file:///etc 10:30 a@b")


@given(st.text(st.sampled_from("ab.@:/<>&\"'()\n w") | st.characters(), max_size=200))
def test_text_shown_as_html_is_safe_and_keeps_its_words(text: str) -> None:
    html = from_text(text)
    assert to_text(sanitise(html)) == to_text(html)


@given(markup())
def test_arbitrary_markup_is_read(html: str) -> None:
    to_text(html)


@given(st.text(st.characters(), max_size=300))
def test_arbitrary_text_is_read(text: str) -> None:
    to_text(text)
    from_text(text)


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_reading_takes_time_linear_in_the_page(piece: str) -> None:
    assert_linear(to_text, piece, 25_000)


@pytest.mark.parametrize(
    "piece", ["one ", "\n", "a@b.example ", "aaaa", "a.b@", "a@a.", "https://x.example/((", "https://x)", "www."]
)
def test_writing_takes_time_linear_in_the_text(piece: str) -> None:
    assert_linear(from_text, piece, 50_000)
