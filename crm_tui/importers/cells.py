"""Cells read as values: one reader per column, made once for a plan, which remembers the cells it has read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm_tui.fields import Decimals, Kind, Money
from crm_tui.i18n import _
from crm_tui.importers.column_formats import DAY_KINDS, NUMBER_KINDS, ColumnFormat
from crm_tui.importers.mapping import ID, PlannedColumn, Target
from crm_tui.importers.plan import ImportPlan
from crm_tui.importers.source import SourceRow
from crm_tui.journal import Values
from crm_tui.text import clean_line
from crm_tui.values import FIRST_YEAR, LAST_YEAR, is_empty, parse_day, parse_moment, parse_number

_REMEMBERED = 5_000
"""Different cells of one column kept read; a column with more of them repeats few."""

_LONGEST_EMPTY = 16
"""Characters beyond which no cell is one of the words for nothing."""

EMPTY = object()
"""What a cell with nothing in it is read as."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a cell is read as that its field cannot take."""

    reason: str


@dataclass(slots=True)
class ReadRow:
    """A row of the file as values."""

    line: int
    cells: tuple[str, ...]
    values: Values = field(default_factory=dict)
    """By field, of the cells with something in them; references still missing."""
    references: dict[str, str] = field(default_factory=dict)
    """Texts that name other records, by the name of the target."""
    several: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same where a cell may name several."""
    person: Values = field(default_factory=dict)
    """Fields of the contact in a client's row."""
    number: int | None = None
    """The record's own number, when that is the key."""
    person_number: int | None = None
    cleared: list[Target] = field(default_factory=list)
    """Fields whose cells are empty, when that empties them."""
    problems: list[str] = field(default_factory=list)


class CellReader(dict[str, Any]):
    """Values by cell; a cell not met before is read, and kept while there is room."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        """Read a cell: its value, EMPTY, or why it cannot be one."""
        if len(cell) <= _LONGEST_EMPTY and is_empty(cell):
            value: Any = EMPTY
        else:
            try:
                value = self._read(cell)
            except ValueError as error:
                value = Unreadable(str(error))
        if len(self) < _REMEMBERED:
            self[cell] = value
        return value


class RowReader:
    """Reads the rows of a file by a plan."""

    def __init__(self, plan: ImportPlan) -> None:
        numbers = plan.key == ID
        self._clear_empty = plan.clears
        self._own: list[tuple[int, PlannedColumn, Target, CellReader]] = []
        self._persons: list[tuple[int, PlannedColumn, Target, CellReader]] = []
        self._references: list[tuple[int, Target]] = []
        self._numbers: list[tuple[int, PlannedColumn, Target]] = []
        for at, column, target in plan.mapped:
            if target.kind is None:
                if numbers:
                    self._numbers.append((at, column, target))
            elif target.refers_to is not None:
                self._references.append((at, target))
            else:
                reader = CellReader(reading(target.kind, plan.formats[column.name]))
                (self._persons if target.person else self._own).append((at, column, target, reader))

    def read(self, row: SourceRow) -> ReadRow:
        """Return a row as values, with what is wrong with it."""
        cells = row.cells
        found = ReadRow(row.line, cells)
        for columns, values in ((self._own, found.values), (self._persons, found.person)):
            for at, column, target, reader in columns:
                value = reader[cells[at]]
                if value is EMPTY:
                    if self._clear_empty:
                        self._clear(found, column, target)
                elif type(value) is Unreadable:
                    found.problems.append(f"{column.name}: {value.reason}")
                else:
                    values[target.field] = value
        for at, target in self._references:
            text = cells[at]
            if not (len(text) <= _LONGEST_EMPTY and is_empty(text)):
                if target.several:
                    parts = (clean_line(part) for part in text.replace("\n", ";").split(";"))
                    found.several[target.name] = tuple(dict.fromkeys(part for part in parts if part))
                else:
                    found.references[target.name] = clean_line(text)
            elif target.several:
                continue  # where somebody is besides is not told by a cell with nothing in it
            elif self._clear_empty:
                found.cleared.append(target)
        if self._numbers:
            self._read_numbers(found)
        return found

    def _clear(self, found: ReadRow, column: PlannedColumn, target: Target) -> None:
        assert target.kind is not None
        if not target.kind.required:
            found.cleared.append(target)
        elif not target.person:
            found.problems.append(_("{column}: it cannot be empty").format(column=column.name))

    def _read_numbers(self, found: ReadRow) -> None:
        for at, column, target in self._numbers:
            text = found.cells[at].strip()
            if is_empty(text):
                continue
            digits = text.removeprefix("#")
            if not digits.isascii() or not digits.isdecimal() or len(digits) > 18:
                shown = clean_line(text)[:40]
                found.problems.append(_('{column}: "{text}" is no id').format(column=column.name, text=shown))
            elif target.person:
                found.person_number = int(digits)
            else:
                found.number = int(digits)


def reading(kind: Kind, written: ColumnFormat) -> Callable[[str], Any]:
    """Return what reads the cells of a column as values of a field; it raises ValueError with a plain reason."""
    family = kind.family
    if family in DAY_KINDS:
        return (
            (lambda cell: _moment(cell, written))
            if family == "moment"
            else (lambda cell: parse_day(cell, written.days))
        )
    if family in NUMBER_KINDS:
        return lambda cell: _number(kind, cell, written)
    if family == "flag":
        return lambda cell: kind.check(cell)
    check, empty, tags = kind.check, kind.empty, family == "tags"

    def read(cell: str) -> Any:
        value = check(cell.replace(";", ",") if tags and "," not in cell else cell)
        return EMPTY if value == empty else value

    return read


def _moment(cell: str, written: ColumnFormat) -> datetime:
    """Read our own exports to the millisecond, everything else as people write moments."""
    text = cell.strip()
    if text.endswith("Z") and text[10:11] == "T":
        try:
            moment = datetime.fromisoformat(text[:-1])
        except ValueError:
            return parse_moment(text, written.days)
        if moment.tzinfo is None and FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    return parse_moment(text, written.days)


def _number(kind: Kind, cell: str, written: ColumnFormat) -> Any:
    if kind.family == "rate":
        return kind.check(_rate(cell, written))
    number = parse_number(cell, written.numbers)
    if isinstance(kind, Money | Decimals):
        return kind.check(number)
    if number != number.to_integral_value():
        raise ValueError(_('"{text}" is not a whole number').format(text=clean_line(cell)[:40]))
    return kind.check(int(number))


def _rate(cell: str, written: ColumnFormat) -> Decimal:
    """A percentage, which the whole column may write as fractions: 0.15 is 15 %."""
    number = parse_number(cell.strip().removesuffix("%"), written.numbers)
    return number * 100 if written.fractions and not cell.rstrip().endswith("%") else number
