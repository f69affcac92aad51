"""What an inbox's automatic answer looks like to the customer, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import Form
from django.utils.translation import gettext as _

from makegood.conversations.automatic_words import subject_of, with_notice


@dataclass(frozen=True, slots=True)
class Preview:
    """The parts of the mail that the shop does not write itself stand in it, too."""

    subject: str
    text: str


def preview_of(form: Form) -> Preview | None:
    """As it stands in the form; None where there is no answer."""
    words, signature = (str(form[name].value() or "").strip() for name in ("auto_reply", "signature"))
    if not words:
        return None
    signed = f"\n\n-- \n{signature}" if signature else ""
    return Preview(subject_of(_("Where is my parcel")), with_notice(words) + signed)
