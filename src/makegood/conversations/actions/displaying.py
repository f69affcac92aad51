"""The display form of a message, which follows from its raw bytes and the rules of the sanitiser."""

from __future__ import annotations

from makegood.conversations.envelope import DisplayForm
from makegood.conversations.models import Message


def display_anew(message: Message, form: DisplayForm | None, *, version: int) -> None:
    """By the rules of this version; without a form it is shown by its text. Nothing happened, so there is no event."""
    unchanged = Message.objects.filter(pk=message.pk, html_version=message.html_version)
    if form is None or not form.html:
        unchanged.update(html="", html_version=0, has_remote_images=False)
        return
    unchanged.update(
        html=form.html, html_is_plain=form.is_plain, has_remote_images=form.has_remote_images, html_version=version
    )
