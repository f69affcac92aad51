import pytest

from makegood.clock.now import now
from makegood.eventlog.models import LoggedEvent
from makegood.eventlog.queries import ROWS, log_page

pytestmark = pytest.mark.django_db


def _log(count: int, **fields: object) -> None:
    common = {"at": now(), "name": "team.changed", "actor": "agent:1", **fields}
    LoggedEvent.objects.bulk_create(LoggedEvent(**common) for _ in range(count))


@pytest.mark.parametrize("count", [1, 3, 2 * ROWS + 1])
def test_a_page_is_one_query(count: int, django_assert_num_queries: object) -> None:
    _log(count)

    with django_assert_num_queries(1):
        log_page()


def test_pages_follow_each_other_newest_first_without_gap_or_repeat() -> None:
    _log(2 * ROWS + 1)
    ids, before = [], None
    for _ in range(3):
        page = log_page(before=before)
        ids += [row.id for row in page.rows]
        before = page.older

    assert ids == list(LoggedEvent.objects.order_by("-id").values_list("id", flat=True))
    assert before is None


def test_a_full_last_page_has_no_page_after_it() -> None:
    _log(ROWS)

    assert log_page().older is None


def test_only_one_actor_and_one_name() -> None:
    _log(1)
    _log(1, actor="agent:2")
    _log(1, actor="agent:2", name="agent.joined")

    found = log_page(actor="agent:2", name="agent.joined").rows

    assert [(row.actor, row.name) for row in found] == [("agent:2", "agent.joined")]
