"""The doctor says what is wrong in words."""

from __future__ import annotations

import pytest

from makegood.conversations.tests.factories import come_in
from makegood.project.examining import examine
from makegood.search.models import SearchDocument

pytestmark = pytest.mark.django_db


def test_a_message_without_its_document_is_counted_though_the_totals_agree() -> None:
    message = come_in()
    SearchDocument.objects.filter(kind="message", object_id=message.pk).update(object_id=message.pk + 9)

    said = [finding.said for finding in examine(quick=True) if finding.about == "search"]

    assert "1 messages and notes that cannot be found" in said
    assert "1 findable documents whose message is gone" in said
