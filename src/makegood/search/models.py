"""What can be found: one row a document; the words lie in the database's own index (see engines.py)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SearchDocument(models.Model):
    """`id` begins with the time (see `index.document_id`), so that the index itself is in order of time."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=8)  # "message", "note"
    object_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    scope = models.BigIntegerField()

    class Meta:
        db_table = "search_document"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]
        indexes: ClassVar = [models.Index(fields=["conversation_id"], name="search_document_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
