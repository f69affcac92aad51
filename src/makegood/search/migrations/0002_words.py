"""The index of words itself, which is made differently on each database."""

from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_document ADD COLUMN words tsvector")
        schema_editor.execute("CREATE INDEX search_document_words ON search_document USING gin (words)")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5 (sender, recipients, files, words, stems,"
            " content='', tokenize='unicode61 remove_diacritics 0')"
        )


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE search_document DROP COLUMN words")
    else:
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
