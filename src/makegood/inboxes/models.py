"""An inbox is one address or account on one channel; a grant lets a team open it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from makegood.agents.models import Team
from makegood.inboxes.abilities import Abilities, abilities_of
from makegood.inboxes.addresses import is_among


class Inbox(models.Model):
    """What we are reached at. `settings` is the channel's own form as JSON; secrets lie encrypted beside it."""

    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=16, default="email")
    address = models.CharField(max_length=320)
    sender_name = models.CharField(max_length=100, default="", blank=True)
    signature = models.TextField(default="", blank=True)
    settings = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(default="", blank=True)  # see sealing.py
    is_active = models.BooleanField(default=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")  # answers first
    teams: models.ManyToManyField[Team, Any] = models.ManyToManyField(Team, db_table="inbox_grant", blank=True)
    is_open_to_all = models.BooleanField(default=True)
    health = models.CharField(max_length=8, default="", blank=True)  # "", good, bad
    health_said = models.TextField(default="", blank=True)  # what to tell people when bad
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "inbox"
        verbose_name_plural = "inboxes"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "address"], name="inbox_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def reply_address(self) -> str:
        """Where answers come back: the same name on a domain kept for answers, else the address itself."""
        domain = self.settings.get("reply_domain")
        return self._on(domain) if domain else self.address

    @property
    def addresses(self) -> frozenset[str]:
        """What is written to reaches this inbox, in lower case."""
        former = self.settings.get("former_reply_domains", [])
        return frozenset({self.address.lower(), self.reply_address.lower(), *map(self._on, former)})

    def _on(self, domain: str) -> str:
        return f"{self.address.rpartition('@')[0].lower()}@{domain}"

    def is_at(self, email: str) -> bool:
        """Whether this is the inbox's own address, with or without something behind a plus."""
        return is_among(email, self.addresses)

    @property
    def can(self) -> Abilities:
        """What messages of its channel may have."""
        return abilities_of(self.channel)
