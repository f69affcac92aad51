"""Who may do what, over every address of the house: one table, and an address that is missing in it fails."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.journeys.furnished import Furnished, client_of, furnish

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "light", "other", "agent", "lead", "admin")
# in: sent to sign-in · page: 200 · went: sent on, 302 · done: 204 · form: 422, allowed but this was no good input
# bad: 400 · no: 403 · none: 404. "other" is an agent of another team; what is asked about belongs to the team of
# light, agent and lead. What is not in the table answers 405.
TABLE = """
     method address                      anonymous light other agent lead  admin
     GET    home                         in        went  went  went  went  went
     GET    health                       page      page  page  page  page  page
     GET    rail                         in        page  page  page  page  page
     GET    search                       in        page  page  page  page  page
     GET    conversations                in        page  page  page  page  page
     GET    conversation-new             in        no    page  page  page  page
     POST   conversation-new             in        no    form  form  form  form
     GET    conversation                 in        page  none  page  page  page
     POST   replies                      in        form  none  form  form  form
     POST   reply-undo                   in        no    none  none  none  none
     POST   forward                      in        no    none  went  went  went
     POST   draft-file                   in        none  none  none  none  none
     POST   draft                        in        bad   none  bad   bad   bad
     POST   assignment                   in        no    none  went  went  went
     POST   closure                      in        no    none  went  went  went
     POST   closure-delete               in        no    none  went  went  went
     POST   snooze                       in        no    none  form  form  form
     POST   tags                         in        form  none  form  form  form
     POST   tag-delete                   in        went  none  went  went  went
     POST   spam                         in        no    none  went  went  went
     POST   spam-delete                  in        no    none  went  went  went
     POST   release                      in        no    none  went  went  went
     POST   block                        in        no    none  went  went  went
     POST   block-delete                 in        no    none  went  went  went
     POST   forwarder                    in        no    none  form  form  form
     POST   forwarder-delete             in        no    none  went  went  went
     GET    message-body                 in        page  none  page  page  page
     GET    file                         in        page  none  page  page  page
     GET    original                     in        page  none  page  page  page
     GET    remote-images                in        none  none  none  none  none
     POST   remote-images                in        went  none  went  went  went
     GET    remote-image                 in        none  none  none  none  none
     GET    failed-work                  in        no    no    no    page  page
     POST   read-again                   in        no    no    no    went  went
     POST   send-again                   in        no    no    no    went  went
     POST   run-again                    in        no    no    no    went  went
     POST   answer-again                 in        no    no    no    went  went
     GET    account_login                page      went  went  went  went  went
     POST   account_login                page      went  went  went  went  went
     GET    account_logout               went      page  page  page  page  page
     POST   account_logout               went      went  went  went  went  went
     GET    mfa_authenticate             in        went  went  went  went  went
     POST   mfa_authenticate             in        went  went  went  went  went
     GET    mfa_login_webauthn           in        went  went  went  went  went
     POST   mfa_login_webauthn           in        went  went  went  went  went
     GET    account_reset_password       page      page  page  page  page  page
     GET    reset                        page      page  page  none  page  page
     POST   reset                        page      page  page  none  page  page
     GET    account_reauthenticate       in        page  page  page  page  page
     POST   account_reauthenticate       in        page  page  page  page  page
     GET    mfa_reauthenticate           in        page  page  page  page  page
     POST   mfa_reauthenticate           in        page  page  page  page  page
     GET    mfa_reauthenticate_webauthn  in        went  went  went  went  went
     POST   mfa_reauthenticate_webauthn  in        went  went  went  went  went
     GET    invitation                   page      page  page  page  page  page
     POST   invitation                   page      page  page  page  page  page
     GET    security                     in        page  page  page  page  page
     GET    account_change_password      in        page  page  page  page  page
     POST   account_change_password      in        page  page  page  page  page
     GET    mfa_activate_totp            in        went  went  went  went  went
     POST   mfa_activate_totp            in        went  went  went  went  went
     GET    mfa_deactivate_totp          in        page  page  page  page  page
     POST   mfa_deactivate_totp          in        went  went  went  went  went
     GET    mfa_view_recovery_codes      in        page  page  page  page  page
     GET    mfa_download_recovery_codes  in        page  page  page  page  page
     GET    mfa_generate_recovery_codes  in        page  page  page  page  page
     POST   mfa_generate_recovery_codes  in        went  went  went  went  went
     GET    mfa_add_webauthn             in        page  page  page  page  page
     POST   mfa_add_webauthn             in        page  page  page  page  page
     GET    mfa_edit_webauthn            in        none  none  none  none  none
     POST   mfa_edit_webauthn            in        none  none  none  none  none
     GET    mfa_remove_webauthn          in        none  none  none  none  none
     POST   mfa_remove_webauthn          in        none  none  none  none  none
     POST   sessions-delete              in        went  went  went  went  went
     POST   session-delete               in        form  form  went  form  form
     GET    profile                      in        page  page  page  page  page
     POST   profile                      in        page  page  page  page  page
     GET    agents                       in        no    no    no    page  page
     POST   invitations                  in        no    no    no    no    form
     POST   invitation-delete            in        no    no    no    no    went
     POST   house                        in        no    no    no    no    form
     GET    agent                        in        no    no    no    no    page
     POST   agent                        in        no    no    no    no    page
     POST   deactivation                 in        no    no    no    no    went
     POST   deactivation-delete          in        no    no    no    no    form
     POST   reset-link                   in        no    no    no    no    page
     POST   teams                        in        no    no    no    form  form
     GET    team                         in        no    no    no    page  page
     POST   team                         in        no    no    no    page  page
     GET    team-inboxes                 in        no    no    no    page  page
     POST   team-inboxes                 in        no    no    no    went  went
     GET    inboxes                      in        no    no    no    no    page
     GET    inbox-new                    in        no    no    no    no    page
     POST   inbox-new                    in        no    no    no    no    page
     GET    inbox                        in        no    no    no    no    page
     POST   inbox                        in        no    no    no    no    page
     GET    channel-inbox-new            in        no    no    no    no    none
     POST   channel-inbox-new            in        no    no    no    no    none
     GET    channel-inbox                in        no    no    no    no    none
     POST   channel-inbox                in        no    no    no    no    none
     POST   hook                         no        no    no    no    no    no
     POST   inbox-test                   in        no    no    no    no    went
     POST   inbox-trust                  in        no    no    no    no    went
     POST   inbox-off                    in        no    no    no    no    went
     POST   inbox-on                     in        no    no    no    no    went
     POST   inbox-sign-in                in        no    no    no    no    form
     GET    oauth-return                 in        no    no    no    no    form
     POST   oauth-return                 in        no    no    no    no    form
     GET    audit                        in        no    no    no    no    page
     GET    welcome-mail                 in        no    no    no    no    none
     GET    welcome-team                 in        no    no    no    no    none
     POST   welcome-team                 in        no    no    no    no    none
     GET    welcome                      none      none  none  none  none  none
     POST   welcome                      none      none  none  none  none  none
"""
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()[1:]]
NAMES = sorted({name for _, name, *_ in ROWS})
WORDS = {
    200: "page", 204: "done", 302: "went", 400: "bad", 403: "no", 404: "none", 405: "405", 422: "form", 503: "page",
}  # fmt: skip
# A sender's own HTML stands in a frame of our pages, with its styles; files have a policy of their own.
FRAMED = {"message-body"}
MAY_CHANGE_BY_READING = {"django_session", "usersessions_usersession", "event", "cache"}


@pytest.fixture
def house() -> Furnished:
    return furnish()


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _patterns(pattern)


def _addresses() -> list[str]:
    """The first name of every address; some have another, which allauth looks up."""
    by_route = {str(pattern.pattern): pattern.name or "" for pattern in reversed(list(_patterns(get_resolver())))}
    return sorted(by_route.values())


def _ask(house: Furnished, role: str, method: str, name: str, **options: bool) -> HttpResponseBase:
    client = client_of(house.people.get(role), **options)
    url = reverse(name, kwargs=house.arguments.get(name))
    return client.get(url) if method == "GET" else client.post(url)


def _in_words(answer: HttpResponseBase) -> str:
    if answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]:
        return "in"
    return WORDS[answer.status_code]


def test_every_address_stands_in_the_table_and_no_other() -> None:
    assert _addresses() == NAMES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
def test_an_address_answers_each_role_as_the_table_says(row: tuple[str, ...], house: Furnished) -> None:
    method, name, *expected = row
    answers = []
    for role in ROLES:
        with transaction.atomic():
            answers.append(_in_words(_ask(house, role, method, name)))
            transaction.set_rollback(True)

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, expected, strict=True))


def test_what_is_not_in_the_table_is_not_answered(house: Furnished) -> None:
    asked = {(method, name) for method, name, *_ in ROWS}
    missing = [(method, name) for name in NAMES for method in ("GET", "POST") if (method, name) not in asked]

    assert [pair for pair in missing if _ask(house, "admin", *pair).status_code != 405] == []


def test_no_form_of_another_site_is_believed(house: Furnished) -> None:
    posts = [name for method, name, *_ in ROWS if method == "POST"]

    believed = [
        name for name in posts if _ask(house, "admin", "POST", name, enforce_csrf_checks=True).status_code != 403
    ]

    assert believed == []


@pytest.mark.parametrize("role", ["anonymous", "agent", "admin"])
def test_reading_changes_nothing(role: str, house: Furnished) -> None:
    changed = {}
    client = client_of(house.people.get(role))
    for name in NAMES:
        before = _database()
        client.get(reverse(name, kwargs=house.arguments.get(name)))
        after = _database()
        if tables := [table for table in after if before[table] != after[table]]:
            changed[name] = tables

    assert changed == {}


@pytest.mark.parametrize("role", ["anonymous", "admin"])
def test_every_answer_carries_the_safe_headers(role: str, house: Furnished) -> None:
    wrong = {name: faults for name in NAMES if (faults := _faults(name, _ask(house, role, "GET", name)))}

    assert wrong == {}


def _database() -> dict[str, str]:
    """Every table that reading must not change, and the hash of its rows."""
    hashes = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - MAY_CHANGE_BY_READING):
            cursor.execute(f'SELECT * FROM "{table}"')
            hashes[table] = hashlib.sha256("".join(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return hashes


def _faults(name: str, answer: HttpResponseBase) -> list[str]:
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    scripts = [part for part in policy.split(";") if part.strip().startswith(("script-src", "default-src"))]
    wanted = {
        "a policy": bool(policy),
        "no unsafe scripts": not any("unsafe" in part for part in scripts),
        "no unsafe styles": "unsafe" not in policy or name in FRAMED,
        "nobody frames it": "frame-ancestors 'none'" in policy or _is_own_frame(name, policy),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "nothing told to others": headers.get("Referrer-Policy") == "same-origin",
        "not kept": "no-store" in headers.get("Cache-Control", ""),
    }
    return [fault for fault, holds in wanted.items() if not holds]


def _is_own_frame(name: str, policy: str) -> bool:
    return name in FRAMED and "frame-ancestors 'self'" in policy
