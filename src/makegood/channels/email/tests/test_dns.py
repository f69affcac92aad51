"""What the DNS says of a domain, asked at a name server of our own."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from makegood.channels.email.dns import Finding, check
from makegood.channels.email.tests.names import Zone, zone

US, ADDRESS = "quillfeather.example", "hello@quillfeather.example"
SERVER = "mail.quillfeather.example"


@pytest.fixture
def names() -> Iterator[Zone]:
    with zone() as served:
        yield served


def finding(names: Zone, name: str, **more: object) -> Finding:
    found = check(ADDRESS, names.resolver, sends_by=SERVER, **more)  # type: ignore[arg-type]
    return next(one for one in found if one.name == name)


def rsa_key(bits: int) -> str:
    key = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def test_a_domain_without_anything_gets_the_records_to_copy(names: Zone) -> None:
    found = check(ADDRESS, names.resolver, sends_by=SERVER)

    assert [one.state for one in found] == ["missing"] * 4
    assert (found[0].host, found[0].record) == (US, f"v=spf1 mx a:{SERVER} ~all")
    assert found[1].record.startswith("v=DKIM1; k=rsa; p=")
    assert (found[2].host, found[2].record) == (f"_dmarc.{US}", f"v=DMARC1; p=none; rua=mailto:{ADDRESS}")


def test_a_domain_in_order_is_good_in_all_four(names: Zone) -> None:
    names.txt(US, "some-verification=1", "v=spf1 mx -all")
    names.txt(f"default._domainkey.{US}", f"v=DKIM1; k=rsa; p={rsa_key(2048)}")
    names.txt(f"_dmarc.{US}", f"v=DMARC1; p=quarantine; rua=mailto:{ADDRESS}")
    names.records[US, "MX"] = [f"20 backup.{US}.", f"10 {SERVER}."]

    found = check(ADDRESS, names.resolver, sends_by=SERVER)

    assert [(one.name, one.state, one.said) for one in found] == [
        ("SPF", "good", "It names who may send for you and asks to refuse all others."),
        ("DKIM", "good", "A signing key is published (selector default)."),
        ("DMARC", "good", "Policy quarantine: a receiver sends doubtful mail to the spam folder; reports on."),
        ("MX", "good", f"Mail for you goes to {SERVER}."),
    ]


@pytest.mark.parametrize(
    ("record", "words", "mended"),
    [
        ("v=spf1 mx +all", "It lets anybody send for you (+all).", "v=spf1 mx ~all"),
        ("v=spf1 all", "It lets anybody send for you (+all).", "v=spf1 ~all"),
        ("v=spf1 mx ?all", "It says nothing about others (?all). End it with ~all.", "v=spf1 mx ~all"),
        ("v=spf1 mx", "It does not end, so it says nothing about others. End it with ~all.", "v=spf1 mx ~all"),
        (
            "v=spf1 ipv4:192.0.2.1 ~all",
            "“ipv4:192.0.2.1” is not a word of SPF, so the whole record does not count.", None,
        ),
        (
            "v=spf1 include:gone.example ~all",
            "It includes gone.example, which has no valid SPF record, so the whole record does not count.", None,
        ),
    ],
)  # fmt: skip
def test_an_spf_record_that_does_not_help_is_wrong(names: Zone, record: str, words: str, mended: str | None) -> None:
    names.txt(US, record)

    found = finding(names, "SPF")

    assert (found.state, found.said) == ("wrong", words)
    assert mended is None or found.record == mended


def test_two_spf_records_count_for_nothing(names: Zone) -> None:
    names.txt(US, "v=spf1 mx ~all", "v=spf1 a ~all")

    assert finding(names, "SPF").said.startswith("There are 2 SPF records, so none counts.")


def test_more_than_ten_further_questions_are_too_many(names: Zone) -> None:
    names.txt(US, "v=spf1 include:a.example include:b.example ~all")
    for name in ("a", "b"):
        names.txt(f"{name}.example", "v=spf1 " + " ".join(f"a:{n}.{name}.example" for n in range(5)) + " ~all")

    assert finding(names, "SPF").said.startswith("It needs more than 10 further questions")


def test_includes_that_go_round_in_circles_end(names: Zone) -> None:
    names.txt(US, "v=spf1 include:a.example ~all")
    names.txt("a.example", f"v=spf1 include:{US} ~all")

    assert finding(names, "SPF").state == "good"


def test_the_record_names_the_company_that_sends_for_us(names: Zone) -> None:
    found = check(ADDRESS, names.resolver, sends_by="smtp.office365.com")

    assert found[0].record == "v=spf1 include:spf.protection.outlook.com ~all"


def test_the_selector_that_the_administrator_names_is_asked_first(names: Zone) -> None:
    key = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    names.txt(f"lantern2026._domainkey.{US}", f"v=DKIM1; k=ed25519; p={base64.b64encode(key).decode()}")

    assert finding(names, "DKIM").state == "missing"
    assert (
        finding(names, "DKIM", selectors=["lantern2026"]).said == "A signing key is published (selector lantern2026)."
    )


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("v=DKIM1; k=rsa; p=", "was withdrawn (its p is empty)"),
        ("v=DKIM1; k=rsa; p=MIIBIjANBg", "cannot be read; it may have been cut when it was copied"),
        ("v=DKIM2; p=MIIBIjANBg", "is of an unknown version"),
    ],
)
def test_a_key_that_nobody_can_use_is_wrong(names: Zone, record: str, words: str) -> None:
    names.txt(f"mail._domainkey.{US}", record)

    found = finding(names, "DKIM")

    assert (found.state, found.said) == ("wrong", f"The key of the selector mail {words}.")


def test_an_answer_for_every_name_is_no_key(names: Zone) -> None:
    names.txt(f"mail._domainkey.{US}", "v=spf1 -all")

    assert finding(names, "DKIM").state == "missing"


def test_the_policy_of_the_parent_domain_counts(names: Zone) -> None:
    names.txt("_dmarc.fenwick.example", "v=DMARC1; p=reject; sp=none")

    found = check("hello@shop.fenwick.example", names.resolver)[2]

    assert found.said == "Policy none: a receiver watches only; no reports, by the record of fenwick.example."


@pytest.mark.parametrize(
    "records", [("v=DMARC1; p=none", "v=DMARC1; p=reject"), ("v=DMARC1; p=strict",), ("v=DMARC1",)]
)
def test_a_policy_that_does_not_count_is_wrong(names: Zone, records: tuple[str, ...]) -> None:
    names.txt(f"_dmarc.{US}", *records)

    assert finding(names, "DMARC").state == "wrong"


def test_a_domain_that_takes_no_mail_is_wrong(names: Zone) -> None:
    names.records[US, "MX"] = ["0 ."]

    assert finding(names, "MX").said == "The domain says that it takes no mail, so nobody can answer you."


def test_silence_is_not_taken_for_nothing_there(names: Zone) -> None:
    names.is_silent = True

    assert {one.state for one in check(ADDRESS, names.resolver)} == {"unknown"}
