"""What the doors show of the house."""

from __future__ import annotations

from django import template

from makegood.agents.queries import house_name

register = template.Library()


@register.simple_tag
def house() -> str:
    """`{% house %}`: the company's name, or nothing. One query: for the doors, not for every page."""
    return house_name()
