"""What the doors show of the house, and of the links that lead to them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django import template

from makegood.agents.queries import house_name

register = template.Library()


@register.simple_tag
def house() -> str:
    """`{% house %}`: the company's name, or nothing. One query: for the doors, not for every page."""
    return house_name()


@register.filter
def opens_here_only(address: str) -> bool:
    """`{% if link|opens_here_only %}`: the address names this very machine, so nobody else's browser gets here."""
    host = urlsplit(address).hostname or ""
    try:
        number = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return number.is_loopback or number.is_unspecified
