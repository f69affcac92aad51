"""Every address of the house and what it answers each role: the table that journeys over all addresses walk."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver

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
     GET    due-time                     in        page  none  page  page  page
     POST   replies                      in        form  none  form  form  form
     POST   reply-undo                   in        no    none  none  none  none
     POST   forward                      in        no    none  went  went  went
     POST   draft-file                   in        none  none  none  none  none
     POST   draft                        in        bad   none  bad   bad   bad
     GET    presence                     in        page  none  page  page  page
     POST   presence                     in        bad   none  bad   bad   bad
     POST   presence-delete              in        bad   none  bad   bad   bad
     GET    rings                        in        page  page  page  page  page
     POST   assignment                   in        no    none  went  went  went
     POST   closure                      in        no    none  went  went  went
     POST   closure-delete               in        no    none  went  went  went
     POST   snooze                       in        no    none  form  form  form
     POST   tags                         in        form  none  form  form  form
     POST   tag-delete                   in        went  none  went  went  went
     POST   spam                         in        no    none  went  went  went
     POST   spam-delete                  in        no    none  went  went  went
     POST   release                      in        no    none  went  went  went
     GET    mergers                      in        no    none  page  page  page
     POST   mergers                      in        no    none  form  form  form
     POST   merger-delete                in        no    none  went  went  went
     POST   split                        in        no    none  form  form  form
     POST   split-delete                 in        no    none  went  went  went
     POST   hint-delete                  in        no    none  went  went  went
     POST   move                         in        no    none  form  form  form
     POST   subject                      in        no    none  form  form  form
     POST   following                    in        went  none  went  went  went
     POST   following-delete             in        went  none  went  went  went
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
     GET    hours                        in        no    no    no    no    page
     POST   hours                        in        no    no    no    no    page
     POST   days-off                     in        no    no    no    no    form
     GET    team-hours                   in        no    no    no    page  page
     POST   team-hours                   in        no    no    no    page  page
     POST   team-hours-delete            in        no    no    no    went  went
     POST   team-days-off                in        no    no    no    form  form
     POST   days-off-delete              in        no    no    no    went  went
     POST   days-off-work                in        no    no    no    went  went
     POST   days-off-work-delete         in        no    no    no    went  went
     GET    standards                    in        no    no    no    no    page
     POST   standards                    in        no    no    no    no    page
     POST   special-standards            in        no    no    no    no    form
     POST   special-standard-delete      in        no    no    no    no    went
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
     GET    ready-answers                in        no    no    no    no    page
     POST   ready-answers                in        no    no    no    no    form
     GET    ready-answer                 in        no    no    no    no    page
     POST   ready-answer                 in        no    no    no    no    form
     POST   ready-answer-on              in        no    no    no    no    went
     POST   ready-answer-off             in        no    no    no    no    went
     POST   ready-answer-delete          in        no    no    no    no    went
     POST   inbox-test                   in        no    no    no    no    went
     POST   inbox-trust                  in        no    no    no    no    went
     POST   inbox-off                    in        no    no    no    no    went
     POST   inbox-on                     in        no    no    no    no    went
     POST   inbox-sign-in                in        no    no    no    no    form
     GET    oauth-return                 in        no    no    no    no    form
     POST   oauth-return                 in        no    no    no    no    form
     GET    audit                        in        no    no    no    no    page
     GET    welcome-standard             in        no    no    no    no    none
     POST   welcome-standard             in        no    no    no    no    none
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


def in_words(answer: HttpResponseBase) -> str:
    """The answer in a word of the table."""
    if answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]:
        return "in"
    return WORDS[answer.status_code]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Every address, also of applications that bring their own."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from patterns(pattern)
