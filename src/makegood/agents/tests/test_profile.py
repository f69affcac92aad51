import pytest
from django.utils import translation

from makegood.agents.models import Agent
from makegood.agents.tests.people import happened, person, signed_in
from makegood.eventlog.models import LoggedEvent

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Odile Fenwick", "language": "de", "timezone": "Europe/Berlin", "theme": "dark", "signature": "Odile",
}  # fmt: skip


def test_what_people_say_about_themselves_is_kept() -> None:
    agent = person()

    answer = signed_in(agent).post("/settings/profile", GIVEN)

    kept = Agent.objects.get()
    assert {name: getattr(kept, name) for name in GIVEN} == GIVEN
    assert (kept.single_keys, answer.cookies["theme"].value) == (False, "dark")
    assert LoggedEvent.objects.get().data["fields"] == ["language", "signature", "single_keys", "theme", "timezone"]


def test_nothing_new_is_no_event() -> None:
    agent = person()

    signed_in(agent).post("/settings/profile", {"name": agent.name, "single_keys": "on"})

    assert happened() == []


def test_nobody_gives_themselves_a_role() -> None:
    signed_in(person()).post("/settings/profile", {**GIVEN, "role": "admin", "is_active": "", "email": "x@y.example"})

    kept = Agent.objects.get()
    assert (kept.role, kept.is_active, kept.email) == ("agent", True, "odile@quillfeather.example")


@pytest.mark.parametrize(("field", "value"), [("timezone", "Mars/Olympus"), ("theme", "neon"), ("language", "tlh")])
def test_what_does_not_exist_is_refused(field: str, value: str) -> None:
    answer = signed_in(person()).post("/settings/profile", {**GIVEN, field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_pages_speak_the_chosen_language_and_only_to_this_person() -> None:
    german, english = signed_in(person(language="de")), signed_in(person("Ines Brandt"))

    answers = [client.get("/settings/profile").content for client in (german, english)]

    assert [b'lang="de"' in answer for answer in answers] == [True, False]
    translation.activate("en")
