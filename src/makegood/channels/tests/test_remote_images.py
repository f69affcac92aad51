"""Remote images of a mail: asked for by a person, for one message and a while, and drawn by us."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.models import Agent
from makegood.channels import remote_images
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import close_parser
from makegood.channels.parser.remote import LONGEST, MOST
from makegood.channels.remote_images import GOOD_FOR, leave
from makegood.channels.tests.factories import read
from makegood.conversations.models import Message
from makegood.conversations.tests.factories import agent, come_in, inbox

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _parser() -> Iterator[None]:
    yield
    close_parser()


def drawing(kind: str = "PNG", colour: str = "#c8281e", size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind)
    return target.getvalue()


@dataclass
class Host:
    """A host of images on a loopback port; `asked` are the paths, `heads` what the requests said."""

    port: int = 0
    answers: dict[str, bytes | int | str] = field(default_factory=dict)  # bytes, a status, or where to go
    asked: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    slow: float = 0.0  # seconds before it answers

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def hosting() -> Iterator[Host]:
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            host.heads.append({name.lower(): value for name, value in self.headers.items()})
            time.sleep(host.slow)
            answer = host.answers.get(urlsplit(self.path).path, 404)
            self.send_response(200 if isinstance(answer, bytes) else 302 if isinstance(answer, str) else answer)
            if isinstance(answer, str):
                self.send_header("Location", answer.encode().decode("latin-1"))  # as it leaves
            self.send_header("Content-Type", "text/html")  # whatever a host says of it
            self.send_header("Set-Cookie", "seen=1")
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else b"")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    yield host
    server.shutdown()
    server.server_close()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    with hosting() as host:
        monkeypatch.setenv("MAKEGOOD_HTTP_ALLOW", f"127.0.0.1:{host.port}")
        host.answers["/pole.png"] = drawing()
        yield host


def mail_with(html: str, *parts: bytes) -> bytes:
    head = (
        b"From: Odile Fenwick <odile@fenwick.example>\r\nSubject: News\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related; boundary=b\r\n\r\n"
    )
    body = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in (body, *parts)) + b"--b--\r\n"


def letter(*sources: str) -> Message:
    return read(mail_with("<table><tr><td>News" + "".join(f'<img src="{s}" alt="one">' for s in sources)), inbox())


def asked(browser: Client, message: Message) -> Any:
    """The mail with its images, after the click."""
    return browser.post(reverse("remote-images", args=[message.pk]), follow=True)


def images(page: Any) -> list[str]:
    nodes = LexborHTMLParser(page.content.decode()).css("img")
    return [node.attributes["src"] or "" for node in nodes if "src" in node.attributes]


def changed(address: str, **parts: str) -> str:
    split = urlsplit(address)
    return f"{split.path}?{urlencode(dict(parse_qsl(split.query)) | parts)}"


def test_nothing_is_fetched_until_a_person_asks_and_then_it_is_drawn_by_us(browser: Client, host: Host) -> None:
    host.answers["/pole.png"] = drawing() + b"<script>alert(1)</script>"
    message = letter(host.url("/pole.png?who=odile"))
    assert message.has_remote_images
    closed = browser.get(reverse("message-body", args=[message.pk]))
    browser.get(reverse("conversation", args=[message.conversation_id]))
    assert (images(closed), host.asked) == ([], [])

    page = asked(browser, message)
    assert host.asked == []  # a browser asks for what it shows
    (address,) = images(page)
    shown = browser.get(address)

    assert host.asked == ["/pole.png?who=odile"]
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert b"script" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert (picture.size, picture.getpixel((0, 0))) == ((40, 30), (200, 40, 30))


def test_the_pages_and_pictures_have_the_policies_of_a_frame_and_a_file(browser: Client, host: Host) -> None:
    message = letter(host.url("/pole.png"))
    page = asked(browser, message)
    shown = browser.get(images(page)[0])

    stored = browser.get(reverse("message-body", args=[message.pk]))
    for header in ("Content-Security-Policy", "X-Frame-Options", "Cache-Control", "Referrer-Policy"):
        assert page[header] == stored[header]
    assert shown["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert (shown["X-Content-Type-Options"], shown["Cache-Control"]) == ("nosniff", "no-store")


def test_the_host_learns_nothing_of_who_asks(browser: Client, host: Host) -> None:
    message = letter(host.url("/pole.png"))
    address = images(asked(browser, message))[0]
    browser.get(address, headers={"user-agent": "Firefox/150 Linux", "referer": "https://desk.example/conversations"})
    browser.get(address)

    for head in host.heads:
        assert head == {
            "host": f"127.0.0.1:{host.port}", "user-agent": "Makegood", "accept-encoding": "identity",
        }  # fmt: skip


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_every_kind_that_is_shown_is_known_by_its_bytes(browser: Client, host: Host, kind: str) -> None:
    host.answers["/x"] = drawing(kind)
    shown = browser.get(images(asked(browser, letter(host.url("/x"))))[0])

    assert shown["Content-Type"] == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert picture.format == kind


def test_what_is_see_through_stays_so(browser: Client, host: Host) -> None:
    for kind, see_through in (("GIF", 0), ("PNG", b"\x80")):
        target = io.BytesIO()
        spacer = Image.new("P", (4, 4), 0)
        spacer.putpalette([200, 40, 30] + [0] * 765)
        spacer.save(target, kind, transparency=see_through)
        host.answers[f"/{kind}"] = target.getvalue()
        shown = browser.get(images(asked(browser, letter(host.url(f"/{kind}"))))[0])
        with Image.open(io.BytesIO(shown.content)) as picture:
            assert picture.convert("RGBA").getpixel((0, 0))[3] == (128 if see_through else 0)  # type: ignore[index]


@pytest.mark.parametrize("answer", [
    404, 500, b"", b"<html>not found</html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken",
    b"x" * (10 * 1024 * 1024 + 1), "http://169.254.169.254/latest/", "ftp://host.example/x", "/round",
])  # fmt: skip
def test_what_cannot_be_shown_is_a_quiet_sign(browser: Client, host: Host, answer: bytes | int | str) -> None:
    host.answers |= {"/x": answer, "/round": "/round"}
    shown = browser.get(images(asked(browser, letter(host.url("/x"))))[0])

    assert (shown.status_code, shown["Content-Type"]) == (200, "image/svg+xml")
    assert host.asked[0] == "/x"
    assert len(host.asked) <= 4
    assert shown["Content-Security-Policy"].endswith("sandbox")


def test_a_picture_with_too_many_pixels_is_not_drawn(browser: Client, host: Host) -> None:
    host.answers["/large"] = drawing(size=(4_000, 3_000))
    shown = browser.get(images(asked(browser, letter(host.url("/large"))))[0])

    assert shown["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("place", [
    "127.0.0.1", "127.1", "2130706433", "017700000001", "0x7f000001", "localhost", "10.0.0.5", "169.254.169.254",
    "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]",
])  # fmt: skip
def test_the_own_network_is_not_asked(browser: Client, host: Host, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr("makegood.channels.http.PORTS", frozenset({80, 443, host.port}))
    monkeypatch.delenv("MAKEGOOD_HTTP_ALLOW")
    started = time.monotonic()
    shown = browser.get(images(asked(browser, letter(f"http://{place}:{host.port}/pole.png")))[0])

    assert (shown.status_code, shown["Content-Type"], host.asked) == (200, "image/svg+xml", [])
    assert time.monotonic() - started < 5


def test_the_address_of_an_image_opens_nothing_else(browser: Client, host: Host) -> None:
    host.answers["/other.png"] = drawing()
    message, another = letter(host.url("/pole.png")), letter(host.url("/other.png"))
    page = browser.post(reverse("remote-images", args=[message.pk]))["Location"]
    image = images(browser.get(page))[0]

    moved = image.replace(f"/{message.pk}/image", f"/{another.pk}/image")
    for refused in (
        changed(image, url=host.url("/other.png")), changed(image, seal="0" * 64), changed(image, until="99999999999"),
        changed(image, until=""), changed(image, until="²"), changed(image, seal=""), moved, image.partition("?")[0],
        changed(page, seal="0" * 64), changed(page, until="99999999999"), page.partition("?")[0],
        page.replace(f"/{message.pk}?", f"/{another.pk}?"), changed(page, seal=dict(parse_qsl(image))["seal"]),
    ):  # fmt: skip
        assert browser.get(refused).status_code == 404
    assert host.asked == []
    assert browser.get(image)["Content-Type"] == "image/png"


def test_the_address_ends(browser: Client, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    message = letter(host.url("/pole.png"))
    page = browser.post(reverse("remote-images", args=[message.pk]))["Location"]
    image = images(browser.get(page))[0]

    monkeypatch.setenv("MAKEGOOD_TEST", "1")
    monkeypatch.setenv("MAKEGOOD_CLOCK_SHIFT", str(GOOD_FOR.total_seconds() - 60))
    assert (browser.get(page).status_code, browser.get(image).status_code) == (200, 200)
    monkeypatch.setenv("MAKEGOOD_CLOCK_SHIFT", str(GOOD_FOR.total_seconds() + 1))
    assert (browser.get(page).status_code, browser.get(image).status_code) == (404, 404)
    assert host.asked == ["/pole.png"]


def test_a_colleague_cannot_use_the_address_and_who_may_not_see_the_mail_cannot_ask(
    browser: Client, marisol: Agent, host: Host
) -> None:
    secret = inbox("secret@quillfeather.example", "Secret", is_open_to_all=False)
    message = letter(host.url("/pole.png"))
    page = browser.post(reverse("remote-images", args=[message.pk]))["Location"]
    image = images(browser.get(page))[0]
    browser.force_login(agent("Jonas Pell"))
    assert [browser.get(one).status_code for one in (page, image)] == [404, 404]

    hidden = read(mail_with(f'<img src="{host.url("/pole.png")}">'), secret)
    browser.force_login(marisol)
    given = leave(hidden, marisol)
    assert browser.post(reverse("remote-images", args=[hidden.pk])).status_code == 404
    assert browser.get(given.address).status_code == 404
    assert host.asked == []


def test_a_link_cannot_ask_and_no_form_of_another_site(marisol: Agent, host: Host) -> None:
    message, browser = letter(host.url("/pole.png")), Client(enforce_csrf_checks=True)
    browser.force_login(marisol)

    assert browser.get(reverse("remote-images", args=[message.pk])).status_code == 404
    assert browser.post(reverse("remote-images", args=[message.pk])).status_code == 403


def test_images_of_the_mail_itself_are_still_shown(browser: Client, host: Host) -> None:
    part = b"Content-Type: image/png\r\nContent-ID: <p@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    encoded = base64.encodebytes(drawing())
    message = read(
        mail_with(f'<p style="color:red">x<img src="cid:p@x"><img src="{host.url("/pole.png")}">', part + encoded),
        inbox(),
    )
    stored = images(browser.get(reverse("message-body", args=[message.pk])))
    page = asked(browser, message)

    own, remote = images(page)
    assert [own] == stored
    assert browser.get(own)["Content-Type"] == "image/png"
    assert remote.startswith(reverse("remote-image", args=[message.pk]))
    assert "color:red" in page.content.decode()


def test_the_first_fifty_images_of_a_message_are_shown_and_no_endless_address(browser: Client, host: Host) -> None:
    many = [host.url(f"/{number}.png") for number in range(MOST + 5)]
    shown = images(asked(browser, letter(host.url("/" + "x" * LONGEST), many[0], *many)))

    assert (len(shown), len(set(shown))) == (MOST + 1, MOST)  # the first stands there twice
    assert not any("xxx" in address for address in shown)


def test_odd_addresses_are_asked_as_a_browser_would(browser: Client, host: Host) -> None:
    host.answers |= {"/a%20b%C3%A4.png": drawing(), "/moved": "/a b\u00e4.png"}
    for path in ("/a b\u00e4.png?q=\u00e4 b&amp;c#part", "/moved"):
        address = images(asked(browser, letter(host.url(path))))[0]
        assert browser.get(address)["Content-Type"] == "image/png"

    assert host.asked[0] == "/a%20b%C3%A4.png?q=%C3%A4%20b&c"


@pytest.fixture
def parser_to_call(tmp_path: Path) -> Iterator[str]:
    """An address where no parser listens; afterwards the tests have their own again."""
    yield str(tmp_path / "nobody listens")
    close_parser()


def test_without_a_parser_the_mail_is_shown_as_it_was(
    browser: Client, host: Host, parser_to_call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = letter(host.url("/pole.png"))
    image = images(asked(browser, message))[0]
    close_parser()
    monkeypatch.setenv("MAKEGOOD_PARSER", parser_to_call)

    assert images(asked(browser, message)) == []
    assert b"News" in asked(browser, message).content
    assert browser.get(image)["Content-Type"] == "image/svg+xml"


def test_a_mail_over_which_the_parser_dies_is_shown_as_it_was(browser: Client, host: Host, tmp_path: Path) -> None:
    message = letter(host.url("/pole.png"))
    RawMessage.objects.filter(pk=message.raw_id).update(content=None, path=str(tmp_path))  # no file: reading it ends it

    assert images(asked(browser, message)) == []
    assert b"News" in asked(browser, message).content


def test_a_mail_whose_bytes_are_gone_is_shown_as_it_is_stored(browser: Client, host: Host) -> None:
    message = letter(host.url("/pole.png"))
    RawMessage.objects.filter(pk=message.raw_id).delete()

    assert b"News" in asked(browser, message).content


@pytest.mark.parametrize(("html", "is_offered"), [
    ('<table><tr><td>x<img src="https://shop.example/a.png">', True),
    ('<p>x<img src="//shop.example/a.png"></p>', True),
    ('<table><tr><td>x<img src="cid:none"><img src="data:image/png;base64,AA=="></table>', False),
    ("<p style='color:red'>https://shop.example/a.png</p>", False),
])  # fmt: skip
def test_the_offer_stands_where_there_are_remote_images(browser: Client, html: str, is_offered: bool) -> None:
    message = read(mail_with(html), inbox())
    page = browser.get(reverse("conversation", args=[message.conversation_id])).content.decode()

    assert (reverse("remote-images", args=[message.pk]) in page) is is_offered
    assert page.count(f'name="mail-{message.pk}"') == 1


def test_our_own_letters_and_mail_without_html_have_none(browser: Client) -> None:
    conversation = come_in("Plain words.").conversation
    page = browser.get(reverse("conversation", args=[conversation.pk])).content.decode()

    assert "remote-images" not in page


def test_only_a_few_are_fetched_at_once(host: Host) -> None:
    for _ in range(5):
        assert remote_images.AT_ONCE.acquire(blocking=False)
    late: list[Any] = []
    given = remote_images.Leave(1, 1, int(time.time()) + 60)
    waiting = Thread(target=lambda: late.append(remote_images.picture(host.url("/pole.png"), given)))
    waiting.start()
    waiting.join(0.5)
    assert (late, host.asked) == ([], [])

    for _ in range(5):
        remote_images.AT_ONCE.release()
    waiting.join(20)
    assert late[0][0] == "image/png"


def test_hosts_that_keep_us_waiting_have_no_more_than_the_time_of_one_click(
    browser: Client, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_images, "CLICK_SECONDS", 1.0)
    message = letter(*(host.url(f"/{number}/pole.png") for number in range(9)))
    host.answers |= {f"/{number}/pole.png": drawing() for number in range(9)}
    host.slow = 0.4

    first = [browser.get(address)["Content-Type"] for address in images(asked(browser, message))]
    host.slow = 0.0
    with time_machine.travel(time.time() + 2):  # the leave of another click ends later
        second = [browser.get(address)["Content-Type"] for address in images(asked(browser, message))]

    assert first == ["image/png"] * 2 + ["image/svg+xml"] * 7
    assert second == ["image/png"] * 9
    assert len(host.asked) == 3 + 9  # the third was given up, and then none was asked any more
