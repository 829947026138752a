"""Exporting the records of a list, or some of them, to a file: read in a stream, of one moment, all columns or some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_tui.db import Workspace, batches
from crm_tui.exporters import ExportColumn, open_target
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.queries import lists
from crm_tui.scope import Actor

Progress = Callable[[int, int], None]
"""Called with how many of how many are done; raising from it ends the export, and no file is left."""

SUB = "contact."
"""Before the fields of a client's point of contact."""

_AT_ONCE = 1_000
"""Records read together."""

_OF_PERSON = ("id", "name", "role", "title", "email", "phone", "external_id")


@dataclass(frozen=True, slots=True)
class _Persons:
    """The points of contact of clients, as columns of the clients."""

    columns: tuple[str, ...]

    def read(self, clients: Sequence[int]) -> dict[int, list[object]]:
        """Return the columns of each client's point of contact."""
        people = entities["contact"]
        model: Any = people.model
        fields = [model.id if name == "id" else people.fields[name] for name in self.columns]
        present = [lists.presenter(people, name) for name in self.columns]
        query = model.select(model.client, *fields).where(
            model.client.in_(list(clients)) & model.primary & model.archived_at.is_null()
        )
        return {
            client: [show(value) for show, value in zip(present, values, strict=True)]
            for client, *values in query.order_by(model.id.desc()).tuples()
        }


def export(
    workspace: Workspace,
    actor: Actor,
    entity: Entity,
    path: str | Path,
    text: str = "",
    columns: Sequence[str] = (),
    *,
    ids: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the matches of a query, or the records ``ids``, to a file whose ending says the format; return how many.

    Without ``columns`` all are written, so that the file can be imported again. A file that is there is replaced when
    the new one is whole. Raises BadInput for a query, column or file that makes no sense, StorageFailed.
    """
    names = _columns_named(entity, columns) if columns else all_columns(entity)
    people = tuple(name.removeprefix(SUB) for name in names if name.startswith(SUB))
    own = tuple(name for name in names if not name.startswith(SUB))
    shown = lists.listing(actor, entity, text, own)
    with open_target(path, [_column(entity, name) for name in names]) as target, workspace.snapshot():
        wanted = lists.ids(actor, shown) if ids is None else ids
        order = _order(names, own, people)
        for batch in batches(wanted, _AT_ONCE):
            for row in _rows(shown, batch, _Persons(people) if people else None):
                target.write([row[at] for at in order] if order else row)
            if progress:
                progress(target.count, len(wanted))
    return target.count


def all_columns(entity: Entity) -> tuple[str, ...]:
    """Return every column there is: the number, all fields, and of clients their point of contact."""
    people = [f"{SUB}{name}" for name in _OF_PERSON] if entity.name == "client" else []
    entered = list(entity.entered)
    return ("id", *entered, *people, *(name for name in entity.fields if name not in entered))


def _columns_named(entity: Entity, words: Sequence[str]) -> tuple[str, ...]:
    """Return the columns a person names; raises BadInput naming the nearest."""
    known = {name for name in all_columns(entity) if name.startswith(SUB)}
    tidy = (word.strip().lower().replace("-", "_") for word in words)
    names = [name if name in known else lists.column_name(entity, word) for name, word in zip(tidy, words, strict=True)]
    return tuple(dict.fromkeys(names))


def _column(entity: Entity, name: str) -> ExportColumn:
    if name.startswith(SUB):
        kind = entities["contact"].fields.get(name.removeprefix(SUB))
        label = _("Contact: {field}").format(field=kind.label.lower() if kind else _("id"))
    else:
        kind = entity.fields.get(name)
        label = kind.label if kind else _("Id")
    return ExportColumn(name, label, kind.family if kind else "number" if name.endswith("id") else "text")


def _order(names: Sequence[str], own: Sequence[str], people: Sequence[str]) -> list[int]:
    """Return where each column stands in a row of own columns and those of people; none when they stand as they are."""
    rows = [*own, *(f"{SUB}{name}" for name in people)]
    order = [rows.index(name) for name in names]
    return [] if order == sorted(order) else order


def _rows(shown: lists.Listing, batch: Sequence[int], persons: _Persons | None) -> Iterator[list[object]]:
    present = [lists.presenter(shown.entity, name) for name in shown.columns]
    people = persons.read(batch) if persons else {}
    nobody: list[object] = [None] * len(persons.columns) if persons else []
    for record, values in lists.records(shown, batch):
        row = [show(value) for show, value in zip(present, values, strict=True)]
        yield row + people.get(record, nobody) if persons else row
