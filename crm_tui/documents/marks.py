"""What a line of a document leads to: ``→ T-88`` is the task that was made of it, ``← D-7`` the document it came from.

The marks stand in the text, at the end of the line, so that they go where the line goes: when lines are arranged,
copied, written to a file and read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

TASK, ITEM, DOCUMENT = "T", "C", "D"
"""The letters of tasks, checklist items and documents."""

_MARK = re.compile(r"(?P<way>→|←|->|<-)\s*(?P<letter>[TCD])-(?P<id>\d{1,12})(?!\w)")
_LAST = re.compile(r"(?:\s*(?:→|←|->|<-)\s*[TCD]-\d{1,12}(?!\w))+\s*$")
_RAISED = re.compile(r"^\s*(?:[-*+]\s+)?(?:\d{1,2}:\d{2}\s+)?(?P<mark>[!?>])(?![!?>=])\s*(?P<text>\S.*)$")

REQUIREMENT, QUESTION, TO_DO = "!", "?", ">"
"""How lines of notes begin that become something."""


class Mark(NamedTuple):
    """Where a line leads, or where it comes from."""

    letter: str
    id: int
    forward: bool
    """Whether something was made of the line; else the line was made of something."""

    def __str__(self) -> str:
        return f"{'→' if self.forward else '←'} {self.letter}-{self.id}"


class Raised(NamedTuple):
    """A line of notes that becomes something."""

    mark: str
    text: str
    """Without its marks."""
    line: int
    """Its place in the text, from 0."""


def marks(text: str) -> list[Mark]:
    """Return where a line leads."""
    return [Mark(one["letter"], int(one["id"]), one["way"] in ("→", "->")) for one in _MARK.finditer(text)]


def made(text: str) -> list[Mark]:
    """Return what was made of a line: tasks and items of checklists."""
    return [mark for mark in marks(text) if mark.forward and mark.letter != DOCUMENT]


def without(text: str) -> str:
    """Return a line without the marks at its end."""
    return _LAST.sub("", text).rstrip()


def marked(text: str, mark: Mark) -> str:
    """Return a line that leads somewhere, too."""
    return f"{text.rstrip()} {mark}"


def raised(body: str) -> list[Raised]:
    """Return the lines of notes that are to become something and have not yet."""
    found = []
    for at, line in enumerate(body.split("\n")):
        match = _RAISED.match(line)
        if match and not any(mark.forward for mark in marks(line)):
            found.append(Raised(match["mark"], without(match["text"]).strip(), at))
    return [one for one in found if one.text]


def questions(bodies: Iterable[str]) -> int:
    """Return how many lines are questions that nobody answered: an answer stands indented below its question, or the
    line is taken away."""
    count = 0
    for body in bodies:
        lines = body.split("\n")
        for at, line in enumerate(lines):
            match = _RAISED.match(line)
            if match and match["mark"] == QUESTION:
                below = lines[at + 1] if at + 1 < len(lines) else ""
                count += not below.startswith(("  ", "\t")) and not any(one.forward for one in marks(line))
    return count
