"""Bytes of a saved page to text: byte order mark, declared charset, UTF-8, then the usual Japanese charsets.

Each candidate must decode the whole page without error; among several that do, the one whose Japanese has the
kana that all running Japanese has is taken. If none does, the one that loses least is used and the lost
characters are counted. Old Japanese pages are the aim; Russian or Chinese legacy charsets need a declaration.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpora.errors import PageRejected

MAX_REPLACED_SHARE = 0.05  # of the characters; more and the text is no longer worth aligning

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
# What browsers read these labels as: pages say the smaller charset and use the larger.
_AS_BROWSERS_DO = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "x-euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "windows-874": "cp874",
    "utf8": "utf-8",
    "unicode": "utf-16",
}
_WIDER = {"euc_jp": "euc_jis_2004", "iso2022_jp": "iso2022_jp_2004", "cp932": "shift_jisx0213"}
_HTML_START = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|\?xml[^>]*\?>\s*<(?:!doctype\s+html|html))\b", re.IGNORECASE
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\x7fELF",
    b"BZh",
    b"RIFF",
)
_CP932_STRAY = re.compile("[\x80\xa0\uf8f0-\uf8f3]")  # what the codec makes of bytes that cp932 does not have
_SAMPLE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was read as, and how many characters could not be read."""

    text: str
    charset: str
    replaced_characters: int = 0


def looks_like_html(data: bytes) -> bool:
    """Whether the first bytes open an HTML document.

    >>> looks_like_html(b"  <!DOCTYPE html><p>"), looks_like_html(b"a <b> c")
    (True, False)
    """
    start = data[:512].replace(b"\x00", b"").removeprefix(codecs.BOM_UTF8).lstrip(b"\xff\xfe \t\r\n")
    return bool(_HTML_START.match(start) or re.match(rb"<!--.*?-->\s*<(?:!doctype|html)", start, re.DOTALL))


def decode(data: bytes, *, is_html: bool = False, declared: str | None = None) -> Decoded:
    """The text in the bytes; raises PageRejected (`binary`, `undecodable`) where there is none to speak of.

    `declared` is the charset that a server named; HTML pages may name one themselves.

    >>> decode("川が、あふれた。".encode("euc_jp"))
    Decoded(text='川が、あふれた。', charset='euc_jp', replaced_characters=0)
    """
    for mark, charset in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_lossy(data, [charset])
    if data.startswith(_MAGIC):
        raise PageRejected("binary", "the file is a document, image or archive, not text or HTML")
    wide = _utf16_without_mark(data)
    if wide:
        return _decode_lossy(data, [wide])
    if _is_binary(data):
        raise PageRejected("binary", "control characters make up much of the file; it is no text")
    declared = _known(declared) or (_declared_charset(data) if is_html else None)
    for charset in _certain_charsets(data, declared):
        text = _strict(data, charset)
        if text is not None:
            return Decoded(text, charset)
    detected = _detect(data)
    if detected:
        return detected
    return _decode_lossy(data, list(dict.fromkeys(("utf-8", declared or "utf-8", "cp932", "euc_jp"))))


def _certain_charsets(data: bytes, declared: str | None) -> Iterator[str]:
    """Charsets that need no second look when they decode everything, surest first."""
    if b"\x1b$" in data and (declared is None or declared.startswith(("iso2022", "iso-2022"))):
        yield from ("iso2022_jp", "iso2022_jp_2004")  # all ASCII bytes, so UTF-8 would accept it too
    if declared and declared != "cp1252":  # cp1252 accepts nearly every byte; UTF-8 does not
        yield declared
        if declared in _WIDER:
            yield _WIDER[declared]
    yield "utf-8"
    if declared == "cp1252" and not _kana_share(_strict(data, "cp932") or "") > 0.2:
        yield declared


def _declared_charset(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    return _known(match[1].decode("ascii", "replace")) if match else None


def _known(label: str | None) -> str | None:
    """The codec that a page or a server means by this name of a charset, if there is one."""
    if not label:
        return None
    label = label.lower()
    try:
        name = codecs.lookup(_AS_BROWSERS_DO.get(label, label)).name
    except LookupError:
        return None
    if name.startswith(("utf-16", "utf-32")):  # readable as ASCII, or we would not have found the label
        return "utf-8"
    return name if codecs.lookup(name)._is_text_encoding else None


def _detect(data: bytes) -> Decoded | None:
    """Undeclared legacy text: Japanese if it has kana enough, else Western if most of it is ASCII."""
    best: tuple[float, Decoded] | None = None
    for charset in ("euc_jp", "cp932", "euc_jis_2004"):
        text = _strict(data, charset)
        if text is None:
            continue
        share = _kana_share(text)
        if share > 0.2 and (best is None or share > best[0]):
            best = (share, Decoded(text, charset))
    if best:
        return best[1]
    foreign = sum(byte >= 0x80 for byte in data[:_SAMPLE_BYTES])
    text = _strict(data, "cp1252")
    if text is not None and foreign <= 0.1 * len(data[:_SAMPLE_BYTES]):
        return Decoded(text, "cp1252")
    return None


def _kana_share(text: str) -> float:
    """Hiragana among the non-ASCII characters: a third in Japanese, next to none in what is misread."""
    foreign = [character for character in text[:_SAMPLE_BYTES] if character > "\x7f"]
    hiragana = sum("\u3041" <= character <= "\u3096" or character in "、。「」" for character in foreign)
    misread = sum("\uff61" <= character <= "\uff9f" or "\ue000" <= character <= "\uf8ff" for character in foreign)
    return (hiragana - misread) / len(foreign) if foreign else 0.0


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4096]
    if len(sample) < 8 or len(data) % 2:
        return None
    even, odd = sample[0::2], sample[1::2]
    if odd.count(0) > 0.3 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.3 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    for charset, high in (("utf-16-le", odd), ("utf-16-be", even)):
        kana_rows = sum(byte == 0x30 for byte in high)  # U+3000 to U+30FF
        if kana_rows > 0.3 * len(high) and _kana_share(_strict(data, charset) or "") > 0.2:
            return charset
    return None


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE_BYTES]
    control = sum(byte < 0x20 and byte not in b"\t\n\r\x0c\x1b" for byte in sample)
    return control > 0.1 * len(sample)


def _strict(data: bytes, charset: str) -> str | None:
    try:
        text = data.decode(charset)
    except (UnicodeError, LookupError):
        return None
    return None if charset == "cp932" and _CP932_STRAY.search(text) else text


def _decode_lossy(data: bytes, charsets: list[str]) -> Decoded:
    """The reading that loses least; the first of the charsets wins a tie."""
    readings = []
    for charset in charsets:
        text = data.decode(charset, "replace")
        if charset == "cp932":
            text = _CP932_STRAY.sub("\ufffd", text)
        if charset == charsets[0] or _kana_share(text) > 0.2:
            readings.append((text, charset))
    kept = data.count("\ufffd".encode())
    text, charset = min(readings, key=lambda reading: reading[0].count("\ufffd"))
    replaced = text.count("\ufffd") - (kept if charset.startswith("utf-8") else 0)
    if replaced > MAX_REPLACED_SHARE * len(text):
        raise PageRejected(
            "undecodable",
            f"{replaced} of {len(text)} characters cannot be read as {charset}; save the page as UTF-8",
        )
    return Decoded(text, charset, replaced)
