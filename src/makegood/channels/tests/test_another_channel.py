"""A second kind of channel needs nothing but its folder and its two lines: the house does the rest for it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator

import pytest
from django.urls import reverse
from tests.counterparts.waiting import eventually

from makegood.agents.models import Team
from makegood.agents.tests.people import person, signed_in
from makegood.channels import reading
from makegood.channels.listening import Listening
from makegood.channels.models import RawMessage
from makegood.channels.tests import wires
from makegood.channels.tests.factories import mail, read, take
from makegood.channels.tests.fake import KIND, FakeChannel, registered
from makegood.channels.tests.wires import FakeWire
from makegood.clock.now import now
from makegood.conversations.envelope import Raw
from makegood.conversations.tests.factories import inbox
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.tests.threads import on_postgres
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal
from makegood.project.commands import inbox as console

pytestmark = pytest.mark.django_db
GIVEN = {"address": "Quillfeather", "name": "", "room": "shop", "token": "lantern", "access": "all"}


@pytest.fixture
def channel() -> Iterator[FakeChannel]:
    with registered() as channel:
        yield channel


@pytest.mark.usefixtures("channel")
def test_a_settings_form_saves_and_loads_and_a_secret_never_comes_back() -> None:
    admin = signed_in(person(role="admin"))
    went = admin.post(f"/settings/inboxes/of/{KIND}/new", GIVEN)

    inbox = Inbox.objects.get()
    page = admin.get(went.headers["Location"]).content.decode()
    assert (inbox.channel, inbox.address, inbox.name) == (KIND, "quillfeather", "Quillfeather")
    assert (inbox.settings, unseal(inbox)) == ({"room": "shop"}, {"token": "lantern"})
    assert LoggedEvent.objects.filter(name="inbox.added").count() == 1
    assert ('value="shop"' in page, "lantern" in page) == (True, False)

    admin.post(went.headers["Location"], GIVEN | {"room": "workshop", "token": ""})
    inbox.refresh_from_db()
    assert (inbox.settings, unseal(inbox)) == ({"room": "workshop"}, {"token": "lantern"})


@pytest.mark.usefixtures("channel")
def test_the_console_takes_what_it_says_it_takes_and_tests_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAKEGOOD_TOKEN", "lantern")

    codes = [typed("add", KIND, "--address", "Quillfeather", "--room", "shop"), typed("check", "quillfeather")]

    inbox = Inbox.objects.get()
    assert codes == [0, 0]
    assert (inbox.channel, inbox.settings, unseal(inbox)) == (KIND, {"room": "shop"}, {"token": "lantern"})
    assert capsys.readouterr().out.splitlines()[-1] == "the token is there"
    with pytest.raises(SystemExit):  # e-mail's words are not its own
        typed("add", KIND, "--address", "Workshop", "--room", "shop", "--imap-url", "imaps://post.example")


def typed(*words: str) -> int:
    """`makegood inbox …`, and its exit code."""
    parser = ArgumentParser()
    console.add_arguments(parser)
    return console.run(parser.parse_args(words))


@pytest.mark.usefixtures("channel")
def test_trouble_with_it_leads_to_its_own_page() -> None:
    inbox = Inbox.objects.create(name="Shop", address="shop", channel=KIND, health="bad", health_said="No.")

    page = signed_in(person(role="admin")).get("/conversations").content.decode()

    told = page.partition('id="mail-troubles"')[2].partition("</div></div>")[0]
    assert "The mail of Shop is in trouble." in told
    assert f'href="{reverse("channel-inbox", args=[inbox.pk])}"' in told


def test_an_inbox_of_a_channel_that_is_not_here_any_more_keeps_nobody_from_working() -> None:
    Inbox.objects.create(name="Shop", address="shop", channel="gone", health="bad")

    page = signed_in(person(role="admin")).get("/conversations")

    assert (page.status_code, "is in trouble" in page.content.decode()) == (200, False)


@pytest.mark.usefixtures("channel")
def test_what_is_missing_comes_back_with_a_sentence_and_what_was_typed() -> None:
    answered = signed_in(person(role="admin")).post(f"/settings/inboxes/of/{KIND}/new", GIVEN | {"token": ""})

    assert (answered.status_code, Inbox.objects.count()) == (422, 0)
    assert 'value="shop"' in answered.content.decode()


@pytest.mark.usefixtures("channel")
@pytest.mark.parametrize("part", ["team", "teams"])
def test_a_team_that_is_not_there_or_may_not_open_the_inbox_is_refused(part: str) -> None:
    care, workshop = (Team.objects.create(name=name) for name in ("Care", "Workshop"))
    teams = {"access": "teams", "teams": [care.pk], "team": care.pk}
    admin = signed_in(person(role="admin"))
    for other in (999_999, workshop.pk if part == "team" else "x"):
        answered = admin.post(f"/settings/inboxes/of/{KIND}/new", GIVEN | teams | {part: other})
        assert (answered.status_code, Inbox.objects.count()) == (422, 0)

    assert admin.post(f"/settings/inboxes/of/{KIND}/new", GIVEN | teams).status_code == 302


def test_a_channel_that_is_not_here_has_no_page() -> None:
    assert signed_in(person(role="admin")).get(f"/settings/inboxes/of/{KIND}/new").status_code == 404


def test_mail_of_a_channel_that_is_no_longer_here_is_shown_as_unreadable_and_delays_nobody() -> None:
    gone = Inbox.objects.create(name="Gone", channel="gone", address="gone")
    raw = take(b"?", gone)
    message = read(mail("The pole cracked."), inbox())

    raw.refresh_from_db()
    assert (message.text.strip(), raw.state) == ("The pole cracked.", RawMessage.FAILED)
    assert "no channel of the kind gone" in raw.error
    assert reading.read_new() == 0


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_source_is_listened_to_told_only_of_what_is_stored_and_its_trouble_is_noted() -> None:
    with wires.fake() as wire:
        assert isinstance(wire, FakeWire)
        wire.channel.waiting += [Raw(str(n), json.dumps({"id": n}).encode(), now()) for n in range(3)]
        house = Listening()
        house.look()
        try:
            eventually(lambda: not wire.channel.waiting, 10)
            assert list(RawMessage.objects.order_by("id").values_list("source_key", flat=True)) == ["0", "1", "2"]
            eventually(lambda: Inbox.objects.get().health == "good", 10)

            wire.channel.waiting.append(Raw("3", b"", now()))
            eventually(lambda: Inbox.objects.get().health_said == "The list is broken.", 10)
        finally:
            house.stop()
            for listener in list(house._listeners.values()):
                listener._thread.join(10)
