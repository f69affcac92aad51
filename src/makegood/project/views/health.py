"""For monitors: whether mail comes and goes, in JSON, 200 when all is well and 503 when not."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from makegood.channels.queries import oldest_unsent
from makegood.inboxes.models import Inbox
from makegood.web.public import public

LEAST_FREE = 500 * 1024 * 1024


@public
@require_GET
def show(request: HttpRequest) -> JsonResponse:
    bad = Inbox.objects.filter(is_active=True, health="bad").count()
    free = shutil.disk_usage(settings.DATA).free
    unsent = oldest_unsent()
    good = not bad and free > LEAST_FREE and unsent is None
    facts = {
        "good": good,
        "inboxes_in_trouble": bad,
        "oldest_unsent": unsent.isoformat() if unsent else None,
        "disk_free_mb": free // 1024**2,
    }
    return JsonResponse(facts, status=200 if good else 503)
