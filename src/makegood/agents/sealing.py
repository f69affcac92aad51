"""Short secrets (second factors, mailbox passwords) encrypted with a key that is not in the database."""

from __future__ import annotations

import base64
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from makegood.errors import Refused


def seal(text: str) -> str:
    """Encrypted and authenticated (Fernet), as ASCII."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again; refuses when the secret key is not the one it was sealed with."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Refused(
            _("This secret was sealed with another secret key. Put the old key back, or enter the secret again.")
        ) from error


def _fernet() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(sha256(b"seal:" + key.encode()).digest())) for key in keys])
