"""Addresses of sign-in and of people. Of allauth's views only those that are used have one."""

from __future__ import annotations

from allauth.account import views as account
from allauth.decorators import rate_limit
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from makegood.agents.views import doors, hours, people, profile, recovery_codes, security, teams

_sparingly = rate_limit(action="passkey", limit_get=True)

# Names with a prefix are those that allauth looks up.
DOORS = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/second-factor/", factors.authenticate, name="mfa_authenticate"),
    path("accounts/passkey/", _sparingly(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("accounts/password/forgotten/", doors.forgotten, name="account_reset_password"),
    path("accounts/password/<int:number>/<str:token>/", doors.reset, name="reset"),
    path("accounts/again/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/again/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("invitations/<str:token>", doors.join, name="invitation"),
]
SECURITY = [
    path("settings/security", security.show, name="security"),
    path("settings/security", security.show, name="mfa_index"),
    path("settings/security", security.show, name="mfa_list_webauthn"),
    path("settings/security/password", account.password_change, name="account_change_password"),
    path("settings/security/app", totp.activate_totp, name="mfa_activate_totp"),
    path("settings/security/app/delete", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("settings/security/codes", recovery_codes.show, name="mfa_view_recovery_codes"),
    path("settings/security/codes/file", recovery_codes.download, name="mfa_download_recovery_codes"),
    path("settings/security/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("settings/security/passkeys/new", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("settings/security/passkeys/<int:pk>/delete", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("settings/security/sessions/others/delete", security.end_others, name="sessions-delete"),
    path("settings/security/sessions/<int:session>/delete", security.end_session, name="session-delete"),
]
PEOPLE = [
    path("settings/profile", profile.edit, name="profile"),
    path("settings/agents", people.index, name="agents"),
    path("settings/agents/invitations", people.invite, name="invitations"),
    path("settings/agents/invitations/<int:invitation>/delete", people.withdraw, name="invitation-delete"),
    path("settings/agents/house", people.name_house, name="house"),
    path("settings/agents/<int:number>", people.edit, name="agent"),
    path("settings/agents/<int:number>/deactivation", people.deactivate, name="deactivation"),
    path("settings/agents/<int:number>/deactivation/delete", people.reactivate, name="deactivation-delete"),
    path("settings/agents/<int:number>/reset-link", people.issue_reset, name="reset-link"),
    path("settings/teams", teams.create, name="teams"),
    path("settings/teams/<int:number>", teams.edit, name="team"),
]
HOURS = [
    path("settings/hours", hours.edit, name="hours"),
    path("settings/hours/days-off", hours.close, name="days-off"),
    path("settings/teams/<int:number>/hours", hours.edit, name="team-hours"),
    path("settings/teams/<int:number>/hours/delete", hours.destroy, name="team-hours-delete"),
    path("settings/teams/<int:number>/days-off", hours.close, name="team-days-off"),
    path("settings/days-off/<int:number>/delete", hours.open_again, name="days-off-delete"),
    path("settings/days-off/<int:number>/work", hours.work, name="days-off-work"),
    path("settings/days-off/<int:number>/work/delete", hours.rest, name="days-off-work-delete"),
]
urlpatterns = [*DOORS, *SECURITY, *PEOPLE, *HOURS]
