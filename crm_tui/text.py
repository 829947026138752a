"""Text as it enters (cleaned), as it is compared (folded) and as it is searched (tokens).

Textual strips only BEL, BS, VT, FF and CR: an ESC or C1 byte in a client's name would reach the terminal. Text is
therefore cleaned here where it enters, and guarded again where it is drawn (``widgets.guard``).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 1_000_000
"""Characters kept of one text; more is refused by the field that takes it."""

MOST_MARKS = 4
"""Combining marks kept on one character: no script needs more, and towers of them break terminals."""

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0483-\u0489]{5,}")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t", "ħ": "h", "ŋ": "n"}
)
_CJK = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_WORD = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """Return ``text`` without characters that act on a terminal or disguise what is read; lines are kept."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFC", _HARMFUL.sub("", text))
    return _MARKS.sub(lambda marks: marks.group()[:MOST_MARKS], text)


def clean_line(text: str) -> str:
    """Return ``text`` cleaned, on one line, without space at its ends."""
    text = text.strip()
    if text.isascii() and text.isprintable():
        return text
    return " ".join(clean(text).replace("\t", " ").split("\n")).strip()


def fold(text: str) -> str:
    """Return the key by which texts compare equal whatever their case and accents: ``Łódź`` -> ``lodz``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return kept.translate(_LETTERS)


def tokens(text: str) -> list[str]:
    """Return the folded words of ``text`` as the search index keeps them; each CJK character is a word of its own."""
    folded = fold(text)
    if not folded.isascii():
        folded = _CJK.sub(r" \1 ", folded)
    return [word[:64] for word in _WORD.findall(folded)]
