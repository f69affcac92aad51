"""`python -m makegood.web.building`: build all assets into `web/static/built`, and the messages. Needs no Django."""

from pathlib import Path

from makegood.web.building import fonts, icons, messages, scripts, styles
from makegood.web.building.shelf import Shelf

WEB = Path(__file__).resolve().parent.parent
SOURCES = WEB / "static" / "web"
BUILT = WEB / "static" / "built"


def build(folder: Path = BUILT) -> dict[str, str]:
    """Make every asset in `folder` and return `plain name -> hashed name`."""
    shelf = Shelf(folder)
    for face in fonts.FACES:
        shelf.put(face.name, fonts.make(face))
    shelf.put_plain("OFL.txt", fonts.licence())
    shelf.put("icons.svg", icons.sprite(WEB / "templates" / "icons.txt", SOURCES / "icons"))
    shelf.put("mark.svg", (SOURCES / "mark.svg").read_bytes())
    shelf.put("makegood.css", styles.stylesheet(SOURCES / "css", _room_folders(), shelf.names))
    shelf.put("makegood.js", scripts.module(SOURCES / "js"))
    shelf.close()
    return shelf.names


def _room_folders() -> list[Path]:
    """`static/<room>` of every room but this one."""
    return [folder for folder in WEB.parent.glob("**/static/*") if folder.is_dir() and WEB not in folder.parents]


if __name__ == "__main__":
    build()
    messages.compile_all(WEB / "locale")
