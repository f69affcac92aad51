"""Every channel, one line each; its reader has a line in `parsers.py`."""

from __future__ import annotations

from makegood.channels.channel import Channel
from makegood.channels.email.channel import EmailChannel
from makegood.inboxes.models import Inbox

CHANNELS: dict[str, Channel] = {channel.kind: channel for channel in (EmailChannel(),)}


def channel_of(inbox: Inbox) -> Channel:
    """The channel that an inbox names."""
    return CHANNELS[inbox.channel]
