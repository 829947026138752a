"""Content lines, of which both cards (RFC 6350) and calendars (RFC 5545) are made."""

from __future__ import annotations

from collections.abc import Iterator

from crm_tui.exporters.cells import plain

_OCTETS = 75
ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": None})
"""What text may not hold as it is."""


def line(name: str, value: object) -> Iterator[str]:
    """Yield the line of a property, none where there is nothing to say."""
    if text := plain(value):
        yield f"{name}:{text.translate(ESCAPES)}"


def folded(text: str) -> str:
    """Return the line ended, broken where it would exceed 75 octets, never inside a character."""
    if len(text) <= _OCTETS and text.isascii():
        return f"{text}\r\n"
    pieces: list[str] = []
    room, start, used = _OCTETS, 0, 0
    for at, char in enumerate(text):
        size = len(char.encode("utf-8", "replace"))
        if used + size > room:
            pieces.append(text[start:at])
            room, start, used = _OCTETS - 1, at, 0
        used += size
    pieces.append(text[start:])
    return "\r\n ".join(pieces) + "\r\n"
