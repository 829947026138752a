"""Exporting the records of a list, or some of them, to a file: read in a stream, of one moment, all columns or some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from crm_tui.db import Workspace, batches
from crm_tui.exporters import ExportColumn, open_target
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.queries import extra_columns, lists
from crm_tui.queries.whole_rows import PERSON, PERSON_FIELDS, WholeRows
from crm_tui.scope import Actor

Progress = Callable[[int, int], None]
"""Called with how many of how many are done; raising from it ends the export, and no file is left."""

_AT_ONCE = 1_000
"""Records read together."""


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
    shown = lists.listing(actor, entity, text)
    with open_target(path, [_column(entity, name) for name in names]) as target, workspace.snapshot():
        wanted = lists.ids(actor, shown) if ids is None else ids
        rows = WholeRows(workspace, entity, names)
        for batch in batches(wanted, _AT_ONCE):
            for row in rows.read(batch):
                target.write(row)
            if progress:
                progress(target.count, len(wanted))
    return target.count


def all_columns(entity: Entity) -> tuple[str, ...]:
    """Return every column there is: the number, all fields, of clients their point of contact, of people all their
    clients."""
    people = [f"{PERSON}{name}" for name in PERSON_FIELDS] if entity.name == "client" else []
    clients = ["clients"] if entity.name == "contact" else []
    return ("id", *entity.fields, *people, *clients)


def _columns_named(entity: Entity, words: Sequence[str]) -> tuple[str, ...]:
    """Return the columns a person names; raises BadInput naming the nearest."""
    known = {name for name in all_columns(entity) if name.startswith(PERSON)}
    tidy = (word.strip().lower().replace("-", "_") for word in words)
    names = [name if name in known else lists.column_name(entity, word) for name, word in zip(tidy, words, strict=True)]
    return tuple(dict.fromkeys(names))


def _column(entity: Entity, name: str) -> ExportColumn:
    if name.startswith(PERSON):
        kind = entities["contact"].fields.get(name.removeprefix(PERSON))
        label = _("Contact: {field}").format(field=kind.label.lower() if kind else _("id"))
    else:
        kind = entity.fields.get(name)
        extra = extra_columns.of(entity).get(name)
        label = kind.label if kind else extra.label if extra else _("Id")
    return ExportColumn(name, label, kind.family if kind else "number" if name.endswith("id") else "text")
