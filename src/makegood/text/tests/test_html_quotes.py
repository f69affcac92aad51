import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.text.html_quotes import reply_of_html
from makegood.text.tests.html_pieces import HOSTILE, markup
from makegood.text.tests.timing import assert_linear

PAGES = {
    "gmail": (
        '<div dir="ltr">It came.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr"'
        ' class="gmail_attr">'
        'Xy 3 nov Odile &lt;<a href="mailto:odile@desk.example">odile@desk.example</a>&gt;:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Did it come?</blockquote></div>'
    ),
    "gmail with a signature": (
        '<div>It came.<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br>'
        '<div class="gmail_signature">Kerstin Vale</div></div><br><div class="gmail_quote"><div'
        ' class="gmail_attr">Xy</div>'
        '<blockquote class="gmail_quote">Did it come?</blockquote></div>'
    ),
    "gmail forward": (
        '<div>It came.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: Pia</div><br>The bill.</div>"
    ),
    "outlook on the web": (
        '<div>It came.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
        '<div id="divRplyFwdMsg"><b>Xy:</b> Odile<br></div><div>Did it come?</div>'
    ),
    "outlook": (
        '<div class="WordSection1"><p class="MsoNormal">It came.<o:p></o:p></p><div><div style="border:none;'
        'border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>Xy:</b> Odile</p></div></div><p>Did'
        " it come?</p></div>"
    ),
    "outlook signature": (
        '<div>It came.</div><div id="Signature">Kerstin Vale</div><div id="divRplyFwdMsg">Xy:'
        " Odile</div><div>Did it?</div>"
    ),
    "windows live": '<div>It came.</div><div class="OutlookMessageHeader">Xy: Odile</div><div>Did it come?</div>',
    "hotmail": '<div>It came.<hr id="stopSpelling">Xy: Odile<br>Did it come?</div>',
    "yahoo": (
        '<div>It came.</div><div id="ydp1" class="yahoo_quoted"><div>Xy 3 nov Odile:</div><div>Did it come?</div></div>'
    ),
    "thunderbird": (
        '<p>It came.</p><div class="moz-cite-prefix">Xy 3 nov Odile:<br></div><blockquote type="cite" cite="mid:a@b">'
        'Did it come?</blockquote><div class="moz-signature">-- <br>Kerstin</div>'
    ),
    "apple": (
        "<div>It came.</div><div><br><blockquote type='cite'><div>Xy 3 nov 10:00, Odile:</div><br><div>Did"
        " it come?</div>"
        "</blockquote></div>"
    ),
    "proton": (
        '<div>It came.</div><div class="protonmail_quote">Xy Odile:<br><blockquote type="cite">Did'
        " it?</blockquote></div>"
    ),
    "zoho": (
        '<div>It came.</div><div class="zmail_extra"><div class="x">---- Xy ----</div><blockquote>Did'
        " it?</blockquote></div>"
    ),
    "our marker": "<p>It came.</p><div><p>— Write above this line —</p><p>Did it come?</p></div>",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_marks_of_a_mail_program_tell_what_is_new(name: str) -> None:
    assert reply_of_html(PAGES[name]) == "It came."


def test_answers_between_quotes_stay() -> None:
    html = (
        '<div>Hello</div><div class="gmail_quote"><div class="gmail_attr">Xy:</div><blockquote'
        ' class="gmail_quote">Did it?'
        '</blockquote><div>No.</div><blockquote class="gmail_quote">Where?</blockquote></div><div>Here.</div>'
    )
    assert reply_of_html(html) == "Hello\n\nNo.\n\nHere."


@pytest.mark.parametrize(
    "html", ["", "<p>It came.</p>", "<p>It came.</p><p>On 3 Nov 2025 at 10:00, Odile wrote:</p><p>Did it?</p>"]
)
def test_without_a_mark_nothing_is_said(html: str) -> None:
    assert reply_of_html(html) is None


def test_a_message_passed_on_without_a_word_has_no_new_part() -> None:
    assert reply_of_html('<div id="appendonsend"></div><div id="divRplyFwdMsg">Xy: Pia</div><p>The bill.</p>') is None


@given(markup() | st.text(st.characters(), max_size=300))
def test_arbitrary_markup_is_cut(html: str) -> None:
    reply_of_html(html)


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_cutting_takes_time_linear_in_the_page(piece: str) -> None:
    assert_linear(lambda text: reply_of_html(text + '<div id="appendonsend">'), piece, 25_000)
