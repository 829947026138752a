"""Two versions of a document compared: section by section, line by line, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from crm_tui.documents.sections import Section

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
MOST_WORDS = 4_000
"""Words of two lines that are compared one by one; longer ones are compared as a whole."""


class Piece(NamedTuple):
    """Some text of a line, and how it differs."""

    text: str
    how: str
    """``same``, ``added`` or ``removed``."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of both versions, each as pieces; None where a version has no such line."""

    before: list[Piece] | None
    after: list[Piece] | None

    @property
    def how(self) -> str:
        """How the line differs."""
        if self.before is None:
            return ADDED
        if self.after is None:
            return REMOVED
        same = all(piece.how == SAME for piece in (*self.before, *self.after))
        return SAME if same else CHANGED


@dataclass(frozen=True, slots=True)
class Difference:
    """A section of either version."""

    before: Section | None
    after: Section | None
    lines: list[Line]

    @property
    def how(self) -> str:
        """How the section differs."""
        if self.before is None:
            return ADDED
        if self.after is None:
            return REMOVED
        return SAME if self.before.as_dict() == self.after.as_dict() else CHANGED

    @property
    def section(self) -> Section:
        """The section, as it is where it is there still."""
        found = self.after or self.before
        assert found is not None  # there is one of them
        return found


def compare(before: Sequence[Section], after: Sequence[Section]) -> list[Difference]:
    """Return how two versions differ, in the order of the later one; what was removed stands where it stood."""
    found = []
    for old, new in _paired(before, after):
        former = old.body.split("\n") if old and old.body else []
        later = new.body.split("\n") if new and new.body else []
        found.append(Difference(old, new, _lines(former, later)))
    return found


def _paired(before: Sequence[Section], after: Sequence[Section]) -> list[tuple[Section | None, Section | None]]:
    """Which section of one version is which of the other: by its record, by its heading, else by its text."""
    partners = _partners(before, after)
    taken = set(partners.values())
    pairs: list[tuple[Section | None, Section | None]] = []
    told: set[int] = set()
    for at, new in enumerate(after):
        partner = partners.get(at)
        if partner is not None:
            pairs += [(old, None) for number, old in enumerate(before[:partner])
                      if number not in taken and number not in told]  # fmt: skip
            told.update(range(partner))
        pairs.append((before[partner] if partner is not None else None, new))
    pairs += [(old, None) for number, old in enumerate(before) if number not in taken and number not in told]
    return pairs


def _partners(before: Sequence[Section], after: Sequence[Section]) -> dict[int, int]:
    found: dict[int, int] = {}
    left = list(range(len(before)))
    keys: tuple[Callable[[Section], object], ...] = (_by_id, _by_heading, _by_body)
    for key in keys:
        for at, new in enumerate(after):
            wanted = key(new)
            if at in found or wanted is None:
                continue
            partner = next((number for number in left if key(before[number]) == wanted), None)
            if partner is not None:
                found[at] = partner
                left.remove(partner)
    return found


def _by_id(one: Section) -> object:
    return one.id


def _by_heading(one: Section) -> object:
    return one.heading.casefold()


def _by_body(one: Section) -> object:
    return one.body if one.body.strip() else None


def _lines(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > 20_000)
    found: list[Line] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            found += [Line([Piece(line, SAME)], [Piece(line, SAME)]) for line in before[first:last]]
            continue
        former, later = list(before[first:last]), list(after[start:end])
        for at in range(max(len(former), len(later))):
            old = former[at] if at < len(former) else None
            new = later[at] if at < len(later) else None
            found.append(_line(old, new))
    return found


def _line(old: str | None, new: str | None) -> Line:
    if old is None or new is None:
        return Line(None if old is None else [Piece(old, REMOVED)], None if new is None else [Piece(new, ADDED)])
    former, later = _WORD.findall(old), _WORD.findall(new)
    if len(former) + len(later) > MOST_WORDS:
        return Line([Piece(old, REMOVED)], [Piece(new, ADDED)])
    matcher = difflib.SequenceMatcher(None, former, later, autojunk=False)
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        same = tag == "equal"
        if last > first:
            before.append(Piece("".join(former[first:last]), SAME if same else REMOVED))
        if end > start:
            after.append(Piece("".join(later[start:end]), SAME if same else ADDED))
    return Line(before, after)


def inline(line: Line) -> list[Piece]:
    """Return both versions of a line in one: what was taken away before what was put in its place."""
    if line.before is None or line.after is None:
        return list(line.before or line.after or [])
    found: list[Piece] = []
    old, new = list(line.before), list(line.after)
    while old or new:
        if old and old[0].how == REMOVED:
            found.append(old.pop(0))
        elif new and new[0].how == ADDED:
            found.append(new.pop(0))
        else:
            found.append((old or new)[0])
            old, new = old[1:], new[1:]
    return [piece for piece, _next in pairwise([*found, Piece("", SAME)]) if piece.text]
