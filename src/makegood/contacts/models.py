"""Who writes to us: contacts with their handles, and the companies they work at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from makegood.eventlog.events import Actor


class Company(models.Model):
    """Where contacts work; found by the domain of their addresses."""

    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, unique=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "company"
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person. Called "customer" in the interface."""

    name = models.CharField(max_length=200, default="", blank=True)
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    language = models.CharField(max_length=8, default="", blank=True)
    timezone = models.CharField(max_length=64, default="", blank=True)
    is_blocked = models.BooleanField(default=False)
    forwards_for_customers = models.BooleanField(default=False)  # a form or shop: the customer stands in Reply-To
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "contact"

    def __str__(self) -> str:
        return self.name or str(self.handles.first() or "")

    @property
    def actor(self) -> Actor:
        """This contact as the log names them."""
        return Actor("contact", self.pk)


class Handle(models.Model):
    """One way to reach a contact on a channel. `value` is normalised: lower case for e-mail, E.164 for phones."""

    EMAIL, PHONE = "email", "phone"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="handles")
    kind = models.CharField(max_length=16, default=EMAIL)
    value = models.CharField(max_length=320)
    is_verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "contact_handle"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "value"], name="contact_handle_unique")]

    def __str__(self) -> str:
        return self.value
