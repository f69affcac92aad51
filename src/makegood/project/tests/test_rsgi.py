"""What becomes of a request's headers before a page sees them."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from makegood.project.askers import Hands, asker_of, connection_of, place_of
from makegood.project.rsgi import _environ


def environ(*headers: tuple[str, str], client: str = "203.0.113.7:4000") -> dict[str, Any]:
    scope = SimpleNamespace(
        server="127.0.0.1:8000", method="GET", path="/", query_string="", http_version="2", scheme="http",
        authority="help.shop.example", client=client, headers=SimpleNamespace(items=lambda: list(headers)),
    )  # fmt: skip
    return _environ(scope, io.BytesIO(), 0)


def test_cookies_in_several_fields_are_one_header() -> None:
    """RFC 9113, 8.2.3."""
    assert environ(("cookie", "makegood=abc"), ("cookie", "csrf=def"))["HTTP_COOKIE"] == "makegood=abc; csrf=def"


def test_a_stranger_cannot_say_where_they_come_from() -> None:
    seen = environ(
        ("x-forwarded-for", "198.51.100.1"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example")
    )

    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("203.0.113.7", "http")
    assert seen["HTTP_HOST"] == "help.shop.example"


def test_a_named_proxy_is_believed_up_to_the_first_stranger(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]

    seen = environ(
        ("x-forwarded-for", "198.51.100.1, 192.0.2.9"), ("x-forwarded-proto", "https"), client="127.0.0.1:4000"
    )

    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("192.0.2.9", "https")


@pytest.mark.parametrize("name", ["x_forwarded_for", "X_Forwarded_For"])
def test_a_name_with_an_underscore_does_not_pass_for_the_proxys(settings: Any, name: str) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]

    seen = environ((name, "198.51.100.1"), ("x-forwarded-for", "192.0.2.9"), client="127.0.0.1:4000")

    assert seen["REMOTE_ADDR"] == "192.0.2.9"


@pytest.mark.parametrize(
    ("client", "forwarded", "asker"),
    [
        ("192.0.2.7:4000", [], "192.0.2.7"),
        ("192.0.2.7:4000", ["198.51.100.1"], "192.0.2.7"),  # not from the proxy
        ("10.0.0.5:4000", ["198.51.100.1"], "198.51.100.1"),
        ("[::ffff:10.0.0.5]:4000", ["198.51.100.1"], "198.51.100.1"),  # the proxy, by a socket of IPv6
        ("10.0.0.5:4000", ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.5:4000", ["203.0.113.9, 198.51.100.1, 10.0.0.6"], "198.51.100.1"),
        ("10.0.0.5:4000", ["203.0.113.9, ::ffff:198.51.100.1, ::ffff:10.0.0.6"], "198.51.100.1"),
        ("10.0.0.5:4000", [], "10.0.0.5"),
    ],
)
def test_who_asks_is_told_by_the_connection_or_a_named_proxy(
    settings: Any, client: str, forwarded: list[str], asker: str
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/24"]

    assert asker_of(client, forwarded) == asker


def test_an_ipv6_customer_is_one_place_however_many_addresses_they_have() -> None:
    assert place_of("2001:db8:1:2::7") == place_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert place_of("2001:db8:1:3::7") != place_of("2001:db8:1:2::7")
    assert (place_of("192.0.2.7"), place_of("unknown")) == ("192.0.2.7", "unknown")
    assert connection_of("[2001:db8::7]:4000") == ("2001:db8::7", 4000)
    assert connection_of("[::ffff:192.0.2.7]:4000") == ("192.0.2.7", 4000)


def test_hands_have_room_for_so_many_in_all_and_of_each_and_forget_who_is_gone() -> None:
    hands = Hands(at_once=3, each=2)
    with hands.holding("a"), hands.holding("a"):
        assert (hands.has_room(), hands.has_room_for("a"), hands.has_room_for("b")) == (True, False, True)
        with hands.holding("b"):
            assert (hands.has_room(), "b" in hands) == (False, True)

    assert (hands.has_room(), hands.has_room_for("a"), "a" in hands, hands) == (True, True, False, Hands(3, 2))
