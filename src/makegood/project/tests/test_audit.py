import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.agents.actions.staffing import change_role
from makegood.agents.models import Role
from makegood.agents.tests.people import admin, happened, person, signed_in
from makegood.clock.now import now
from makegood.eventlog.events import KNOWN
from makegood.eventlog.models import LoggedEvent
from makegood.project.event_words import WORDS

pytestmark = pytest.mark.django_db


def _log(count: int, **fields: object) -> None:
    common = {"at": now(), "name": "team.changed", "actor": "agent:1", "data": {"team_id": 3}, **fields}
    LoggedEvent.objects.bulk_create(LoggedEvent(**common) for _ in range(count))


def test_every_event_has_words_and_every_word_an_event() -> None:
    real = [name for name, kind in KNOWN.items() if ".tests." not in kind.__module__]

    assert sorted(WORDS) == sorted(real)


def test_the_log_is_told_in_words() -> None:
    chief, agent = admin(), person()
    change_role(agent, Role.LEAD, by=chief)

    rows = signed_in(chief).get("/settings/audit").context["rows"]

    assert [(row.who, str(row.what), row.facts) for row in rows] == [
        ("Marisol Quint", "Access changed", "Odile Fenwick"),
        ("Marisol Quint", "Role changed", "Odile Fenwick · role lead"),
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

    assert [(row.who, str(row.what)) for row in rows] == [("Odile Fenwick", "Team changed")] * 2


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


def test_the_page_costs_the_same_for_one_row_and_for_fifty() -> None:
    client = signed_in(admin())
    client.get("/settings/audit")
    _log(1)
    with CaptureQueriesContext(connection) as few:
        client.get("/settings/audit")
    person()
    _log(60, conversation_id=1, actor="contact:4")
    with CaptureQueriesContext(connection) as many:
        client.get("/settings/audit")

    assert len(few) == len(many)


def test_nobody_else_reads_it_and_a_refusal_is_no_reading() -> None:
    answer = signed_in(person(role=Role.LEAD)).get("/settings/audit")

    assert (answer.status_code, happened()) == (403, [])
