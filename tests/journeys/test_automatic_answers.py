"""Automatic answers between real servers: two desks, a desk and a bouncing address, and kills around the answer."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.counterparts.makegood import Makegood, makegood
from tests.counterparts.relay import Relay, relay
from tests.journeys.killing import attack

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]
CARE, DESK = "care@quillfeather.example", "desk@larkspur.example"
QUIET = 6.0


@pytest.fixture
def between() -> Iterator[Relay]:
    with relay() as server:
        yield server


def desk(address: str, post: Relay) -> Makegood:
    """Started, with an automatic answer of its own words."""
    house = OPEN.enter_context(makegood())
    words = f"Thank you for your letter to {address}. We answer within a day."
    house.run("inbox", "add", "email", "--address", address, "--smtp-url", post.url, "--auto-reply", words)
    house.start()
    post.houses[address.rpartition("@")[2]] = house.lmtp_port
    return house


OPEN = ExitStack()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    with OPEN:
        yield


def write(house: Makegood, sender: str, to: str, text: str, *fields: str) -> None:
    """A mail straight into a house, as its mail server hands it over."""
    head = [f"From: {sender}", f"To: {to}", "Subject: Tent", f"Message-ID: <{abs(hash(text))}@letters.example>"]
    with smtplib.LMTP("127.0.0.1", house.lmtp_port, timeout=20) as session:
        session.sendmail(sender, [to], "\r\n".join([*head, *fields, "", text, ""]).encode())


def at_rest(post: Relay) -> list[str]:
    """To whom mail went, once nothing has moved for some seconds."""
    seen, since, end = 0, time.monotonic(), time.monotonic() + 60
    while time.monotonic() - since < QUIET:
        assert time.monotonic() < end, f"{len(post.passed)} mails, and no end"
        if len(post.passed) != seen:
            seen, since = len(post.passed), time.monotonic()
        time.sleep(0.1)
    return [recipient for mail in post.passed for recipient in mail.recipients]


def test_two_desks_that_write_to_each_other_end_after_two_mails(between: Relay) -> None:
    """The first mail is theirs: it comes from the other desk's address, and is answered; that answer is not."""
    care = desk(CARE, between)
    desk(DESK, between)

    write(care, DESK, CARE, "A question from desk to desk.")

    assert at_rest(between) == [DESK]
    (answer,) = between.passed
    assert (answer.sender, answer.mail["Auto-Submitted"]) == ("", "auto-replied")
    assert answer.mail["X-Auto-Response-Suppress"] == "All"


def test_two_desks_end_also_when_a_gateway_loses_what_marks_a_mail(between: Relay) -> None:
    """Then each takes the other for a person, once: a day must pass before either answers again."""
    between.strips = True
    care = desk(CARE, between)
    desk(DESK, between)

    write(care, DESK, CARE, "A question from desk to desk.")

    assert at_rest(between) == [DESK, CARE]


@pytest.mark.parametrize("how", ["as it should", "plainly"])
def test_a_desk_against_an_address_that_bounces_every_mail_ends_after_two(between: Relay, how: str) -> None:
    between.bounces = how
    care = desk(CARE, between)

    write(care, "nobody@gone.example", CARE, "Where is my parcel?")

    assert at_rest(between) == ["nobody@gone.example", CARE]


def test_kills_around_the_automatic_answer_leave_exactly_one_for_each_letter() -> None:
    report = attack(kills=10, seed=7, automatic="Thank you for your letter. We answer within a day.")

    assert report["kills"] == 10
    assert [report[name] for name in ("lost", "doubled", "answered_twice")] == [[], [], []]
    assert len(report["unanswered"]) <= report["uncertain"]
    assert report["answered"] > 20
