"""Where the fields of a form stand: in one column or two, in their order, each with its problem below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len

from crm_tui.widgets.form.fields import FormField
from crm_tui.widgets.guard import one_line

WIDE = 96
"""Cells from which there are two columns: a screen of 100 with a margin."""

MARK, GAP, APART = 1, 2, 3
"""Cells for the cursor's mark, between label and value, and between two columns."""

LONGEST_LABEL = 18
LEAST_TEXT, MOST_TEXT = 5, 14
"""Lines of a field of several lines: never fewer, never more."""

MOST_PROBLEM_LINES = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands, in cells and lines of the whole form."""

    x: int
    y: int
    width: int
    label: int
    """Cells of the label."""
    lines: int
    """Lines of the value; those of the problem follow."""
    problem: tuple[str, ...] = ()

    @property
    def value_x(self) -> int:
        """The first cell of the value."""
        return self.x + MARK + self.label + GAP

    @property
    def value_width(self) -> int:
        """The cells of the value."""
        return max(0, self.width - MARK - self.label - GAP)

    @property
    def cells(self) -> range:
        """The columns it takes up."""
        return range(self.x, self.x + self.width)

    @property
    def end(self) -> int:
        """The line after the last one."""
        return self.y + self.lines + len(self.problem)


class Plan:
    """The places of all fields in ``width`` cells; ``lines`` is how many the form has, ``height`` how many are seen."""

    def __init__(self, fields: Sequence[FormField], notice: str, width: int, height: int) -> None:
        self.width = width
        self.notice = tuple(wrap(one_line(notice), max(1, width - 2 * MARK))) if notice and width > 2 * MARK else ()
        self._label = min(LONGEST_LABEL, max((cell_len(one_line(entry.label)) for entry in fields), default=0))
        self._label = max(0, min(self._label, width // 3))
        texts = sum(entry.multiline for entry in fields)
        self.places, self.lines = self._arranged(fields, LEAST_TEXT)
        if texts and self.lines < height:
            share = min(MOST_TEXT, LEAST_TEXT + (height - self.lines) // texts)
            self.places, self.lines = self._arranged(fields, share)
        self._on_line: dict[int, list[int]] = {}
        for index, place in enumerate(self.places):
            for y in range(place.y, place.end):
                self._on_line.setdefault(y, []).append(index)

    def at(self, y: int) -> list[int]:
        """Return the fields that take part in a line, from left to right."""
        return self._on_line.get(y, [])

    def nearest(self, at: int, top: int, body: int) -> int:
        """Return the field whose value is in view from line ``top`` on, and which is nearest to the one ``at``."""
        seen = [
            index for index, place in enumerate(self.places) if top <= place.y and place.y + place.lines <= top + body
        ]
        return min(seen, key=lambda index: abs(index - at), default=at)

    def thumb(self, top: int, body: int) -> range:
        """Return the lines of the body that show which part of the form is in view; none if all of it is."""
        if self.lines <= body or body < 1:
            return range(0)
        size = max(1, body * body // self.lines)
        first = min(body - size, top * (body - size) // (self.lines - body))
        return range(first, first + size)

    def _arranged(self, fields: Sequence[FormField], text_lines: int) -> tuple[list[Place], int]:
        """Return the places in the fields' order, and the number of lines."""
        places: list[Place] = []
        y = len(self.notice) + bool(self.notice)
        for run in _runs(fields):
            y += 1 if places else 0
            if run[0].multiline:
                places.append(self._place(run[0], 0, y, self.width, text_lines))
                y = places[-1].end
                continue
            columns = 2 if self.width >= WIDE else 1
            cells = (self.width - APART * (columns - 1)) // columns
            longest = -(-len(run) // columns)
            bottom = y
            for column in range(columns):
                below = y
                for entry in run[column * longest : (column + 1) * longest]:
                    places.append(self._place(entry, column * (cells + APART), below, cells, 1))
                    below = places[-1].end
                bottom = max(bottom, below)
            y = bottom
        return places, y

    def _place(self, entry: FormField, x: int, y: int, width: int, lines: int) -> Place:
        place = Place(x, y, width, self._label, lines)
        if not entry.problem or not place.value_width:
            return place
        problem = wrap(f"! {one_line(entry.problem)}", place.value_width)[:MOST_PROBLEM_LINES]
        return Place(x, y, width, self._label, lines, tuple(problem))


def _runs(fields: Sequence[FormField]) -> Iterator[list[FormField]]:
    """Return the fields in runs of single-line ones of one group, and each field of several lines by itself."""
    run: list[FormField] = []
    for entry in fields:
        if run and run[-1].group != entry.group:
            yield run
            run = []
        if entry.multiline:
            if run:
                yield run
            yield [entry]
            run = []
        else:
            run.append(entry)
    if run:
        yield run
