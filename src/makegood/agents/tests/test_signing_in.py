import re

import pytest
from allauth.core.internal.ratelimit import consume
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from selectolax.lexbor import LexborHTMLParser

from makegood.agents.actions.signing_in import end_sessions, rotate
from makegood.agents.actions.staffing import change_role
from makegood.agents.models import Agent, Role
from makegood.agents.tests.people import PASSWORD, admin, happened, person, sign_in, with_password

pytestmark = pytest.mark.django_db
WRONG = "not the right words"


def test_signing_in_makes_a_new_session_and_is_noted() -> None:
    agent, client = with_password(person()), Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["makegood"] = before

    sign_in(agent, client)

    assert client.session.session_key != before
    assert happened() == ["agent.signed_in"]


def test_unknown_and_known_addresses_hear_the_same() -> None:
    with_password(person())

    answers = [
        Client().post("/accounts/login/", {"login": login, "password": WRONG})
        for login in ("odile@quillfeather.example", "nobody@quillfeather.example")
    ]

    assert [(answer.status_code, answer.context["form"].errors.as_text()) for answer in answers] == [
        (200, answers[0].context["form"].errors.as_text())
    ] * 2


@pytest.mark.parametrize(("language", "word"), [("en", "e-mail"), ("de", "E-Mail")])
def test_the_door_calls_an_e_mail_address_as_all_pages_do(language: str, word: str) -> None:
    client = Client(headers={"accept-language": language})
    pages = [
        client.get("/accounts/login/"),
        client.post("/accounts/login/", {"login": "odile", "password": WRONG}),
        client.post("/accounts/login/", {"login": "odile@quillfeather.example", "password": WRONG}),
    ]

    shown = [LexborHTMLParser(page.content).body for page in pages]
    spoken = [re.findall(r"\be-?mail\b", body.text() if body else "", re.IGNORECASE) for body in shown]
    label = word[0].upper() + word[1:]
    assert spoken == [[label], [label, word], [word, label]]
    assert LexborHTMLParser(pages[0].content).css("[placeholder]") == []


def test_the_first_field_at_the_door_waits_for_what_is_typed() -> None:
    guest = Client().get("/accounts/login/").content.decode()
    inside = sign_in(with_password(person())).get("/accounts/again/").content.decode()

    for page, field in ((guest, "login"), (inside, "password")):
        fields = [tag for tag in re.findall(r"<input[^>]*>", page) if "hidden" not in tag]
        assert [f'name="{field}"' in tag for tag in fields if " autofocus" in tag] == [True]


def test_five_wrong_passwords_close_the_door_for_that_address_only() -> None:
    agent, other = with_password(person()), with_password(person("Ines Brandt"))
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/accounts/login/", {"login": agent.email, "password": WRONG})

    answer = Client(REMOTE_ADDR="192.0.2.9").post("/accounts/login/", {"login": agent.email, "password": PASSWORD})

    assert b"Too many failed login attempts" in answer.content
    assert sign_in(other).get("/settings/profile").status_code == 200


def test_many_who_guess_elsewhere_do_not_open_it_again() -> None:
    agent = with_password(person())
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/accounts/login/", {"login": agent.email, "password": WRONG})

    for number in range(1000):
        guess = RequestFactory().post("/", REMOTE_ADDR=f"2001:db8:0:{number // 10:x}::1")
        assert consume(guess, app="allauth.account", action="login_failed", key=f"guess{number}@quillfeather.example")

    answer = Client(REMOTE_ADDR="192.0.2.9").post("/accounts/login/", {"login": agent.email, "password": PASSWORD})
    assert b"Too many failed login attempts" in answer.content


def test_ten_wrong_passwords_close_the_door_for_that_machine() -> None:
    agent = with_password(person())
    for number in range(10):
        Client().post("/accounts/login/", {"login": f"guess{number}@quillfeather.example", "password": WRONG})

    answer = Client().post("/accounts/login/", {"login": agent.email, "password": PASSWORD})

    assert b"Too many failed login attempts" in answer.content


def test_no_stranger_fills_the_disk_with_sessions_by_asking_for_passkeys() -> None:
    asked_by = {"X-Requested-With": "XMLHttpRequest"}
    answers = [Client().get("/accounts/passkey/", headers=asked_by).status_code for _ in range(62)]

    assert (answers, Session.objects.count()) == ([200] * 60 + [429] * 2, 60)


def test_nobody_signs_up_changes_their_address_or_comes_by_another_site() -> None:
    paths = [
        "signup/",
        "email/",
        "confirm-email/",
        "password/reset/",
        "password/set/",
        "3rdparty/",
        "sessions/",
        "2fa/",
    ]

    assert {path: Client().get(f"/accounts/{path}").status_code for path in paths} == dict.fromkeys(paths, 404)


def test_one_session_can_be_ended_by_its_owner() -> None:
    agent = with_password(person())
    phone, desk = sign_in(agent), sign_in(agent)
    row = UserSession.objects.get(session_key=phone.session.session_key)

    desk.post(f"/settings/security/sessions/{row.pk}/delete")

    assert [client.get("/settings/profile").status_code for client in (phone, desk)] == [302, 200]
    assert happened()[-1] == "session.revoked"


def test_somebody_else_s_session_is_out_of_reach() -> None:
    agent, other = with_password(person()), with_password(person("Ines Brandt"))
    phone, desk = sign_in(agent), sign_in(other)
    row = UserSession.objects.get(session_key=phone.session.session_key)

    desk.post(f"/settings/security/sessions/{row.pk}/delete")

    assert phone.get("/settings/profile").status_code == 200


def test_all_other_sessions_end_at_once() -> None:
    agent = with_password(person())
    phone, tablet, desk = sign_in(agent), sign_in(agent), sign_in(agent)

    desk.post("/settings/security/sessions/others/delete")

    assert [client.get("/settings/profile").status_code for client in (phone, tablet, desk)] == [302, 302, 200]


def test_ending_nothing_is_no_event() -> None:
    agent = person()

    assert (end_sessions(agent, by=agent.actor), happened()) == (0, [])


def test_a_new_password_keeps_this_session_and_ends_the_others() -> None:
    agent = with_password(person())
    phone, desk = sign_in(agent), sign_in(agent)
    words = {"oldpassword": PASSWORD, "password1": "nine plums in a jar", "password2": "nine plums in a jar"}

    answer = desk.post("/settings/security/password", words)

    assert answer.headers["Location"] == "/settings/security"
    assert [client.get("/settings/profile").status_code for client in (phone, desk)] == [302, 200]
    assert happened()[-2:] == ["session.revoked", "password.changed"]
    assert len(desk.get("/settings/security").context["sessions"]) == 1


def test_a_session_gets_a_new_key_when_the_role_changes() -> None:
    agent = with_password(person())
    client = sign_in(agent)
    before = client.session.session_key

    change_role(Agent.objects.get(pk=agent.pk), Role.LEAD, by=admin())
    client.get("/settings/profile")

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert [session.is_current for session in client.get("/settings/security").context["sessions"]] == [True]


def test_requests_at_once_after_a_change_of_role_leave_no_session_that_is_not_listed() -> None:
    agent = with_password(person())
    sign_in(agent)
    key = UserSession.objects.get().session_key
    several = [RequestFactory().get("/") for _ in range(3)]
    for request in several:
        request.user, request.session = agent, SessionStore(key)
        request.session.load()
    agent.role = Role.LEAD

    for request in several:
        rotate(request, agent)
        request.session.save()

    listed = set(UserSession.objects.values_list("session_key", flat=True))
    assert set(Session.objects.values_list("session_key", flat=True)) == listed
    assert end_sessions(agent, by=agent.actor) == 3
    assert not Session.objects.exists()


def test_signing_out_ends_the_session_and_is_noted() -> None:
    client = sign_in(with_password(person()))
    key = client.session.session_key

    client.post("/accounts/logout/")

    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()
    assert happened()[-1] == "agent.signed_out"


def test_signing_out_forgets_what_the_device_kept() -> None:
    client = sign_in(with_password(person()))

    assert b"data-forget" in client.get("/accounts/logout/").content
    assert b"data-forget" in client.get("/settings/profile").content


def test_the_chosen_theme_comes_along_to_a_new_device() -> None:
    client = sign_in(with_password(person(theme="dark")))

    assert client.cookies["theme"].value == "dark"
