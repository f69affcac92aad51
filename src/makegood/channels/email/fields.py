"""Fields of forms that mail servers need."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from makegood.conversations.addressing import ADDRESS

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")
FOLDERS = 20


class HostField(forms.CharField):
    """A server's name or address; international names in their ASCII form."""

    def clean(self, value: Any) -> str:
        host = str(super().clean(value)).strip().rstrip(".")
        if not host:
            return ""
        try:
            host = host.encode("idna").decode() if not host.isascii() else host
        except UnicodeError as error:
            raise ValidationError(_("This is not the name of a server.")) from error
        if not HOST.fullmatch(host):
            raise ValidationError(_("Only the server’s name, such as mail.quillfeather.example."))
        return host.lower()


class DomainField(HostField):
    """What stands behind the @ of an address: at least two labels."""

    def clean(self, value: Any) -> str:
        domain = super().clean(value)
        if domain and not ADDRESS.fullmatch(f"care@{domain}"):
            raise ValidationError(_("Only a domain, such as replies.quillfeather.example."))
        return domain


class FoldersField(forms.CharField):
    """Folder names, one a line; at least INBOX."""

    def clean(self, value: Any) -> list[str]:
        names = list(dict.fromkeys(line.strip() for line in str(super().clean(value)).splitlines() if line.strip()))
        if len(names) > FOLDERS or any(len(name) > 255 for name in names):
            raise ValidationError(_("At most 20 folders, each with a name of at most 255 letters."))
        return names or ["INBOX"]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value
