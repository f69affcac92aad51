"""Django's settings. What an administrator may change comes from the environment (see environment.py)."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from makegood.project import environment

DATA = environment.data_folder()
SECRET_KEY = environment.secret_key(DATA)
DEBUG = os.environ.get("MAKEGOOD_DEBUG") == "1"
PORT = environment.port(8000)
PUBLIC_URL = environment.public_url(f"http://127.0.0.1:{PORT}")
FILES = os.environ.get("MAKEGOOD_FILES") or str(DATA / "files")
LMTP = environment.address("MAKEGOOD_LMTP")
TRUSTED_PROXIES = environment.networks("MAKEGOOD_PROXIES")
_public = urlsplit(PUBLIC_URL)
SECURE = _public.scheme == "https"
ALLOWED_HOSTS = [
    _public.hostname or "127.0.0.1",
    "127.0.0.1",
    "localhost",
    "[::1]",
    *environment.listed("MAKEGOOD_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if SECURE else []

# Lower rooms first: Django makes their tables first.
ROOMS = [
    "web", "jobs", "files", "search", "eventlog", "live",
    "agents", "contacts", "inboxes", "conversations", "standards", "channels", "project",
]  # fmt: skip
ROOMS = [room for room in ROOMS if find_spec(f"makegood.{room}")]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    *[f"makegood.{room}" for room in ROOMS],
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "makegood.project.middleware.safe_headers",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "makegood.project.middleware.people_only",
    "makegood.project.posted.only_known_fields",
]
ROOT_URLCONF = "makegood.project.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "makegood.project.navigation.context",
            ],
        },
    }
]

DATABASES = {"default": environment.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "makegood.jobs.backend.DurableBackend", "QUEUES": []}}

AUTH_USER_MODEL = "agents.Agent"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["email", "name"]}},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 30 * 60

ACCOUNT_ADAPTER = "makegood.agents.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "makegood.agents.forms.SignInForm", "reauthenticate": "makegood.agents.forms.AgainForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"passkey": "60/m/ip"}  # beside allauth's own: asking for one makes a session, for strangers, too
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_FORMS = {"authenticate": "makegood.agents.forms.CodeForm", "reauthenticate": "makegood.agents.forms.CodeAgainForm"}
MFA_ADAPTER = "makegood.agents.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Makegood"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write to the database at every request

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-makegood" if SECURE else "makegood"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "makegood.project.views.errors.csrf_failure"
MESSAGE_TAGS = {22: "undo"}  # web.undoing
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Nothing is told to other sites. Not "no-referrer": browsers then send "Origin: null" with our own forms, too, and the
# check of the origin, which guards them, could not tell ours from others.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = None  # `project.rsgi` believes X-Forwarded-* only from MAKEGOOD_PROXIES
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = str(DATA)

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # What counts wrong passwords and codes must not be pushed out by those who guess elsewhere: of the usual 300 it
        # is within a minute. More than this many no machine can check within the five minutes that they count.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

FORMAT_MODULE_PATH = "makegood.web.formats"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [str(Path(__file__).parent.parent / "web" / "locale")]

STATIC_URL = "/static/"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": environment.log_level()},
    "loggers": {"django.request": {"level": "ERROR"}, "mail.log": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
