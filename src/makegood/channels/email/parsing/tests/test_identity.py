"""Trait 15: a From line is believed only by the word of our own server."""

from __future__ import annotations

import pytest

from makegood.channels.email.parsing.message import parse
from makegood.channels.email.parsing.tests.mails import bare
from makegood.conversations.envelope import Identity

OWN = frozenset({"mx.lamps.example"})


def _identity(*fields: str, sender: str = "odile@fenwick.example") -> Identity:
    return parse(bare(*fields, f"From: {sender}"), own_servers=OWN).identity


@pytest.mark.parametrize(
    "results",
    [
        "mx.lamps.example; dkim=pass header.d=fenwick.example",
        "mx.lamps.example; dkim=pass header.i=@fenwick.example",
        "mx.lamps.example 1; spf=pass (sender is permitted) smtp.mailfrom=bounce@fenwick.example",
        "mx.lamps.example; spf=pass smtp.mailfrom=fenwick.example",
        "mx.lamps.example; dmarc=pass (p=reject dis=none) header.from=fenwick.example",
        'MX.Lamps.Example; dkim=fail header.d=evil.example; dkim=pass reason="good" header.d="fenwick.example"',
    ],
)
def test_a_pass_of_our_own_server_for_the_same_domain_is_aligned(results: str) -> None:
    assert _identity(f"Authentication-Results: {results}") is Identity.ALIGNED


@pytest.mark.parametrize(
    "results",
    [
        "mx.evil.example; dkim=pass header.d=fenwick.example",
        "mx.lamps.example; dkim=pass header.d=evil.example",
        "mx.lamps.example; dkim=pass header.d=evilfenwick.example",
        "mx.lamps.example; dkim=pass header.d=example",
        "mx.lamps.example; dkim=pass header.d=",
        "mx.lamps.example; dkim=pass header.d=mail.fenwick.example",
        "mx.lamps.example; dkim=fail header.d=fenwick.example",
        "mx.lamps.example; dkim=none (dkim=pass header.d=fenwick.example)",
        'mx.lamps.example; dkim=fail reason="; dkim=pass header.d=fenwick.example"',
        'mx.lamps.example; dkim=pass reason="header.d=fenwick.example" header.d=evil.example',
        "mx.lamps.example; dkim=fail (a (b) ; dkim=pass header.d=fenwick.example)",
        "mx.lamps.example; dkim=fail (a \\) ; dkim=pass header.d=fenwick.example)",
        "mx.lamps.example; none",
        "mx.lamps.example.evil.example; dkim=pass header.d=fenwick.example",
        "",
    ],
)
def test_anything_else_is_only_claimed(results: str) -> None:
    assert _identity(f"Authentication-Results: {results}") is Identity.CLAIMED


def test_a_subdomain_is_proven_by_the_signature_of_its_parent() -> None:
    results = "Authentication-Results: mx.lamps.example; dkim=pass header.d=fenwick.example"

    assert _identity(results, sender="odile@mail.fenwick.example") is Identity.ALIGNED


def test_a_forged_result_below_the_next_received_line_is_not_believed() -> None:
    fields = (
        "Authentication-Results: mx.lamps.example; dkim=none",
        "Received: from evil.example by mx.lamps.example",
        "Authentication-Results: mx.lamps.example; dkim=pass header.d=fenwick.example",
    )

    assert _identity(*fields) is Identity.CLAIMED


@pytest.mark.parametrize("method", ["dkim=pass header.d", "spf=pass smtp.mailfrom", "dmarc=pass header.from"])
def test_a_forged_pass_right_below_a_fail_of_ours_is_not_believed(method: str) -> None:
    fields = (
        "Authentication-Results: mx.lamps.example; dkim=fail header.d=fenwick.example; dmarc=fail",
        f"Authentication-Results: mx.lamps.example; {method}=fenwick.example",
    )

    assert _identity(*fields) is Identity.CLAIMED


@pytest.mark.parametrize("verdict", ["none", "softfail", "fail", "temperror", "pass smtp.mailfrom=evil.example"])
def test_the_topmost_verdict_of_a_method_counts(verdict: str) -> None:
    fields = (
        f"Authentication-Results: mx.lamps.example; spf={verdict}",
        "Authentication-Results: mx.lamps.example; spf=pass smtp.mailfrom=fenwick.example",
    )

    assert _identity(*fields) is Identity.CLAIMED


@pytest.mark.parametrize("hops", [1, 2])
def test_a_forged_result_is_not_believed_when_our_server_wrote_none(hops: int) -> None:
    received = ["Received: from out.evil.example by mx.lamps.example"] * hops

    results = "Authentication-Results: mx.lamps.example; dkim=pass header.d=fenwick.example"

    assert _identity(*received, results) is Identity.CLAIMED


def test_several_results_of_our_server_on_top_count_together() -> None:
    fields = (
        "Authentication-Results: mx.lamps.example; spf=none",
        "DKIM-Filter: x",
        "Authentication-Results: mx.lamps.example; dkim=pass header.d=fenwick.example",
        "Received: from out.fenwick.example by mx.lamps.example",
    )

    assert _identity(*fields) is Identity.ALIGNED


def test_without_own_servers_nothing_is_proven() -> None:
    raw = bare(
        "Authentication-Results: mx.lamps.example; dkim=pass header.d=fenwick.example", "From: odile@fenwick.example"
    )

    assert parse(raw).identity is Identity.CLAIMED


def test_two_senders_are_never_proven() -> None:
    results = "Authentication-Results: mx.lamps.example; dkim=pass header.d=fenwick.example"

    assert _identity(results, sender="odile@fenwick.example, x@fenwick.example") is Identity.CLAIMED
