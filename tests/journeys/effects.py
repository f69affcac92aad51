"""A task whose effect can be counted."""

from __future__ import annotations

from django.tasks import task

from makegood.contacts.models import Company


@task(atomic=True)
def count(number: int) -> None:
    Company.objects.create(name=str(number))
