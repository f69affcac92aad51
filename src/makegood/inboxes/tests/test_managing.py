"""Inboxes are added, changed, switched and opened to teams; what several write at once stays whole."""

from __future__ import annotations

import pytest

from makegood.agents.models import Team
from makegood.errors import Refused
from makegood.eventlog.events import SYSTEM
from makegood.eventlog.models import LoggedEvent
from makegood.inboxes.actions.checking import note_test, note_trust
from makegood.inboxes.actions.managing import add_inbox, note_health, set_access, switch, update_inbox
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox() -> Inbox:
    return add_inbox(
        name="Care", address="Hello@Quillfeather.example", channel="email", settings={"smtp": {"port": 587}},
        secrets={"imap_password": "lantern", "smtp_password": "lamp"}, by=SYSTEM,
    )  # fmt: skip


def events() -> list[tuple[str, object]]:
    return list(LoggedEvent.objects.order_by("id").values_list("name", "data__fields"))[1:]


def test_settings_and_secrets_that_are_not_named_stay(inbox: Inbox) -> None:
    fields = {"name": "Returns", "settings": {"imap": {"port": 993}}}

    update_inbox(inbox, fields=fields, secrets={"imap_password": "wick"}, by=SYSTEM)

    inbox.refresh_from_db()
    assert inbox.settings == {"smtp": {"port": 587}, "imap": {"port": 993}}
    assert unseal(inbox) == {"imap_password": "wick", "smtp_password": "lamp"}
    assert events() == [("inbox.updated", ["name", "secrets", "settings"])]


def test_a_change_that_changes_nothing_is_no_event(inbox: Inbox) -> None:
    update_inbox(inbox, fields={"name": "Care", "settings": {"smtp": {"port": 587}}}, by=SYSTEM)

    assert events() == []


def test_what_others_wrote_meanwhile_is_not_lost(inbox: Inbox) -> None:
    other = Inbox.objects.get(pk=inbox.pk)
    note_trust(other, {"findings": [{"name": "SPF"}]}, by=SYSTEM)
    note_health(other, good=True, by=SYSTEM)

    update_inbox(inbox, fields={"name": "Returns"}, by=SYSTEM)
    note_test(inbox, {"steps": []}, passed=True, by=SYSTEM)

    inbox.refresh_from_db()
    assert inbox.settings["trust"] == {"findings": [{"name": "SPF"}]}
    assert inbox.settings["test"] == {"steps": []}
    assert (inbox.name, inbox.health) == ("Returns", "good")


def test_an_address_that_another_inbox_has_is_refused(inbox: Inbox) -> None:
    other = add_inbox(
        name="Returns", address="returns@quillfeather.example", channel="email", settings={}, secrets={}, by=SYSTEM
    )

    with pytest.raises(Refused, match=r"There is an inbox for hello@quillfeather\.example already\."):
        update_inbox(other, fields={"address": inbox.address}, by=SYSTEM)


def test_opening_to_teams_tells_everybodys_pages(inbox: Inbox) -> None:
    team = Team.objects.create(name="Workshop")

    set_access(inbox, is_open_to_all=False, teams=[team], by=SYSTEM)
    set_access(inbox, is_open_to_all=False, teams=[team], by=SYSTEM)

    assert list(inbox.teams.all()) == [team]
    assert events() == [("inbox.updated", ["teams"]), ("access.changed", None)]


def test_switching_twice_is_one_event(inbox: Inbox) -> None:
    switch(inbox, is_active=False, by=SYSTEM)
    switch(inbox, is_active=False, by=SYSTEM)

    assert not Inbox.objects.get(pk=inbox.pk).is_active
    assert events() == [("inbox.updated", ["is_active"])]


def test_trust_is_an_event_only_when_the_findings_changed(inbox: Inbox) -> None:
    for at, state in (("1", "good"), ("2", "good"), ("3", "wrong")):
        note_trust(inbox, {"at": at, "findings": [{"name": "SPF", "state": state}]}, by=SYSTEM)

    assert [name for name, _ in events()] == ["inbox.trust_changed", "inbox.trust_changed"]
    assert Inbox.objects.get(pk=inbox.pk).settings["trust"]["at"] == "3"
