"""What may not stand in the sources: code made of data, markup made of words, archives opened (docs/trust.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.test_sizes import name_of, sources

# Each may stand in these modules alone, which have been read with care.
IMPORTS = {
    **dict.fromkeys(("pickle", "marshal", "shelve", "dill", "yaml", "code", "codeop"), frozenset[str]()),
    # Archives of strangers are never opened; these are our own backups, and an installed package's.
    "tarfile": frozenset({"project/safekeeping.py"}),
    "zipfile": frozenset({"web/building/icons.py"}),
    **dict.fromkeys(("gzip", "bz2", "lzma", "zipimport"), frozenset[str]()),
}
CALLS = {
    **dict.fromkeys(("eval", "exec", "compile", "mark_safe", "system", "popen"), frozenset[str]()),
    "SafeString": frozenset({"web/sanitised.py"}),
}
IN_TEMPLATES = re.compile(r"\|\s*safe(?:seq)?\b|\{%-?\s*autoescape|\son[a-z]{3,}\s*=|javascript:", re.IGNORECASE)
IN_BEHAVIOURS = re.compile(
    r"\b(?:(?:inner|outer)HTML|insertAdjacentHTML|document\.write(?:ln)?|createContextualFragment|parseFromString"
    r"|setHTMLUnsafe|srcdoc|eval|Function)\b"
)


def forbidden_in(module: ast.Module, name: str) -> list[str]:
    """What a Python module holds and may not."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            tops = {one.partition(".")[0] for one in names} & IMPORTS.keys()
            found += [f"import {top}" for top in tops if name not in IMPORTS[top]]
        elif isinstance(node, ast.Call):
            called = _last_name(node.func)
            if called in CALLS and name not in CALLS[called] and not _is_of_re(node.func):
                found.append(called)
            found += ["shell=True" for word in node.keywords if word.arg == "shell" and not _is_false(word.value)]
    return found


def _last_name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _is_of_re(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def test_no_module_runs_data_or_shows_it_unescaped_or_opens_archives() -> None:
    found = {name_of(path): forbidden_in(ast.parse(path.read_text()), name_of(path)) for path in sources("*.py")}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import pickle", "import pickle"), ("from pickle import loads", "import pickle"),
        ("import yaml", "import yaml"), ("from zipfile import ZipFile", "import zipfile"),
        ("import tarfile", "import tarfile"), ("eval(words)", "eval"), ("builtins.exec(words)", "exec"),
        ("compile(words, '', 'exec')", "compile"), ("run(words, shell=True)", "shell=True"),
        ("run(words, shell=yes)", "shell=True"), ("os.system(words)", "system"), ("mark_safe(words)", "mark_safe"),
        ("SafeString(words)", "SafeString"), ("safestring.mark_safe(words)", "mark_safe"),
    ],
)  # fmt: skip
def test_each_of_them_is_found(code: str, what: str) -> None:
    assert forbidden_in(ast.parse(code), "made/up.py") == [what]


@pytest.mark.parametrize(("pattern", "forbidden"), [("*.html", IN_TEMPLATES), ("*.js", IN_BEHAVIOURS)])
def test_no_template_and_no_behaviour_makes_markup_of_words(pattern: str, forbidden: re.Pattern[str]) -> None:
    paths = sources(pattern)
    found = {name_of(path): forbidden.findall(path.read_text()) for path in paths}

    assert paths
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("forbidden", "line"),
    [
        (IN_TEMPLATES, "{{ name|safe }}"), (IN_TEMPLATES, "{{ name | safeseq }}"),
        (IN_TEMPLATES, "{% autoescape off %}"), (IN_TEMPLATES, '<a onclick="go()">'),
        (IN_TEMPLATES, '<a href="javascript:go()">'), (IN_BEHAVIOURS, "box.innerHTML = words"),
        (IN_BEHAVIOURS, "box.insertAdjacentHTML('beforeend', words)"), (IN_BEHAVIOURS, "new Function(words)"),
        (IN_BEHAVIOURS, "document.write(words)"), (IN_BEHAVIOURS, "frame.srcdoc = words"),
    ],
)  # fmt: skip
def test_each_of_those_is_found_too(forbidden: re.Pattern[str], line: str) -> None:
    assert forbidden.search(line)


def test_what_may_stand_somewhere_stands_there() -> None:
    """A place that no longer needs its leave loses it."""
    unused = [
        (word, name)
        for word, names in {**IMPORTS, **CALLS}.items()
        for name in names
        if word not in (Path(__file__).parents[1] / "src" / "makegood" / name).read_text()
    ]

    assert unused == []
