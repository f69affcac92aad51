import json
import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from makegood.web.building import icons, scripts, styles
from makegood.web.building.__main__ import WEB, build
from makegood.web.building.shelf import Shelf


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


def _read(folder: Path, name: str) -> bytes:
    names = json.loads((folder / "manifest.json").read_text())
    return (folder / names[name]).read_bytes()


def test_building_twice_gives_the_same_files_in_less_than_five_seconds(built: Path, tmp_path: Path) -> None:
    started = time.process_time()
    build(tmp_path)

    assert time.process_time() - started < 5
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in built.iterdir())


def test_the_fonts_weigh_little_and_bear_our_name(built: Path) -> None:
    faces = [_read(built, f"makegood-{face}.woff2") for face in ("sans-400", "sans-600", "serif-600")]
    families = [str(TTFont(BytesIO(face))["name"].getDebugName(1)) for face in faces]

    assert families == ["Makegood Sans", "Makegood Sans", "Makegood Serif"]
    assert sum(map(len, faces)) < 54_000


@pytest.mark.parametrize("face", ["sans-400", "sans-600", "serif-600"])
def test_digits_are_all_equally_wide(built: Path, face: str) -> None:
    font = TTFont(BytesIO(_read(built, f"makegood-{face}.woff2")))
    widths = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}

    assert len(widths) == 1


def test_the_licence_names_both_copyrights(built: Path) -> None:
    text = (built / "OFL.txt").read_text()

    assert text.count("Copyright 2010, 2012, 2014 Adobe") == 1
    assert text.count("Copyright 2014 Adobe") == 1
    assert text.count("SIL OPEN FONT LICENSE Version 1.1") == 1


def test_each_icon_of_the_list_is_in_the_sprite_without_a_stroke_colour(built: Path) -> None:
    sprite = _read(built, "icons.svg").decode()
    lines = (WEB / "templates" / "icons.txt").read_text().splitlines()
    wanted = {line.split()[0] for line in lines if not line.startswith("#")} | {"hook"}

    assert set(re.findall(r'<symbol id="(\w+)"', sprite)) == wanted
    assert 'stroke="' not in sprite


def test_an_icon_that_lucide_does_not_have_is_named(tmp_path: Path) -> None:
    names = tmp_path / "icons.txt"
    names.write_text("hammer no-such-hammer\n")

    with pytest.raises(LookupError, match="no-such-hammer"):
        icons.sprite(names, tmp_path)


def test_the_stylesheet_has_each_layer_once_and_only_hashed_addresses(built: Path) -> None:
    sheet = _read(built, "makegood.css").decode()

    assert re.findall(r"@layer (\w+)\{", sheet) == list(styles.LAYERS)
    assert re.findall(r"url\(([\w-]+)\.\w{12}\.woff2\)", sheet) == [
        "makegood-sans-400", "makegood-sans-600", "makegood-serif-600",
    ]  # fmt: skip


def test_a_room_s_styles_join_the_layer_of_pages(tmp_path: Path) -> None:
    (tmp_path / "survey.css").write_text('/* faces */ .face  {\n  color : red;\n  content: "a  ;b";\n}\n')

    sheet = styles.stylesheet(tmp_path / "none", [tmp_path], {}).decode()

    assert '@layer pages{.face{color : red;content: "a  ;b"}}' in sheet


def test_a_stylesheet_that_names_its_layer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("@layer pages { a { color: red } }")

    with pytest.raises(ValueError, match="folder says which layer"):
        styles.stylesheet(tmp_path / "none", [tmp_path], {})


def test_comments_leave_the_script_and_words_stay(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text('// says hello\n/* at\n length */\nconst url = "https://desk.example"; // kept\n')

    module = scripts.module(tmp_path).decode()

    assert module.endswith('{\nconst url = "https://desk.example"; // kept\n}')


def test_a_behaviour_that_imports_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text('import { x } from "./two.js";\n')

    with pytest.raises(ValueError, match="cannot import"):
        scripts.module(tmp_path)


def test_the_sources_keep_to_their_size() -> None:
    sources = [*WEB.glob("static/web/css/*/*.css"), *WEB.glob("static/web/js/*.js")]
    long = {file.name for file in sources if len(file.read_text().splitlines()) > 150}

    assert long == set()


def test_what_is_no_longer_built_leaves_the_shelf(tmp_path: Path) -> None:
    first = Shelf(tmp_path)
    first.put("a.css", b"one")
    first.close()
    second = Shelf(tmp_path)
    second.put("a.css", b"two")
    second.close()

    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([second.names["a.css"], "manifest.json"])
