"""Letters that nobody sees: they hide words from readers, or make one name look like another.

Sources: Default_Ignorable_Code_Point of the Unicode Character Database; UAX #9 (bidi), UTS #51 (emoji), UTR #25.
"""

from __future__ import annotations

import re

# Zero-width letters and spaces, bidi controls, the soft hyphen, fillers that are drawn as nothing, selectors, tags.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Of scripts whose letters join, or are stacked: there a joiner or non-joiner changes what is seen.
_JOINING = (
    "\u0620-\u06d5\u06ee-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\u1a20-\u1cff\ua840-\uaaff"
    "\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_PICTURES = "\u00a9\u00ae\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SEEN_OR_NOT = re.compile(
    f"(?<=[{_JOINING}])[\u200c\u200d]"
    f"|(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])"
    f"|(?<=[0-9#*\u203c\u2049\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff{_JOINING}{_PICTURES}])[{_SELECTORS}]"
    "|\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{3,6}\U000e007f"  # the flags of Wales and its like
    f"|([{_UNSEEN}]+)"
)
_BLANKS = re.compile("[\u2800]")  # the empty sign of braille


def without_unseen(text: str) -> str:
    """`text` without letters that nobody sees; what shapes words of joining scripts and pictures stays."""
    return _BLANKS.sub(" ", _SEEN_OR_NOT.sub(lambda match: "" if match[1] else match[0], text))
