"""Who is spoken for when a contact form, a web shop or a marketplace writes as its own address (mail.md, 26). Pure.

Everything found here is a claim: anybody can write any Reply-To, as anybody can write any From.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from makegood.conversations.envelope import Address
from makegood.inboxes.addresses import is_among

# What form software calls itself when nobody names it. Services that serve many companies from one domain are taught
# by one click: "This sender forwards for customers".
FORMS = frozenset({
    "contact-form", "contactform", "form", "form-mailer", "formmail", "formmailer", "forms", "mailform", "webform",
    "website-form", "wordpress",
    "formular", "kontakt-formular", "kontaktformular", "webformular",
    "formulaire", "formulaire-contact", "formulario", "formulario-contacto", "formulario-contato", "formulario-web",
    "contactformulier", "formulier", "webformulier", "modulo", "modulo-contatti",
})  # fmt: skip
NOBODY = frozenset({"noreply", "donotreply", "nepasrepondre", "noresponder", "naoresponder", "nichtantworten"})


def is_form(email: str) -> bool:
    """Whether the address is one that only form software has."""
    return _local(email).replace("_", "-") in FORMS


def customer_of(sender: str, reply_to: Sequence[Address], ours: Collection[str]) -> Address | None:
    """The first in Reply-To who is a third: neither the sender nor us (with or without a plus), nor nobody at all.

    `ours` are the addresses of our inboxes in lower case.
    """
    known = {sender.lower(), *ours}
    return next((a for a in reply_to if a.email and not is_among(a.email, known) and not _is_nobody(a)), None)


def _is_nobody(address: Address) -> bool:
    return _local(address.email).translate({ord(sign): None for sign in "-._"}) in NOBODY


def _local(email: str) -> str:
    return email.lower().rpartition("@")[0].partition("+")[0]
