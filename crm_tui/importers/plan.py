"""What an import is going to do, before anything is done: columns, formats, key and mode, shown and changeable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from crm_tui import scope
from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.importers.column_formats import (
    DAY_KINDS,
    NUMBER_KINDS,
    ColumnFormats,
    DayEvidence,
    NumberEvidence,
    evidence_for,
)
from crm_tui.importers.mapping import PlannedColumn, Target, key_named, map_columns
from crm_tui.importers.source import Source, SourceRow
from crm_tui.models.base import Entity
from crm_tui.scope import Actor
from crm_tui.text import clean_line
from crm_tui.values import DayOrder, NumberStyle, is_empty

_SAMPLE_ROWS = 50
_LONGEST_SAMPLE = 60


class Mode(StrEnum):
    """What becomes of rows whose key finds a record, and of those whose key does not."""

    CREATE = "create"
    UPDATE = "update"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said of an import; everything else is found out."""

    chosen: Mapping[str, str | None] = field(default_factory=dict)
    """Which column goes to which field (``headers.parse_mapping``); None is nowhere."""
    key: str = ""
    mode: Mode | None = None
    days: DayOrder | None = None
    numbers: NumberStyle | None = None
    clear_empty: bool = False
    """Whether an empty cell empties the field of a record that exists."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How a file is going to be imported."""

    entity: Entity
    source: Source
    columns: tuple[PlannedColumn, ...]
    wishes: Wishes
    key: str
    """The field by which rows find records that exist, "" when every row is new."""
    mode: Mode
    formats: ColumnFormats
    evidence: Mapping[tuple[str, str], DayEvidence | NumberEvidence]
    """What the cells of columns said on their format, by column and family of field; kept for the next plan."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know before it begins, one sentence each."""
        return (*self.source.notes, *self.formats.warnings)

    @property
    def problem(self) -> str:
        """Why the plan cannot be carried out as it is, "" when it can."""
        mapped = {column.target.name for column in self.columns if column.target}
        if not mapped:
            return _("No column goes to any field.")
        filled = {column.target.field for column in self.columns if column.target and not column.target.person}
        missing = [
            kind.label
            for name, kind in self.entity.entered.items()
            if kind.required and not kind.default and name not in filled
        ]
        if missing and self.mode is Mode.CREATE:
            return _("No column goes to {field}, which every new {label} needs.").format(
                field=", ".join(missing), label=_(self.entity.label)
            )
        return ""

    @property
    def clears(self) -> bool:
        """Whether an empty cell empties the field of a record that exists."""
        return self.wishes.clear_empty

    @property
    def mapped(self) -> list[tuple[int, PlannedColumn, Target]]:
        """The columns that go somewhere, with their place in the file."""
        return [(at, column, column.target) for at, column in enumerate(self.columns) if column.target is not None]

    def with_column(self, column: str, target: str | None) -> ImportPlan:
        """Return the plan with a column going to another field, or nowhere. A key that is mapped no longer is none."""
        chosen = {name: wanted for name, wanted in self.wishes.chosen.items() if wanted != target or target is None}
        return self._replanned(replace(self.wishes, chosen={**chosen, column: target}))

    def with_key(self, key: str) -> ImportPlan:
        """Return the plan with another key; with a first key, what it finds is updated and the rest created."""
        return self._replanned(replace(self.wishes, key=key, mode=self.wishes.mode if key and self.key else None))

    def with_mode(self, mode: Mode) -> ImportPlan:
        """Return the plan with another mode. Raises BadInput for one that needs a key."""
        return _planned(self.entity, self.source, replace(self.wishes, mode=mode), self.evidence)

    def with_days(self, days: DayOrder | None) -> ImportPlan:
        """Return the plan with days read in another order; None finds out from all rows."""
        return self._replanned(replace(self.wishes, days=days))

    def _replanned(self, wishes: Wishes) -> ImportPlan:
        try:
            return _planned(self.entity, self.source, wishes, self.evidence)
        except BadInput as error:
            if error.field != "key":
                raise
            return _planned(self.entity, self.source, replace(wishes, key="", mode=None), self.evidence)


def plan(
    actor: Actor,
    entity: Entity,
    source: Source,
    mapping: Mapping[str, str | None] | None = None,
    key: str = "",
    mode: str = "",
    *,
    dates: DayOrder | None = None,
    numbers: NumberStyle | None = None,
    clear_empty: bool = False,
) -> ImportPlan:
    """Plan the import of a file: columns guessed where ``mapping`` does not say, formats read off all cells.

    ``key`` is the field by which rows find records; ``mode`` (``create``, ``update``, ``both``) is by default
    ``both`` with a key and ``create`` without. Reads the file, and no database. Raises BadInput, NotAllowed.
    """
    scope.require_change(actor, entity)
    wishes = Wishes(
        dict(mapping or {}), key_named(entity, key), Mode(mode) if mode else None, dates, numbers, clear_empty
    )
    return _planned(entity, source, wishes, {})


def _planned(
    entity: Entity,
    source: Source,
    wishes: Wishes,
    evidence: Mapping[tuple[str, str], DayEvidence | NumberEvidence],
) -> ImportPlan:
    key = wishes.key
    columns = map_columns(entity, source.columns, wishes.chosen, key, _samples(source))
    if key and key not in {column.target.name for column in columns if column.target}:
        raise BadInput(
            _("No column goes to {key}, so it cannot be the key; map one to it: --map column={key}").format(key=key),
            field="key",
        )
    mode = wishes.mode or (Mode.BOTH if key else Mode.CREATE)
    if mode is not Mode.CREATE and not key:
        raise BadInput(_("Records are updated by a key: say by which field rows find them, like --key external_id."))
    wanted = _families(columns)
    evidence = {**evidence, **_gathered(source, {pair: at for pair, at in wanted.items() if pair not in evidence})}
    present = {column: evidence[column, family] for column, family in wanted}
    formats = ColumnFormats.of(present, days=wishes.days, numbers=wishes.numbers)
    return ImportPlan(entity, source, columns, wishes, key, mode, formats, evidence)


def _samples(source: Source) -> dict[str, str]:
    """Return the first cell with something in it of each column."""
    found: dict[str, str] = {}
    for row in source.sample(_SAMPLE_ROWS):
        for column, cell in zip(source.columns, row.cells, strict=True):
            if column not in found and not is_empty(cell):
                found[column] = clean_line(cell[: _LONGEST_SAMPLE * 2])[:_LONGEST_SAMPLE]
    return found


def _families(columns: tuple[PlannedColumn, ...]) -> dict[tuple[str, str], int]:
    """Return the columns whose format matters, each with the family of its field, and their places."""
    return {
        (column.name, column.target.kind.family): at
        for at, column in enumerate(columns)
        if column.target and column.target.kind and column.target.kind.family in DAY_KINDS | NUMBER_KINDS
    }


def _gathered(
    source: Source, wanted: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], DayEvidence | NumberEvidence]:
    """Read the whole file for what its cells say on how days and numbers are written: one pass, when any is wanted."""
    found: dict[tuple[str, str], DayEvidence | NumberEvidence] = {pair: evidence_for(pair[1]) for pair in wanted}
    if not found:
        return found
    adders = [(wanted[pair], evidence.add) for pair, evidence in found.items()]
    for row in source.rows():
        if isinstance(row, SourceRow):
            for at, add in adders:
                if cell := row.cells[at]:
                    add(cell)
    return found
