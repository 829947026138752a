"""Exporting the records of a list, or some of them, to a file: read in a stream, of one moment, all columns or some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from crm_tui.db import Workspace, batches
from crm_tui.exporters import ExportColumn, open_target
from crm_tui.i18n import _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.queries import extra_columns, lists
from crm_tui.queries.whole_rows import PERSON, PERSON_FIELDS, WholeRows
from crm_tui.scope import Actor

Progress = Callable[[int, int], None]
"""Called with how many of how many are done; raising from it ends the export, and no file is left."""

FLAG = "do_not_contact"
"""The field of a person who wants no contact."""

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
    told: list[str] | None = None,
) -> int:
    """Write the matches of a query, or the records ``ids``, to a file whose ending says the format; return how many.

    Without ``columns`` all are written, so that the file can be imported again. A file that is there is replaced when
    the new one is whole. Cards (.vcf) are for calling and mailing: who wants no contact is left out of them, and that
    is added to ``told``. Raises BadInput for a query, column or file that makes no sense, StorageFailed.
    """
    names = _columns_named(entity, columns) if columns else all_columns(entity)
    shown = lists.listing(actor, entity, text)
    with open_target(path, [_column(entity, name) for name in names]) as target, workspace.snapshot():
        wanted = lists.ids(actor, shown) if ids is None else ids
        spared = _Spared(entity, names) if Path(path).suffix.lower() == ".vcf" else None
        rows = WholeRows(workspace, entity, names if spared is None else spared.names)
        for batch in batches(wanted, _AT_ONCE):
            for row in rows.read(batch):
                written = row if spared is None else spared.without(row)
                if written is not None:
                    target.write(written)
            if progress:
                progress(target.count, len(wanted))
    if spared is not None and spared.count and told is not None:
        told.append(
            ngettext(
                "{n} person who wants no contact was left out of the cards.",
                "{n} people who want no contact were left out of the cards.",
                spared.count,
            ).format(n=spared.count)
        )
    return target.count


class _Spared:
    """Takes people who want no contact out of the rows of cards."""

    def __init__(self, entity: Entity, names: Sequence[str]) -> None:
        self.count = 0
        people = any(name.startswith(PERSON) for name in names)
        flag = FLAG if entity.name == "contact" else f"{PERSON}{FLAG}" if people else ""
        self.names = tuple(dict.fromkeys([*names, flag])) if flag else tuple(names)
        """What is read: the columns, and last whether the person wants no contact."""
        self._at = self.names.index(flag) if flag else None
        self._alone = entity.name == "contact"
        self._wanted = len(names)
        self._of_person = [at for at, name in enumerate(names) if name.startswith(PERSON)]

    def without(self, row: Sequence[object]) -> Sequence[object] | None:
        """Return the row as it is written; None leaves it out."""
        if self._at is None or not row[self._at]:
            return row[: self._wanted]
        self.count += 1
        if self._alone:
            return None
        return [None if at in self._of_person else value for at, value in enumerate(row[: self._wanted])]


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
