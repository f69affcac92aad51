"""The guarded client asks the public internet only, in whatever spelling the own network is named."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from makegood.channels.http import Client, NotFetched, client, is_public, resolve

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.2.7",
    "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "192.31.196.1", "192.175.48.1", "168.63.129.16", "3fff::1", "64:ff9b::a83f:8110",
    "::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.5", "::ffff:a9fe:a9fe", "::127.0.0.1", "::7f00:1",
    "64:ff9b::127.0.0.1", "64:ff9b::a00:5", "64:ff9b:1::7f00:1", "64:ff9b:1:a00:0:100:808:808", "64:ff9b:1::808:808",
    "2002:7f00:1::", "2002:a00:5::1", "2002:c0a8:101::",
    "2001:0:7f00:1::1", "fe80::1%lo", "not an address", "",
])  # fmt: skip
def test_the_own_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [
    "8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
])  # fmt: skip
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "0", "localhost", "127.0.0.1"])
def test_odd_spellings_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(NotFetched):
        Client().get(f"http://{host}/")


@pytest.mark.parametrize("host", ["[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"])
def test_odd_spellings_in_ipv6_are_refused(host: str) -> None:
    with pytest.raises(NotFetched):
        Client().get(f"http://{host}/")


@pytest.mark.parametrize("url", [
    "ftp://quillfeather.example/", "file:///etc/passwd", "https://quillfeather.example:8443/", "https:///x", "x",
    "https://care@quillfeather.example/", "http://quillfeather.example:99999/", "//quillfeather.example/", "http://[::1/",
])  # fmt: skip
def test_other_addresses_are_not_asked(url: str) -> None:
    with pytest.raises(NotFetched):
        Client(resolve=lambda host, port: ["8.8.8.8"]).get(url)


@contextmanager
def serving(answer: Callable[[socket.socket, bytes], None]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            answer(connection, connection.recv(65536))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def allowed(port: int, **more: object) -> Client:
    return Client(allowed=frozenset({("127.0.0.1", port)}), **more)  # type: ignore[arg-type]


def test_a_place_that_the_administrator_named_is_fetched() -> None:
    with serving(lambda connection, _: connection.sendall(OK)) as port:
        assert allowed(port).get(f"http://127.0.0.1:{port}/") == b"hello"


def test_the_allow_list_names_a_port_not_a_machine() -> None:
    with serving(lambda connection, _: connection.sendall(OK)) as port, pytest.raises(NotFetched):
        allowed(port + 1).get(f"http://127.0.0.1:{port}/")


def test_the_allow_list_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEGOOD_HTTP_ALLOW", "10.0.0.5:443, [fd00::5]:8443")

    assert client().allowed == {("10.0.0.5", 443), ("fd00::5", 8443)}


def test_a_name_is_resolved_once_and_the_checked_address_is_asked() -> None:
    asked: list[str] = []

    def changing(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.5"]

    with serving(lambda connection, _: connection.sendall(OK)) as port:
        assert allowed(port, resolve=changing).get(f"http://shop.example:{port}/") == b"hello"
    assert asked == ["shop.example"]


@pytest.mark.parametrize(
    "own", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::a00:5"]
)
def test_a_name_that_leads_to_the_internet_and_the_own_network_is_not_asked(own: str) -> None:
    for found in ([own, "8.8.8.8"], ["8.8.8.8", own], []):
        with pytest.raises(NotFetched, match="not on the public internet"):
            Client(resolve=lambda _host, _port, found=found: found).get("http://shop.example/")


def test_what_the_administrator_named_is_asked_whatever_else_the_name_says() -> None:
    with serving(lambda connection, _: connection.sendall(OK)) as port:
        mixed = allowed(port, resolve=lambda _host, _port: ["::1", "127.0.0.1"])
        assert mixed.get(f"http://shop.example:{port}/") == b"hello"


def test_letters_that_no_request_may_have_are_spelled_as_a_browser_does() -> None:
    lines: list[bytes] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        lines.extend(request.split(b"\r\n")[:2])
        connection.sendall(OK)

    with serving(answer) as port:
        named = allowed(port, resolve=lambda _host, _port: ["127.0.0.1"])
        named.get(f"HTTP://z\u00e4une.example:{port}/a b\u00e4%20.png?q=<\u00e4>&c#part")

    assert lines == [b"GET /a%20b%C3%A4%20.png?q=%3C%C3%A4%3E&c HTTP/1.1", b"Host: xn--zune-loa.example:%d" % port]


def test_each_redirect_is_checked() -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n"
        )

    with serving(answer) as port, pytest.raises(NotFetched, match="not on the public internet"):
        allowed(port).get(f"http://127.0.0.1:{port}/")


def test_a_redirect_to_no_address_is_not_followed() -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://[shop\r\nContent-Length: 0\r\n\r\n")

    with serving(answer) as port, pytest.raises(NotFetched, match="leads to no address"):
        allowed(port).get(f"http://127.0.0.1:{port}/")


def test_three_redirects_are_followed_and_not_four() -> None:
    asked: list[int] = []

    def answer(connection: socket.socket, request: bytes) -> None:
        number = int(request.split(b" ")[1].strip(b"/") or b"0")
        asked.append(number)
        connection.sendall(
            OK if number == 0 else b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % (number - 1)
        )

    with serving(answer) as port:
        assert allowed(port).get(f"http://127.0.0.1:{port}/3") == b"hello"
        with pytest.raises(NotFetched, match="more than 3 redirects"):
            allowed(port).get(f"http://127.0.0.1:{port}/4")
    assert asked == [3, 2, 1, 0, 4, 3, 2, 1]


def test_ten_mebibytes_are_taken_and_not_a_byte_more() -> None:
    most = 10 * 1024 * 1024
    for size in (most, most + 1):
        body = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size
        with serving(lambda connection, _, body=body: connection.sendall(body)) as port:
            if size > most:
                with pytest.raises(NotFetched, match="more than"):
                    allowed(port).get(f"http://127.0.0.1:{port}/")
            else:
                assert len(allowed(port).get(f"http://127.0.0.1:{port}/")) == most


def test_a_body_that_never_ends_is_cut() -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(answer) as port, pytest.raises(NotFetched, match="more than"):
        allowed(port).get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_given_up_in_time(begin: bytes) -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with serving(answer) as port:
        started = time.monotonic()
        with pytest.raises(NotFetched):
            allowed(port, seconds=0.5).get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - started < 1.5


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://10.0.0.5:3128")

    with serving(lambda connection, _: connection.sendall(OK)) as port:
        assert allowed(port).get(f"http://127.0.0.1:{port}/") == b"hello"


def test_a_post_is_not_redirected() -> None:
    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 2\r\n\r\nno")

    with serving(answer) as port:
        assert allowed(port).post(f"http://127.0.0.1:{port}/", b"x=1", "text/plain") == (307, b"no")


def test_an_unknown_name_is_not_fetched() -> None:
    with pytest.raises(NotFetched):
        resolve("quillfeather.invalid", 443)
