"""Compiled translations: what gettext reads is what a translator has stood up for."""

import gettext
from pathlib import Path

import pytest

from makegood.web.building.messages import compile_all

HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def locale(folder: Path, entries: str) -> Path:
    file = folder / "de" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(HEAD + entries, encoding="utf-8")
    return folder


def read(folder: Path) -> gettext.NullTranslations:
    return gettext.translation("django", folder, languages=["de"])


def test_a_word_is_said_in_its_sense_and_number(tmp_path: Path) -> None:
    entries = (
        'msgid "Open"\nmsgstr "Offen"\n\nmsgctxt "key"\nmsgid "Open"\nmsgstr "Öffnen"\n\n'
        'msgid "%(n)s note"\nmsgid_plural "%(n)s notes"\nmsgstr[0] "%(n)s Notiz"\nmsgstr[1] "%(n)s Notizen"\n'
    )

    compile_all(locale(tmp_path, entries))

    german = read(tmp_path)
    assert (german.gettext("Open"), german.pgettext("key", "Open")) == ("Offen", "Öffnen")
    assert [german.ngettext("%(n)s note", "%(n)s notes", n) for n in (1, 2)] == ["%(n)s Notiz", "%(n)s Notizen"]


def test_a_guess_is_not_shown(tmp_path: Path) -> None:
    compile_all(locale(tmp_path, '#, fuzzy\nmsgid "Snooze"\nmsgstr "Schlafen"\n'))

    assert read(tmp_path).gettext("Snooze") == "Snooze"


def test_compiling_leaves_nothing_else_behind(tmp_path: Path) -> None:
    written = compile_all(locale(tmp_path, 'msgid "Note"\nmsgstr "Notiz"\n'))

    assert written == [tmp_path / "de" / "LC_MESSAGES" / "django.mo"]
    assert sorted(path.name for path in written[0].parent.iterdir()) == ["django.mo", "django.po"]


def test_a_broken_catalogue_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"django\.po \(line 6\)"):
        compile_all(locale(tmp_path, 'mgsid "Note"\n'))
