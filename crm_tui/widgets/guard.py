"""The last gate before the terminal: no character of anybody's data may steer it, hide text or shift a column.

Textual draws what it is given. An ESC in a client's name would set the clipboard, a bidi override would turn a line
round, an emoji sequence would be measured as two cells and drawn as six. ``TerminalGuard`` sees every line of every
widget; ``one_line`` and ``safe_content`` are for text on its way into a widget, where its width is not settled yet.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

REPLACEMENT = "·"
"""Stands for a dangerous character that Textual has given a cell of its own."""

MOST_MARKS = 4
"""Characters without width kept after a visible one: more is a tower that spills over its neighbours."""

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_FIRST_FLAG_LETTER = 0x1F1E6

# Steers the terminal or deceives the reader: C0, C1, bidi controls, line separators, invisible spaces and operators,
# interlinear marks, lone surrogates, tags.
_HOSTILE = (
    "\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
# Terminals disagree about the cells these take: joiner, variation selectors, flag letters, skin tones.
_UNSTEADY = "\u200d\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff"
_SUSPECT = re.compile(f"[{_HOSTILE}{_UNSTEADY}]")
# Where characters without width live; roughly, since what it finds is then looked at one by one.
_MANY_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u1dff\u200b-\u200f\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff"
    "\ud7b0-\ud7ff\ufb1e\ufe00-\ufe2f\U00010100-\U0001efff\U000e0100-\U000e01ef]{5}"
)
_SPACE = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_DROPPED_BEFORE_MEASURING = {ord(_JOINER): None, 0xFE0E: None, ord(_EMOJI_STYLE): None}


@lru_cache(2048)
def defuse(text: str) -> str:
    """Return ``text`` without what may harm, in exactly the cells Textual believes it takes; itself if harmless."""
    if not (_SUSPECT.search(text) or _MANY_MARKS.search(text)):
        return text
    kept: list[str] = []
    marks = 0
    visible = ""
    characters = iter(text)
    for character in characters:
        if character == _JOINER:
            next(characters, None)  # Textual counts nothing for what is joined, so nothing of it is drawn
        elif character == _EMOJI_STYLE:
            if visible and cell_len(visible + _EMOJI_STYLE) > cell_len(visible):
                kept.append(" ")  # Textual counts a second cell; the character without its selector fills only one
            visible = ""
        elif width := get_character_cell_size(character):
            marks = 0
            visible = character
            kept.append(_stand_in(character, width) if _SUSPECT.match(character) else character)
        elif not _SUSPECT.match(character) and marks < MOST_MARKS:
            marks += 1
            kept.append(character)
    return "".join(kept)


def _stand_in(character: str, width: int) -> str:
    """Return what is drawn for a suspect character that has ``width`` cells; a flag becomes its two letters."""
    letter = ord(character) - _FIRST_FLAG_LETTER
    return chr(ord("A") + letter) if 0 <= letter < 26 else REPLACEMENT * width


def one_line(text: str) -> str:
    """Return ``text`` as one harmless line whose width every terminal agrees about; breaks and tabs become a space."""
    if text.isascii() and text.isprintable():
        return text
    return defuse(_SPACE.sub(" ", text).translate(_DROPPED_BEFORE_MEASURING))


def safe_content(text: str) -> Content:
    """Return data as Textual content: never read as markup, lines kept, nothing in it that acts on the terminal."""
    if text.isascii() and text.isprintable():
        return Content(text)
    return Content("\n".join(one_line(line.expandtabs(4)) for line in text.splitlines()))


def _harmless(text: str, style: Style | None) -> bool:
    """Tell whether a segment may go to the terminal as it is; a link's address goes there too."""
    if not (text.isascii() and text.isprintable()) and defuse(text) != text:
        return False
    return style is None or not style.link or (style.link.isascii() and style.link.isprintable())


class TerminalGuard(LineFilter):
    """Defuses every line that any widget draws; for ``App.get_line_filters``, as the last filter.

    Lines keep their width. Textual keeps the filtered line beside the line, so each is looked at once.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return ``segments`` themselves when harmless, else a list with harmless text and no doubtful link."""
        if all(_harmless(text, style) for text, style, _ in segments):
            return segments
        return [self._defused(segment) for segment in segments]

    @staticmethod
    def _defused(segment: Segment) -> Segment:
        text, style, _ = segment
        if _harmless("", style):
            return Segment(defuse(text), style)
        return Segment(defuse(text), style.update_link(None) if style is not None else None)
