"""How a text file is written: its encoding, found by reading all of it, and its delimiter, found in its beginning."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _

SAMPLE = 65_536
"""Characters from the beginning of a file that decide its delimiter."""

DELIMITERS = ("\t", ";", "|", ",")
"""What is looked for; of two that split alike the first, for commas also stand in numbers and sentences."""

DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 LE with BOM"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 BE with BOM"),
)
_SINGLE_BYTE = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
}
_KNOWN = ("utf-8", "utf-16", "windows-1252", "windows-1250", "iso-8859-1", "iso-8859-2", "cp850", "mac_roman")
_BINARY = (
    b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF",
    b"SQLite format 3", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_AT_HOME_IN_WORDS = "“”‘’«»–—…·ªº°®™©"
_NON_ASCII = re.compile("[^\x00-\x7f]")
_NON_ASCII_BYTE = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Charset:
    """The encoding of a file: the codec that reads it, what it is called, and how many lines it has (about)."""

    codec: str
    label: str
    lines: int = 0
    flawless: bool = False
    """Whether every byte is known to stand for a character."""


def looks_binary(head: bytes) -> bool:
    """Whether the first bytes of a file are not text in any encoding that is read here."""
    if head.startswith(_BINARY):
        return True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or _wide(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls > 4 and controls * 10 > len(head)


def charset_of(path: Path, chosen: str | None = None) -> Charset:
    """Return the encoding of a file: the ``chosen`` one, else by its BOM, its NULs, or whether all of it is UTF-8.

    What is not UTF-8 is in one of the single-byte encodings of Western and Central Europe: the one in which its
    words look most like words. Raises BadInput for an encoding that does not exist.
    """
    with path.open("rb") as handle:
        head = handle.read(SAMPLE)
        if chosen:
            return Charset(*_chosen(chosen, head), lines=_lines(handle, head))
        for bom, codec, label in _BOMS:
            if head.startswith(bom):
                return Charset(codec, label, _lines(handle, head))
        if wide := _wide(head):
            return Charset(*wide, lines=_lines(handle, head))
        handle.seek(0)
        return _utf8_or_single_byte(handle)


def _chosen(name: str, head: bytes) -> tuple[str, str]:
    try:
        "".encode(name)
        codec = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        known = ", ".join(_KNOWN)
        raise BadInput(
            _('there is no encoding "{name}"; use one of {known}.').format(name=name, known=known)
            + nearest(name, _KNOWN)
        ) from error
    for bom, with_bom, label in _BOMS:
        if head.startswith(bom) and codec == with_bom.removesuffix("-sig"):
            return with_bom, label
    return codec, codec.upper()


def _lines(handle: BinaryIO, head: bytes) -> int:
    count = _ends(head)
    while chunk := handle.read(_CHUNK):
        count += _ends(chunk)
    return count


def _ends(chunk: bytes) -> int:
    return chunk.count(b"\n") or chunk.count(b"\r")


def _wide(head: bytes) -> tuple[str, str] | None:
    """Recognise UTF-16 without BOM by the NULs that every second byte of Latin text then is."""
    half = len(head) // 2
    if half < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 3 > half and even * 20 < half:
        return "utf-16-le", "UTF-16 LE"
    if even * 3 > half and odd * 20 < half:
        return "utf-16-be", "UTF-16 BE"
    return None


def _utf8_or_single_byte(handle: BinaryIO) -> Charset:
    """Read the whole file: UTF-8 when that explains more of its bytes than it leaves, however late they come."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    lines = good = bad = 0
    telling = b""
    while chunk := handle.read(_CHUNK):
        lines += _ends(chunk)
        text = decoder.decode(chunk)
        if text.isascii():
            continue
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        undecoded = len(text) - len(text.encode("utf-8", "ignore").decode("utf-8"))
        good, bad = good + beyond_ascii - undecoded, bad + undecoded
        if len(telling) < 4 * SAMPLE and (first := _NON_ASCII_BYTE.search(chunk)):
            telling += chunk[max(0, first.start() - 80) : first.start() + SAMPLE]
    bad += len(decoder.decode(b"", final=True))
    if good >= bad:
        return Charset("utf-8", "UTF-8", lines, flawless=not bad)
    codec = min(_SINGLE_BYTE, key=_strangeness(telling))
    return Charset(codec, _SINGLE_BYTE[codec], lines)


def _strangeness(sample: bytes) -> Callable[[str], float]:
    """Return how unlike words each encoding makes a sample; Windows-1252 unless another is far better."""

    def score(codec: str) -> float:
        text = sample.decode(codec, errors="replace")
        strange = 0
        for match in _NON_ASCII.finditer(text):
            at, char = match.start(), match.group()
            before, after = text[at - 1 : at], text[at + 1 : at + 2]
            if char == "\ufffd":
                strange += 3
            elif char.isalpha():
                strange += char.isupper() and before.islower()
            elif char not in _AT_HOME_IN_WORDS:
                strange += before.isalpha() or after.isalpha()
        return strange if codec == "cp1252" else strange * 2 + 0.5

    return score


def delimiter_named(text: str) -> str:
    """Return the delimiter a person names: one character, or ``tab``, ``comma``, ``semicolon``, ``pipe``."""
    delimiter = DELIMITER_NAMES.get(text.strip().lower(), text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        names = ", ".join(DELIMITER_NAMES)
        raise BadInput(
            _('"{text}" is no delimiter; give one character, or a name: {names}').format(text=text, names=names)
        )
    return delimiter


def delimiter_of(sample: str) -> str:
    """Return the delimiter that splits the beginning of a file most evenly, quotes respected; ``,`` in doubt.

    The first row is taken to name the columns, so what does not occur in it is no delimiter.
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter)
        if not widths or widths[0] < 2:
            continue
        rows = widths[1:] or widths
        even = sum(1 for width in rows if width == widths[0]) / len(rows)
        score = (round(even, 1), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str) -> list[int]:
    """Return how many cells each row of the sample has."""
    rows: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    with suppress(csv.Error):
        for cells in reader:
            if any(cells):
                rows.append(len(cells))
    return rows
