"""Where the servers of an address are, found in a table, in the DNS, in the domain's own file, or guessed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from makegood.channels.email.connecting import Security
from makegood.channels.email.discovering import Found, Place, discover, read_autoconfig
from makegood.channels.email.tests.names import Zone, zone
from makegood.channels.http import NotFetched

US, ADDRESS = "quillfeather.example", "hello@quillfeather.example"
AUTOCONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="quillfeather.example">
  <incomingServer type="pop3">
    <hostname>pop.quillfeather.example</hostname><port>995</port><socketType>SSL</socketType>
  </incomingServer>
  <incomingServer type="imap">
    <hostname>plain.quillfeather.example</hostname><port>143</port><socketType>plain</socketType>
  </incomingServer>
  <incomingServer type="imap">
    <hostname>imap.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>
    <username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication>
  </incomingServer>
  <outgoingServer type="smtp">
    <hostname>smtp.quillfeather.example</hostname><port>587</port><socketType>STARTTLS</socketType>
    <username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>
  </outgoingServer>
</emailProvider></clientConfig>"""


@pytest.fixture
def names() -> Iterator[Zone]:
    with zone() as served:
        yield served


def nothing(url: str) -> bytes:
    raise NotFetched(url)


def test_a_well_known_provider_is_found_in_the_table(names: Zone) -> None:
    found = discover("care@fastmail.com", names.resolver, nothing)

    assert found.source == "table"
    assert found.imap == Place("imap.fastmail.com", 993, Security.TLS, "care@fastmail.com")
    assert found.smtp == Place("smtp.fastmail.com", 465, Security.TLS, "care@fastmail.com")
    assert found.sign_in == "app_password"
    assert not names.asked


def test_a_company_whose_mail_goes_to_a_known_provider_is_found_by_its_mx(names: Zone) -> None:
    names.records[US, "MX"] = [f"10 {US.replace('.', '-')}.mail.protection.outlook.com."]

    found = discover(ADDRESS, names.resolver, nothing)

    assert (found.source, found.sign_in) == ("table", "microsoft")


def test_a_mx_that_only_ends_like_a_known_one_is_not_it(names: Zone) -> None:
    names.records[US, "MX"] = ["10 mx.notgoogle.com."]

    assert discover(ADDRESS, names.resolver, nothing) == Found()


def test_the_dns_names_the_servers(names: Zone) -> None:
    names.records[f"_imaps._tcp.{US}", "SRV"] = [f"20 0 993 backup.{US}.", f"10 0 1993 imap.{US}."]
    names.records[f"_submission._tcp.{US}", "SRV"] = [f"0 1 587 smtp.{US}."]

    found = discover(ADDRESS, names.resolver, nothing)

    assert found == Found(
        "dns",
        Place(f"imap.{US}", 1993, Security.TLS, ADDRESS),
        Place(f"smtp.{US}", 587, Security.STARTTLS, ADDRESS),
    )


def test_a_service_that_the_dns_says_is_not_there_is_not_offered(names: Zone) -> None:
    names.records[f"_imaps._tcp.{US}", "SRV"] = ["0 0 0 ."]
    names.records[f"_imap._tcp.{US}", "SRV"] = [f"0 0 143 imap.{US}."]

    found = discover(ADDRESS, names.resolver, nothing)

    assert found.imap == Place(f"imap.{US}", 143, Security.STARTTLS, ADDRESS)


def test_the_domains_own_file_names_the_servers(names: Zone) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return AUTOCONFIG.encode() if "well-known" in url else nothing(url)

    found = discover(ADDRESS, names.resolver, fetch)

    assert found == Found(
        "autoconfig",
        Place(f"imap.{US}", 993, Security.TLS, "hello"),
        Place(f"smtp.{US}", 587, Security.STARTTLS, ADDRESS),
    )
    assert asked == [
        f"https://autoconfig.{US}/mail/config-v1.1.xml",
        f"https://{US}/.well-known/autoconfig/mail/config-v1.1.xml",
    ]


@pytest.mark.parametrize("content", [
    b"", b"<html><p>not found", b"\x00\xff", b"<clientConfig/>",
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + AUTOCONFIG.encode().partition(b"?>")[2],
    AUTOCONFIG.replace("993", "99999").encode(), AUTOCONFIG.replace("993", "²").encode(),
])  # fmt: skip
def test_a_file_that_is_none_is_nothing(content: bytes) -> None:
    assert read_autoconfig(content, ADDRESS) is None


def test_a_document_type_in_another_encoding_is_refused_too() -> None:
    content = '<!DOCTYPE x [<!ENTITY a "imap">]>' + AUTOCONFIG.partition("?>")[2]

    assert read_autoconfig(content.encode("utf-16"), ADDRESS) is None


def test_names_that_exist_are_offered_as_guesses(names: Zone) -> None:
    names.records[f"mail.{US}", "A"] = ["192.0.2.7"]
    names.records[f"smtp.{US}", "AAAA"] = ["2001:db8::7"]

    found = discover(ADDRESS, names.resolver, nothing)

    assert found == Found(
        "guess",
        Place(f"mail.{US}", 993, Security.TLS, ADDRESS),
        Place(f"smtp.{US}", 587, Security.STARTTLS, ADDRESS),
    )


@pytest.mark.parametrize("address", ["", "hello", "hello@", "hello@..", f"hello@{'x' * 70}.example"])
def test_an_address_that_is_none_tells_nothing(names: Zone, address: str) -> None:
    assert discover(address, names.resolver, nothing).imap is None


def test_a_silent_dns_is_no_error(names: Zone) -> None:
    names.is_silent = True
    names.resolver.lifetime = 0.2

    assert discover(ADDRESS, names.resolver, nothing) == Found()


def test_reading_the_file_takes_time_linear_in_it() -> None:
    def seconds(count: int) -> float:
        server = "<incomingServer type='imap'><hostname>" + "x" * 50 + "</hostname></incomingServer>"
        content = f"<clientConfig>{server * count}{'<a>' * count}{'</a>' * count}</clientConfig>".encode()
        best = 9.0
        for _ in range(3):
            begun = time.process_time()
            read_autoconfig(content, ADDRESS)
            best = min(best, time.process_time() - begun)
        return best

    one, four = seconds(1000), seconds(4000)

    assert four < one * 4 * 1.6 + 0.02
