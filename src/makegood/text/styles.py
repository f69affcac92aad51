"""The few style declarations a sender may set: a list of properties, each with the values it may have."""

import re

_COLOUR = r"#[0-9a-f]{3,8}|[a-z]{1,30}"
_LENGTH = r"(?:\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(?:px|pt|em|rem|ex|ch|in|cm|mm|pc|%)?"
_LENGTHS = rf"(?:{_LENGTH}|auto|normal|inherit|initial)(?: (?:{_LENGTH}|auto)){{0,3}}"
_BORDER = rf"(?:{_LENGTH}|{_COLOUR})(?: (?:{_LENGTH}|{_COLOUR})){{0,4}}"
_WORDS = r"[a-z-]{1,30}(?: [a-z-]{1,30}){0,3}"
_SIDES = ("", "-top", "-right", "-bottom", "-left")

_LAYOUT = {
    **dict.fromkeys((f"margin{side}" for side in _SIDES), _LENGTHS),
    **dict.fromkeys((f"padding{side}" for side in _SIDES), _LENGTHS),
    **dict.fromkeys((f"border{side}" for side in _SIDES), _BORDER),
    **dict.fromkeys(("border-width", "border-style", "border-color"), _BORDER),
    "border-collapse": _WORDS,
    "border-spacing": _LENGTHS,
    "border-radius": _LENGTHS,
    "line-height": _LENGTHS,
    "white-space": r"normal|nowrap|pre|pre-wrap|pre-line|break-spaces",
    "word-break": _WORDS,
    "overflow-wrap": _WORDS,
    "direction": r"ltr|rtl",
    "list-style-type": _WORDS,
}
_LOOK = {
    **dict.fromkeys(("width", "min-width", "max-width", "height", "min-height", "max-height"), _LENGTHS),
    **dict.fromkeys(("color", "background-color", "background"), _COLOUR),
    "display": r"none|block|inline|inline-block|table|table-row|table-cell|list-item",
    "font-family": r"[\w -]{1,60}(?:, ?[\w -]{1,60}){0,15}",
    "font-size": rf"{_LENGTH}|{_WORDS}",
    "font-style": _WORDS,
    "font-weight": r"\d{3}|[a-z]{1,10}",
    "font-variant": _WORDS,
    "letter-spacing": _LENGTHS,
    "text-align": _WORDS,
    "text-decoration": _WORDS,
    "text-transform": _WORDS,
    "vertical-align": rf"{_LENGTH}|{_WORDS}",
}
PROPERTIES = frozenset(_LAYOUT | _LOOK)
PROPERTIES_WITHOUT_LOOK = frozenset(_LAYOUT)
"""Those that a letter may lose without looking different in kind."""

_is_value = {name: re.compile(pattern).fullmatch for name, pattern in (_LAYOUT | _LOOK).items()}
_RGB = re.compile(r"rgb\( ?(\d{1,3}) ?, ?(\d{1,3}) ?, ?(\d{1,3}) ?\)")
_MOST_LETTERS = 4_000


def safe_style(style: str) -> str:
    """Declarations that are on the list, with values that are; "" when none is. Never (, ), \\, @ or a position."""
    kept = []
    for declaration in style[:_MOST_LETTERS].split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        is_value = _is_value.get(name)
        if is_value is None:
            continue
        value = " ".join(value.replace("!important", "").replace('"', "").replace("'", "").split())
        if name != "font-family":
            value = _RGB.sub(_hexadecimal, value.lower())
        if is_value(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _hexadecimal(match: re.Match[str]) -> str:
    """`rgb(1, 2, 3)` without its parentheses."""
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in match.groups())
