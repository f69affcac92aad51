"""The promise dial: a shape for each state, told apart without colour."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_SMALLEST = 4  # per cent of the ring that always stays visible

_HANDS = '<path class="hand" d="M10 6.4V10l2.4 1.5"/>'
_ARROW = '<path class="hand" d="M7 10h6M10.8 7.6 13.2 10l-2.4 2.4"/>'
_TRACK = '<circle class="tr" cx="10" cy="10" r="8"/>'
_TURN = 'transform="rotate(-90 10 10)"'
_RING = f'<circle class="pg" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="{{}} 100" {_TURN}/>'
_DISC = '<circle class="fill" cx="10" cy="10" r="9"/>'

_SVG = '<svg class="dial" viewBox="0 0 20 20" aria-hidden="true" focusable="false">%s</svg>'
_RUNNING = _SVG % (_TRACK + _RING + _HANDS)
_SHAPES = {
    "open": _RUNNING,
    "soon": _RUNNING,
    "moved": _SVG % (_TRACK + _RING + _ARROW),
    "late": _SVG % (_DISC + '<path class="gl" d="M10 5.5v5.2M10 14.2v.01" stroke-width="2.4"/>'),
    "kept": _SVG % (_DISC + '<path class="gl" d="m6 10.4 2.8 2.8 5.2-6"/>'),
    "std": _SVG % '<circle class="dash" cx="10" cy="10" r="8"/>',
}


def dial(state: str, left: int = 72) -> SafeString:
    """The drawing for `open`, `soon`, `late`, `kept`, `moved` or `std`; `left` is the per cent of the span left.

    Raises KeyError for another state.
    """
    return format_html(_SHAPES[state], max(_SMALLEST, min(int(left), 100)))
