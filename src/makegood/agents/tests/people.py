"""People for tests: cheap to make, since they have no password."""

from __future__ import annotations

from django.test import Client

from makegood.agents.models import Agent, Role
from makegood.eventlog.models import LoggedEvent

PASSWORD = "lantern over the porch"


def person(name: str = "Odile Fenwick", role: Role = Role.AGENT, **fields: object) -> Agent:
    """Their address is made of their first name."""
    email = f"{name.split()[0].lower()}@quillfeather.example"
    agent = Agent(email=email, name=name, role=role, **fields)
    agent.set_unusable_password()
    agent.save()
    return agent


def admin() -> Agent:
    return person("Marisol Quint", Role.ADMIN)


def with_password(agent: Agent) -> Agent:
    """Slow on purpose: only for tests that sign in."""
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def sign_in(agent: Agent, client: Client | None = None) -> Client:
    """Through the front door, so that the session is listed."""
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": agent.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def happened() -> list[str]:
    """The names in the log, oldest first."""
    return list(LoggedEvent.objects.order_by("id").values_list("name", flat=True))
