"""Text as it enters (cleaned), as it is compared (folded) and as it is searched (tokens).

Textual strips only BEL, BS, VT, FF and CR: an ESC or C1 byte in a client's name would reach the terminal. Text is
therefore cleaned here where it enters, and guarded again where it is drawn (``widgets.guard``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LONGEST_TEXT = 1_000_000
"""Characters kept of one text; more is refused by the field that takes it."""

MOST_MARKS = 4
"""Combining marks kept on one character: no script needs more, and towers of them break terminals."""

LONGEST_WORD = 64
"""Characters of one word that are indexed and searched for."""

# Steers a terminal (C0, C1), turns text round (bidi controls), hides in it (invisible spaces and operators, tags,
# interlinear marks) or is no character (surrogates). Joiners stay: Persian, Hindi and emoji are written with them.
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Where marks live, roughly: what this finds is then looked at character by character.
_MANY_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff\ud7b0-\ud7ff\ufb1e"
    f"\ufe00-\ufe2f\U00010100-\U0001efff\U000e0100-\U000e01ef]{{{MOST_MARKS + 1}}}"
)
_LETTERS = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ŧ": "t",
    "ħ": "h",
    "ŋ": "n",
}


class _Unaccented(dict[int, str | int | None]):
    """What each character becomes once texts are decomposed: marks vanish. Filled as characters are met."""

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        found = None if unicodedata.combining(char) else _LETTERS.get(char, code)
        if len(self) < 5000:  # more than all alphabets; not every sign of Chinese
            self[code] = found
        return found


_UNACCENTED = _Unaccented()
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORDS = bytes(code if chr(code).isalnum() else 32 for code in range(128)).ljust(256)
"""Makes all that is no letter or digit a space. As bytes: that takes a third of the time that a text does."""


@cache
def _cjk() -> re.Pattern[str]:
    """What finds the characters that are a word each; only where there may be one, because making it takes longer than
    all else here."""
    return re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")


def clean(text: str) -> str:
    """Return ``text`` without characters that act on a terminal or disguise what is read; lines are kept."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", _HARMFUL.sub("", _LINE_ENDS.sub("\n", text)))
    return _without_towers(text) if _MANY_MARKS.search(text) else text


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def clean_line(text: str) -> str:
    """Return ``text`` cleaned, on one line, without space at its ends."""
    text = text.strip()
    if text.isascii() and text.isprintable():
        return text
    return clean(text).replace("\t", " ").replace("\n", " ").strip()


def quoted(text: object, most: int = 60) -> str:
    """Return what somebody wrote as a message repeats it: cleaned, on one line, in quotes, cut after ``most``."""
    shown = clean_line(str(text)[: most * 20])
    return f'"{shown if len(shown) <= most else shown[:most].rstrip() + "…"}"'


def fold(text: str) -> str:
    """Return the key by which texts compare equal whatever their case and accents: ``Łódź`` -> ``lodz``."""
    if text.isascii():
        return text.lower()
    # Compatibility forms become capitals again, U+3392 is "MHz": hence the second time.
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return decomposed.translate(_UNACCENTED)


def tokens(text: str) -> list[str]:
    """Return the folded words of ``text`` as the search index keeps them; each CJK character is a word of its own."""
    folded = fold(text)
    if folded.isascii():
        words = folded.encode("ascii").translate(_ASCII_WORDS).decode("ascii").split()
    else:
        words = _WORD.findall(_cjk().sub(r" \1 ", folded))
    if len(folded) <= LONGEST_WORD or max(map(len, words), default=0) <= LONGEST_WORD:
        return words
    return [word[:LONGEST_WORD] for word in words]


def record_id(text: str) -> int | None:
    """Return the id that ``12`` or ``#12`` names, or None for any other text."""
    digits = text.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None
