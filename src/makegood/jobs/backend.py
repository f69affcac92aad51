"""Django's task API on our own table: a task is enqueued in the caller's transaction and survives kill -9."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.json import normalize_json
from django.utils.module_loading import import_string

from makegood.clock.now import now
from makegood.jobs.models import Job
from makegood.jobs.waking import ring

if TYPE_CHECKING:
    AnyTask = Task[..., Any]
    AnyResult = TaskResult[..., Any]

STATUS = {
    Job.WAITING: TaskResultStatus.READY,
    Job.RUNNING: TaskResultStatus.RUNNING,
    Job.DONE: TaskResultStatus.SUCCESSFUL,
    Job.DEAD: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableTask(Task):  # type: ignore[type-arg]
    """A task with two settings more.

    `atomic`: the task's changes and "done" are committed together, so its effect happens exactly once; such a task
    must not touch the network. Without it a killed task runs again: make it idempotent.
    """

    atomic: bool = False
    max_attempts: int = 12
    unique_key: str | None = None


class DurableBackend(BaseTaskBackend):
    """Tasks kept in the table `job`; `jobs.worker` runs them."""

    task_class = DurableTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: AnyTask, args: Any, kwargs: Any) -> Any:
        """Store the job. With a `unique_key`, a job of that key that is not finished yet is returned instead."""
        self.validate_task(task)
        assert isinstance(task, DurableTask)
        if task.unique_key is not None:
            job = self._enqueue_unique(task, args, kwargs)
        else:
            job = _store(task, args, kwargs)
        return _result(job, task)

    def get_result(self, result_id: str) -> AnyResult:
        """The task's state; results are kept for a day after the end."""
        job = Job.objects.filter(pk=result_id).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return _result(job, import_string(job.task))

    def _enqueue_unique(self, task: DurableTask, args: Any, kwargs: Any) -> Job:
        unfinished = Job.objects.filter(unique_key=task.unique_key, state__in=[Job.WAITING, Job.RUNNING])
        while True:
            if job := unfinished.first():
                return job
            try:
                with transaction.atomic():
                    return _store(task, args, kwargs)
            except IntegrityError:  # somebody else stored it at this moment
                continue


def enqueue_once(task: AnyTask, key: str, *args: Any, **kwargs: Any) -> AnyResult:
    """Enqueue unless a job with this key is waiting or running already."""
    assert isinstance(task, DurableTask)
    return replace(task, unique_key=key).enqueue(*args, **kwargs)


def _store(task: DurableTask, args: Any, kwargs: Any) -> Job:
    moment = now()
    job = Job.objects.create(
        task=task.module_path,
        arguments={"args": normalize_json(list(args)), "kwargs": normalize_json(kwargs)},
        queue=task.queue_name,
        priority=task.priority,
        unique_key=task.unique_key,
        run_at=task.run_after or moment,
        max_attempts=task.max_attempts,
        enqueued_at=moment,
    )
    ring()
    return job


def _result(job: Job, task: AnyTask) -> AnyResult:
    failed = [TaskError(exception_class_path="builtins.RuntimeError", traceback=job.error)] if job.error else []
    result: AnyResult = TaskResult(
        task=task,
        id=str(job.pk),
        status=STATUS[job.state],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=job.arguments["args"],
        kwargs=job.arguments["kwargs"],
        backend="default",
        errors=failed,
        worker_ids=[job.worker] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
