"""A stored file: bytes under a random name, outside any served folder; the given name is only a label."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """`name` has been through text.filenames.clean. Who may read it is decided by the room that refers to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=127)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "file"
        indexes: ClassVar = [models.Index(fields=["created_at"], name="file_created")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Where the bytes lie, below the folder of files: two letters, then the id."""
        return f"{self.id.hex[:2]}/{self.id.hex}"
