"""One SVG sprite: lucide's drawings under our names, beside the few that we drew."""

import importlib.util
import xml.etree.ElementTree as ET
from pathlib import Path
from zipfile import ZipFile

_SVG = "{http://www.w3.org/2000/svg}"
_VIEW = "-1 -1 26 26"  # lucide draws on 24; one unit of air on each side gives the weight of our 20 grid
_STROKE = "2.08"  # 1.6 on a grid of 20, in units of 26


def sprite(names: Path, own: Path) -> bytes:
    """Symbols for each line `our-name lucide-name` of the file `names`, and for each file `<name>.svg` in `own`.

    Raises LookupError for a name that lucide does not have.
    """
    drawings = [_from_lucide(ours, theirs, archive) for archive in [_archive()] for ours, theirs in _pairs(names)]
    drawings += [_from_file(file) for file in sorted(own.glob("*.svg"))]
    joined = "".join(drawings)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{joined}</svg>\n'.encode()


def _pairs(names: Path) -> list[tuple[str, str]]:
    lines = names.read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return sorted((ours, theirs) for ours, theirs in words)


def _archive() -> ZipFile:
    spec = importlib.util.find_spec("lucide")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The icons come from the package lucide: install the group 'assets'.")
    return ZipFile(Path(spec.origin).parent / "lucide.zip")


def _from_lucide(ours: str, theirs: str, archive: ZipFile) -> str:
    try:
        svg = ET.fromstring(archive.read(f"{theirs}.svg"))  # noqa: S314 (a file of an installed package)
    except KeyError:
        raise LookupError(f"lucide has no icon {theirs!r} (wanted as {ours!r})") from None
    return f'<symbol id="{ours}" viewBox="{_VIEW}" stroke-width="{_STROKE}">{_shapes(svg)}</symbol>'


def _from_file(file: Path) -> str:
    svg = ET.fromstring(file.read_bytes())  # noqa: S314 (a file of ours)
    return f'<symbol id="{file.stem}" viewBox="{svg.get("viewBox")}">{_shapes(svg)}</symbol>'


def _shapes(svg: ET.Element) -> str:
    """The drawing without the outer element, whose stroke attributes our stylesheet sets instead."""
    for node in svg.iter():
        node.tag = node.tag.removeprefix(_SVG)
    return "".join(ET.tostring(child, encoding="unicode").strip().replace(" />", "/>") for child in svg)
