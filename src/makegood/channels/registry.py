"""Every channel, one line each."""

from __future__ import annotations

from makegood.channels.channel import Channel
from makegood.channels.email.channel import EmailChannel

CHANNELS: dict[str, Channel] = {channel.kind: channel for channel in (EmailChannel(),)}


def channel_of(kind: str) -> Channel:
    """The channel that an inbox names."""
    return CHANNELS[kind]
