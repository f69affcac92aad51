"""Makegood Sans and Serif: subsets of the Source families, renamed because their licence reserves that name."""

import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

_PUNCTUATION = "‐‑‒–—―‘’‚“”„†‡•…‰′″‹›⁄€™←↑→↓−✓ƒˆ˚˜"
_LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, _PUNCTUATION)]
_FEATURES = ["kern", "liga", "locl", "case", "ccmp", "mark", "pnum"]

_FAMILY, _STYLE, _UNIQUE, _FULL, _POSTSCRIPT = 1, 2, 3, 4, 6
_KEPT_NAMES = (0, _FAMILY, _STYLE, _UNIQUE, _FULL, 5, _POSTSCRIPT, 13, 14)  # 0, 13 and 14 carry the licence


@dataclass(frozen=True)
class Face:
    """One file to make: `package` is the Python package that ships the source font."""

    name: str
    package: str
    source: str
    family: str
    style: str


_SERIF = "SourceSerifPro-Semibold.ttf"
FACES = (
    Face("makegood-sans-400.woff2", "font_source_sans_pro", "SourceSansPro-Regular.ttf", "Makegood Sans", "Regular"),
    Face("makegood-sans-600.woff2", "font_source_sans_pro", "SourceSansPro-Semibold.ttf", "Makegood Sans", "Semibold"),
    Face("makegood-serif-600.woff2", "font_source_serif_pro", _SERIF, "Makegood Serif", "Semibold"),
)


def make(face: Face) -> bytes:
    """The face as WOFF2: Latin and Latin Extended-A, tabular lining digits, renamed."""
    font = TTFont(_files_of(face.package) / face.source, recalcTimestamp=False)
    _set_tabular_digits(font)
    options = Options(layout_features=_FEATURES, hinting=False, name_IDs=list(_KEPT_NAMES), notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_LETTERS)
    subsetter.subset(font)
    _rename(font, face)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def licence() -> bytes:
    """The Open Font License as the two packages carry it: both copyright lines, the text once."""
    sans, serif = (
        (_files_of(package) / "LICENSE.txt").read_text(encoding="utf-8")
        for package in ("font_source_sans_pro", "font_source_serif_pro")
    )
    serif_copyright = serif.partition("\n")[0]
    return f"{serif_copyright}\n{sans}".encode()


def _files_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"The fonts come from the package {package}: install the group 'assets'.")
    return Path(spec.origin).parent / "files"


def _set_tabular_digits(font: Any) -> None:
    """Point the digits' code points at the glyphs that the features `lnum` and `tnum` would choose."""
    cmap = font.getBestCmap()
    for feature in ("lnum", "tnum"):
        swaps = _single_substitutions(font, feature)
        for digit in range(ord("0"), ord("9") + 1):
            glyph = swaps.get(cmap[digit])
            if glyph:
                for table in font["cmap"].tables:
                    if digit in table.cmap:
                        table.cmap[digit] = glyph


def _single_substitutions(font: Any, feature: str) -> dict[str, str]:
    gsub = font["GSUB"].table
    lookups = {
        index
        for record in gsub.FeatureList.FeatureRecord
        if record.FeatureTag == feature
        for index in record.Feature.LookupListIndex
    }
    swaps: dict[str, str] = {}
    for index in sorted(lookups):
        for subtable in gsub.LookupList.Lookup[index].SubTable:
            swaps |= getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
    return swaps


def _rename(font: Any, face: Face) -> None:
    """Our family name in every name record that shows one; copyright and licence stay word for word."""
    full = f"{face.family} {face.style}"
    names = {
        _FAMILY: face.family,
        _STYLE: face.style,
        _UNIQUE: full,
        _FULL: full,
        _POSTSCRIPT: full.replace(" Sans ", "Sans-").replace(" Serif ", "Serif-"),
    }
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
