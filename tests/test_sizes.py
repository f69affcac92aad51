"""Small enough to be read at one sitting (house.md, Sizes). What is larger stands here, with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "src" / "makegood"
FUNCTION, VIEW, MODULE, MODELS, TEMPLATE, ASSET = 40, 25, 300, 200, 120, 150
LARGER = {
    "text/quote_words.py": "a table of words in twenty-five languages",
    "text/signature_words.py": "a table of words in many languages",
    "text/charsets.py": "a table of charset labels",
    "channels/email/parsing/structure.py": "a parser: the walk over a message's parts",
    "channels/email/parsing/bounces.py": "a parser of many shapes of bounces",
    "channels/email/parsing/bounce_texts.py": "a table of the shapes of free-text bounces",
    "channels/email/parsing/bounce_phrases.py": "a table of what mail servers say",
    "channels/email/parsing/automatic.py": "a table of words in many languages",
}


def sources(pattern: str) -> list[Path]:
    return sorted(
        path
        for path in SOURCES.rglob(pattern)
        if not {"tests", "migrations", "built", "locale"} & set(path.relative_to(SOURCES).parts)
    )


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCES))


def length(node: ast.AST) -> int:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return (node.end_lineno or 0) - node.lineno + 1


def test_modules_are_short() -> None:
    limits = {
        path: MODELS if "models" in path.parts or path.name == "models.py" else MODULE for path in sources("*.py")
    }
    long = {name_of(p): n for p, limit in limits.items() if (n := len(p.read_text().splitlines())) > limit}

    assert {name: lines for name, lines in long.items() if name not in LARGER} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in sources("*.py"):
        limit = VIEW if "views" in path.parts else FUNCTION
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > limit:
                long[f"{name_of(path)}:{node.name}"] = length(node)

    assert long == {}


@pytest.mark.parametrize(("pattern", "limit"), [("*.html", TEMPLATE), ("*.css", ASSET), ("*.js", ASSET)])
def test_templates_styles_and_behaviours_are_short(pattern: str, limit: int) -> None:
    long = {name_of(p): n for p in sources(pattern) if (n := len(p.read_text().splitlines())) > limit}

    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in sources("*.py")
        if path.name not in {"apps.py"}
        and path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_nothing_unknown_stands_at_the_top() -> None:
    top = {path.name for path in SOURCES.parents[1].iterdir() if not path.name.startswith(".")} - {"build", "dist"}

    assert top == {
        "LICENSE", "README.md", "bench", "bin", "docs", "pyproject.toml", "requirements.txt", "src", "tests",
    }  # fmt: skip
