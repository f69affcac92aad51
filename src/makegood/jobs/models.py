"""A job is work to be done later; a schedule says when a recurring one is due next."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One call of a task; while it runs, it is leased to its worker (see `database.leasing`)."""

    WAITING, RUNNING, DONE, DEAD = "waiting", "running", "done", "dead"

    task = models.CharField(max_length=200)  # dotted path of a django.tasks Task
    arguments = models.JSONField(default=dict)  # {"args": [...], "kwargs": {...}}
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0)
    unique_key = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=8, default=WAITING)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=12)
    lease_until = models.FloatField(null=True)
    worker = models.CharField(max_length=64, default="", blank=True)
    error = models.TextField(default="", blank=True)
    result = models.JSONField(null=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unique_key"], condition=Q(state__in=["waiting", "running"]), name="job_unique_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-priority", "run_at", "id"], condition=Q(state="waiting"), name="job_due"),
            models.Index(fields=["run_at"], condition=Q(state="waiting"), name="job_next"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_leased"),
            models.Index(fields=["finished_at"], condition=Q(state="done"), name="job_done"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class Schedule(models.Model):
    """When the thing of this name (a function marked with `every`) is due next."""

    name = models.CharField(max_length=200, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        db_table = "job_schedule"

    def __str__(self) -> str:
        return self.name
