import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.agents.actions.staffing import change_role
from makegood.agents.models import Role, Team
from makegood.agents.tests.people import admin, happened, person, signed_in
from makegood.clock.now import now
from makegood.conversations.actions import tagging
from makegood.conversations.tests.factories import come_in
from makegood.eventlog.events import KNOWN
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.telling import TOLD
from makegood.inboxes.models import Inbox
from makegood.project.event_sentences import sentence_of
from makegood.project.naming import names_in

pytestmark = pytest.mark.django_db


def _log(count: int, **fields: object) -> None:
    common = {"at": now(), "name": "team.changed", "actor": "agent:1", "data": {"team_id": 3}, **fields}
    LoggedEvent.objects.bulk_create(LoggedEvent(**common) for _ in range(count))


def test_every_event_has_words_and_every_word_an_event() -> None:
    real = [name for name, kind in KNOWN.items() if ".tests." not in kind.__module__]

    assert sorted(TOLD) == sorted(real)


def test_every_event_has_a_sentence_and_every_sentence_names_what_there_is() -> None:
    chief = admin()
    names = names_in([], {chief.pk: chief}, chief)

    for name in TOLD:
        event = LoggedEvent(id=1, at=now(), name=name, actor=str(chief.actor), data={})
        told = sentence_of(event, names)
        assert told and "%(" not in told and name not in told, name


def test_sentences_name_people_inboxes_teams_tags_and_moments() -> None:
    chief, ines = admin(), person("Ines Brandt")
    team, inbox = Team.objects.create(name="Workshop"), Inbox.objects.create(name="Care", address="c@q.example")
    conversation = come_in("Hello.", to=inbox, subject="Cracked pole").conversation
    tagging.tag(conversation, "urgent", by=chief)
    common = {"scope": inbox.pk, "conversation_id": conversation.pk, "contact_id": conversation.contact_id}
    told = [
        ("conversation.assigned", {"agent_id": ines.pk, "team_id": team.pk},
         "M gave the conversation to Ines Brandt, Workshop"),
        ("conversation.assigned", {"agent_id": chief.pk, "team_id": None}, "M took the conversation"),
        ("conversation.assigned", {"agent_id": None, "team_id": None}, "M put the conversation back to nobody"),
        ("conversation.tagged", {"tag_id": conversation.tags.get().pk}, "M put the tag urgent on the conversation"),
        ("conversation.snoozed", {"until": "2026-11-25T08:00:00+00:00"},
         "M put the conversation off until 25 November 2026, 08:00"),
        ("inbox.tested", {"inbox_id": inbox.pk, "passed": False}, "M tested the inbox Care: something failed"),
        ("inbox.updated", {"inbox_id": inbox.pk, "fields": ["name", "secrets"]},
         "M changed the inbox Care: name, passwords"),
        ("contact.blocked", {}, "M blocked Odile Fenwick"),
        ("second_factor.added", {"agent_id": ines.pk, "kind": "totp"}, "Ines Brandt added an authenticator app"),
        ("audit.read", {"of_actor": str(ines.actor), "of_name": "role.changed"},
         "M read the audit of Ines Brandt: Role changed"),
        ("access.changed", {"agent_id": None}, "M changed which teams may open an inbox"),
        ("backup.made", {"user": "root"}, "root made a backup by a command on the server"),
        ("backup.made", {"user": ""}, "M made a backup by itself"),
        ("house.exported", {"user": "root"}, "root exported everything by a command on the server"),
        ("conversation.seen", {}, "M looked at the conversation"),
        ("of.another_version", {"odd": 1}, "of.another_version"),
    ]  # fmt: skip
    for name, data, _ in told:
        _log(1, name=name, data=data, actor=str(chief.actor), **common)

    rows = signed_in(chief).get("/settings/audit").context["rows"]

    assert [row.words.replace("Marisol Quint", "M") for row in rows[: len(told)]] == [
        words for _, _, words in reversed(told)
    ]
    assert {row.subject for row in rows[: len(told)]} == {"Cracked pole"}


def test_a_conversation_that_is_gone_is_told_by_its_number_without_a_link() -> None:
    chief = admin()
    _log(1, name="conversation.closed", actor="contact:99", conversation_id=99, data={})

    page = signed_in(chief).get("/settings/audit").content.decode()

    assert "A customer closed the conversation" in page
    assert "Conversation 99" in page and 'href="/conversations/99"' not in page


def test_the_log_is_told_in_words() -> None:
    chief, agent = admin(), person()
    change_role(agent, Role.LEAD, by=chief)

    rows = signed_in(chief).get("/settings/audit").context["rows"]

    assert [row.words for row in rows] == [
        "Marisol Quint changed what Odile Fenwick may open or do",
        "Marisol Quint changed the role of Odile Fenwick to Lead",
    ]


def test_reading_is_written_down_with_what_was_asked() -> None:
    chief = admin()

    signed_in(chief).get("/settings/audit", {"actor": f"agent:{chief.pk}", "name": "team.changed"})

    read = LoggedEvent.objects.get(name="audit.read")
    assert (read.actor, read.data) == (
        f"agent:{chief.pk}", {"of_actor": f"agent:{chief.pk}", "of_name": "team.changed"},
    )  # fmt: skip


def test_only_what_was_asked_for_is_shown() -> None:
    chief, agent = admin(), person()
    _log(2, actor=str(agent.actor))
    _log(2, actor=str(chief.actor))
    _log(1, actor=str(agent.actor), name="team.added")

    rows = signed_in(chief).get("/settings/audit", {"actor": str(agent.actor), "name": "team.changed"}).context["rows"]

    assert [row.words for row in rows] == ["Odile Fenwick changed the team (gone)"] * 2


@pytest.mark.parametrize("query", [{"actor": "agent:x' OR 1=1"}, {"name": "%"}, {"before": "x"}, {"before": "9" * 40}])
def test_what_cannot_be_asked_is_left_out(query: dict[str, str]) -> None:
    chief = admin()
    _log(1)

    answer = signed_in(chief).get("/settings/audit", query)

    assert (answer.status_code, len(answer.context["rows"])) == (200, 1)


def test_pages_keep_the_filter() -> None:
    chief = admin()
    _log(51)
    client = signed_in(chief)

    first = client.get("/settings/audit", {"name": "team.changed"}).context
    second = client.get("/settings/audit" + first["older_url"]).context

    assert (len(first["rows"]), len(second["rows"]), second["older_url"]) == (50, 1, "")
    assert "name=team.changed" in second["newest_url"]


@pytest.mark.parametrize("rows", [3, 50])
def test_the_page_costs_the_same_for_one_row_and_for_more(rows: int) -> None:
    client = signed_in(admin())
    told = [come_in(f"Letter {number}.", message_id=f"<{number}@q.example>").conversation for number in range(rows)]
    teams = [Team.objects.create(name=f"Team {number}") for number in range(rows)]
    client.get("/settings/audit")

    def asked(count: int) -> int:
        for conversation, team in zip(told[:count], teams, strict=False):
            data = {"team_id": team.pk, "tag_id": 1}
            _log(
                1,
                name="conversation.tagged",
                conversation_id=conversation.pk,
                contact_id=conversation.contact_id,
                data=data,
            )
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/settings/audit", {"name": "conversation.tagged"})
        assert len(page.context["rows"]) >= min(count, 50)
        return len(captured)

    assert asked(1) == asked(rows)


def test_nobody_else_reads_it_and_a_refusal_is_no_reading() -> None:
    answer = signed_in(person(role=Role.LEAD)).get("/settings/audit")

    assert (answer.status_code, happened()) == (403, [])
