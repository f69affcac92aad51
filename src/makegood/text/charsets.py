"""Bytes to text: real charsets only, the label's superset first, then what the bytes themselves say."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

from makegood.text import detection, iso2022jp

SAMPLE_BYTES = 8 * 1024  # what the detector is shown; its time grows with the length
MAX_LABEL_LENGTH = 60

# Names as normalised by `_key` (lower case, letters and digits only). Value: the Python codec to use, which is the
# superset that senders in fact write (WHATWG Encoding Standard, section 4.2, does the same).
# fmt: off
CHARSETS: dict[str, str] = {
    "utf8": "utf-8", "unicode11utf8": "utf-8", "utf8mb4": "utf-8", "unicode20utf8": "utf-8", "cp65001": "utf-8",
    "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "unicode": "utf-16", "ucs2": "utf-16",
    "utf32": "utf-32", "utf32le": "utf-32-le", "utf32be": "utf-32-be", "utf7": "utf-7", "unicode11utf7": "utf-7",
    "usascii": "utf-8", "ascii": "utf-8", "ansix341968": "utf-8", "iso646us": "utf-8", "646": "utf-8",
    "iso88591": "cp1252", "latin1": "cp1252", "l1": "cp1252", "iso885911987": "cp1252", "cp819": "cp1252",
    "windows1252": "cp1252", "cp1252": "cp1252", "xansi": "cp1252", "ansi": "cp1252", "iso885915": "iso8859-15",
    "latin9": "iso8859-15", "iso88592": "iso8859-2", "latin2": "iso8859-2", "windows1250": "cp1250", "cp1250": "cp1250",
    "iso88593": "iso8859-3", "iso88594": "iso8859-4", "iso88595": "iso8859-5", "iso88596": "iso8859-6",
    "iso88596i": "iso8859-6", "iso88596e": "iso8859-6", "iso88597": "iso8859-7", "greek": "iso8859-7",
    "iso88598": "iso8859-8", "iso88598i": "iso8859-8", "iso88598e": "iso8859-8", "logical": "iso8859-8",
    "visual": "iso8859-8", "iso88599": "cp1254", "latin5": "cp1254", "iso885910": "iso8859-10",
    "iso885911": "cp874", "iso885913": "iso8859-13", "iso885914": "iso8859-14", "iso885916": "iso8859-16",
    "windows1251": "cp1251", "cp1251": "cp1251", "win1251": "cp1251", "windows1253": "cp1253", "cp1253": "cp1253",
    "windows1254": "cp1254", "cp1254": "cp1254", "windows1255": "cp1255", "cp1255": "cp1255",
    "windows1256": "cp1256", "cp1256": "cp1256", "windows1257": "cp1257", "cp1257": "cp1257",
    "windows1258": "cp1258", "cp1258": "cp1258", "windows874": "cp874", "cp874": "cp874", "tis620": "cp874",
    "koi8r": "koi8-r", "koi8": "koi8-r", "koi8u": "koi8-u", "koi8ru": "koi8-u", "koi8t": "koi8-t", "cp866": "cp866",
    "ibm866": "cp866", "ibm437": "cp437", "cp437": "cp437", "ibm850": "cp850", "cp850": "cp850", "ibm852": "cp852",
    "cp852": "cp852", "cp858": "cp858", "macintosh": "mac_roman", "macroman": "mac_roman", "mac": "mac_roman",
    "xmacroman": "mac_roman", "xmaccyrillic": "mac_cyrillic", "maccyrillic": "mac_cyrillic",
    "xmacce": "mac_latin2", "ptcp154": "ptcp154", "kz1048": "kz1048", "armscii8": "cp1252",
    "gb2312": "gb18030", "gb231280": "gb18030", "isogb2312": "gb18030", "euccn": "gb18030", "xeuccn": "gb18030",
    "gbk": "gb18030", "xgbk": "gb18030", "cp936": "gb18030", "windows936": "gb18030", "ms936": "gb18030",
    "gb18030": "gb18030", "xgb18030": "gb18030", "csgb2312": "gb18030", "chinese": "gb18030",
    "csiso58gb231280": "gb18030", "hz": "hz", "hzgb2312": "hz", "iso2022cn": "gb18030",
    "big5": "cp950", "xbig5": "cp950", "xxbig5": "cp950", "csbig5": "cp950", "cp950": "cp950", "windows950": "cp950",
    "big5hkscs": "big5hkscs", "big5eten": "cp950",
    "shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "mskanji": "cp932", "windows31j": "cp932",
    "cp932": "cp932", "ms932": "cp932", "csshiftjis": "cp932", "cswindows31j": "cp932", "shiftjisx0213": "cp932",
    "eucjp": "euc_jp", "xeucjp": "euc_jp", "ujis": "euc_jp", "cp51932": "euc_jp", "eucjpms": "euc_jp",
    "iso2022jp": "iso-2022-jp", "iso2022jp1": "iso-2022-jp", "iso2022jp2": "iso-2022-jp",
    "iso2022jp3": "iso-2022-jp", "iso2022jpms": "iso-2022-jp", "iso2022jpext": "iso-2022-jp",
    "csiso2022jp": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "cp50222": "iso-2022-jp",
    "jis": "iso-2022-jp",
    "euckr": "cp949", "xeuckr": "cp949", "ksc56011987": "cp949", "ksc5601": "cp949", "ksc5601987": "cp949",
    "ksx1001": "cp949", "korean": "cp949", "cp949": "cp949", "uhc": "cp949", "windows949": "cp949", "ms949": "cp949",
    "xwindows949": "cp949", "iso2022kr": "iso2022_kr", "johab": "johab",
    "viscii": "cp1258", "tcvn": "cp1258",
}
# fmt: on
_RELATED = {
    "iso-2022-jp": ("cp932", "euc_jp"),
    "cp932": ("euc_jp", "iso-2022-jp"),
    "euc_jp": ("cp932", "iso-2022-jp"),
    "gb18030": ("cp950",),
    "cp950": ("big5hkscs", "gb18030"),
    "hz": ("gb18030",),
    "iso2022_kr": ("cp949",),
}
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
_STATEFUL = ("iso-2022-jp", "hz", "iso2022_kr", "utf-7")
_MANY_BYTED = ("utf-8", "gb18030", "cp950", "cp932", "euc_jp", "cp949")
_DETECTABLE = ["cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "gb18030", "big5",
               "cp932", "euc_jp", "cp949", "cp874"]  # fmt: skip
_META = re.compile(
    rb"<(?:meta|\?xml)\s[^>]{0,300}?(?:charset|encoding)\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.\-]{2,40})", re.I
)
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without NUL and lone surrogates; `guessed` when neither the label nor plain UTF-8 explained the bytes."""

    text: str
    charset: str
    guessed: bool


def known(label: str) -> str:
    """The codec for a charset label, by way of its superset; empty when the label names no real charset."""
    return CHARSETS.get(re.sub(r"[^a-z0-9]", "", label[:MAX_LABEL_LENGTH].lower()), "")


def clean(text: str) -> str:
    """Without NUL and lone surrogates: both are replaced by U+FFFD."""
    return _NOT_TEXT.sub("\ufffd", text)


def decode(content: bytes, label: str = "", *, html: bool = False, hint: str = "") -> Decoded:
    """The text of `content`.

    Tried strictly and in this order: the label's superset, its relatives, UTF-8, the meta tag when `html`, `hint` (the
    charset of the text beside it), what the detector says; then cp1252 with replacements, which never fails.
    """
    codec = _believable(content, known(label), html=html)
    if content.isascii() and codec not in _STATEFUL and b"\x1b" not in content:
        return Decoded(clean(content.decode("ascii")), codec or "utf-8", False)
    for candidate, guessed in _candidates(content, codec, html=html, hint=known(hint)):
        text = _strictly(content, candidate)
        if text is not None:
            return Decoded(clean(text.removeprefix("\ufeff")), candidate, guessed)
    return Decoded(clean(content.decode("cp1252", "replace")), "cp1252", True)


def _believable(content: bytes, codec: str, *, html: bool) -> str:
    """The codec of the label, unless the first bytes prove it wrong."""
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" in content[:200]:
        return "utf-16"
    if codec in _WIDE and b"\0" not in content[:200]:
        return ""
    if codec == "utf-7" and html:  # UTF-7 in HTML has only ever served to smuggle tags past filters
        return ""
    return codec


def _candidates(content: bytes, codec: str, *, html: bool, hint: str) -> Iterator[tuple[str, bool]]:
    """Codecs to try strictly, likeliest first, each with whether it is a guess."""
    if codec in ("", "utf-8") and b"\x1b" in content:
        yield "iso-2022-jp", True
    if codec == "cp1252":  # bytes beyond ASCII that are valid UTF-8 were never meant as Latin-1
        yield "utf-8", True
    if codec:
        yield codec, False
        yield from ((related, True) for related in _RELATED.get(codec, ()))
    yield "utf-8", bool(codec)
    if codec in _MANY_BYTED and _is_nearly(content, codec):
        yield f"{codec}:replace", True
    if html:
        yield _meta_charset(content), True
    yield hint, True
    detected = _detect(content)
    yield detected, True
    yield f"{detected}:replace", True


def _is_nearly(content: bytes, codec: str) -> bool:
    """Is this text of a many-byted charset in which a few bytes were damaged or cut off?"""
    text = content[: 4 * SAMPLE_BYTES].decode(codec, "replace")
    beyond = sum(1 for letter in text if letter > "\x7f")
    return text.count("\ufffd") * 8 <= beyond


def _meta_charset(content: bytes) -> str:
    found = _META.search(content, 0, 4096)
    codec = known(found.group(1).decode("ascii")) if found else ""
    return "" if codec in _WIDE or codec == "utf-7" else codec


def _detect(content: bytes) -> str:
    """What a sample made of the lines that are not ASCII looks like."""
    lines = b"\n".join(line for line in content[: 16 * SAMPLE_BYTES].splitlines() if not line.isascii())
    sample = lines[:SAMPLE_BYTES]
    likeliest = detection.likeliest(sample)
    if likeliest:
        return known(likeliest)
    best = from_bytes(sample, cp_isolation=_DETECTABLE, enable_fallback=False).best()
    return known(best.encoding) if best else ""


def _strictly(content: bytes, codec: str) -> str | None:
    name, _, errors = codec.partition(":")
    if not name:
        return None
    try:
        if name == "iso-2022-jp":
            return iso2022jp.decode(content)
        return content.decode(name, errors or "strict")
    except UnicodeError:
        return None
