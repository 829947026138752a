"""What ``doctor`` looks at inside a workspace: is it undamaged, does the journal explain it, are its indexes right.

The search index and the folded companions of fields are made from the records, so they can be made anew; everything
else is only reported.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from crm_tui import scoring, search
from crm_tui.db import Workspace, batches
from crm_tui.fields import Stored
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Writer, dump
from crm_tui.models.base import Entity, KeyField, companions, entities, stored
from crm_tui.models.journal import Change
from crm_tui.verbs.checks import FIXED, OK, PROBLEM, WARNING, Finding

SAMPLE = 2000
"""Records of each entity that are compared with the journal unless all are asked for."""

_BATCH = 1000


def check_storage(workspace: Workspace, *, fix: bool) -> Iterator[Finding]:
    """Ask SQLite whether its file is sound; PostgreSQL sees to that itself."""
    execute = workspace.database.execute_sql
    if workspace.postgres:
        return
    found = [row[0] for row in execute("PRAGMA integrity_check(5)").fetchall()]
    if found == ["ok"]:
        yield Finding("integrity", OK, _("the file is sound"))
    else:
        yield Finding("integrity", PROBLEM, _("restore a backup; SQLite found: {what}").format(what="; ".join(found)))
    broken = execute("PRAGMA foreign_key_check").fetchall()
    text = _("every reference leads somewhere")
    if broken:
        text = ngettext("{n} reference leads nowhere", "{n} references lead nowhere", len(broken)).format(n=len(broken))
    yield Finding("references", PROBLEM if broken else OK, text)
    mode = execute("PRAGMA journal_mode").fetchone()[0]
    if mode == "wal":
        yield Finding("concurrency", OK, _("readers and writers do not wait for each other"))
    elif fix and execute("PRAGMA journal_mode = wal").fetchone()[0] == "wal":
        yield Finding("concurrency", FIXED, _("the file is in WAL mode again"))
    else:
        text = _("the file is in {mode} mode, so readers and writers wait for each other").format(mode=mode)
        yield Finding("concurrency", WARNING, text)


def check_journal(*, all_records: bool) -> Iterator[Finding]:
    """Replay the journal of records (a sample, or all) and compare with what they hold today."""
    for entity in entities.values():
        ids = _all_ids(entity)
        known = set(ids)
        wanted = ids if all_records or len(ids) <= SAMPLE else sorted(random.Random(1).sample(ids, SAMPLE))
        wrong: list[int] = []
        for batch in batches(wanted, _BATCH):
            wrong += _unexplained(entity, batch)
        lost = _lost(entity, known) if all_records else []
        checked = _("{n} of {of} {plural}").format(
            n=whole(len(wanted)), of=whole(len(ids)), plural=_(entity.label_plural)
        )
        if wrong or lost:
            text = _("{checked}: the journal does not explain {ids}").format(
                checked=checked, ids=_listed([*wrong, *lost])
            )
            yield Finding(f"journal.{entity.name}", PROBLEM, text)
        elif ids:
            text = _("{checked} are what the journal says").format(checked=checked)
            yield Finding(f"journal.{entity.name}", OK, text)


def _all_ids(entity: Entity) -> list[int]:
    model: Any = entity.model
    return [row[0] for row in model.select(model.id).order_by(model.id).tuples()]


def _unexplained(entity: Entity, ids: Sequence[int]) -> list[int]:
    """Return the records whose replayed journal is not what they hold, in values or in version."""
    query = Change.select(Change.record, Change.action, Change.version, Change.after).where(
        (Change.entity == entity.name) & Change.record.in_(list(ids))
    )
    changes = query.order_by(Change.record, Change.id).tuples().iterator()
    empty = {name: kind.to_stored(kind.empty) for name, kind in entity.entered.items()}
    replayed = {record: _replay(rows, empty) for record, rows in groupby(changes, key=lambda row: row[0])}
    wrong = []
    follow = {"score"} if scoring.kept(entity.name, ("score",)) else set()
    for record, values in Writer.read_many(entity, ids).items():
        alive, version, said = replayed.get(record, (False, 0, {}))
        held: dict[str, Any] = dict(stored(entity.model, values))
        held["archived_at"] = entity.fields["archived_at"].to_stored(values["archived_at"])
        right = alive and version == values["version"]
        if not right or any(
            name in held and name not in follow and held[name] != value for name, value in said.items()
        ):
            wrong.append(record)
    return wrong


def _replay(
    changes: Iterable[tuple[int, str, int, str]], empty: dict[str, Stored]
) -> tuple[bool, int, dict[str, Stored]]:
    """Return whether a record exists after its changes, its version, and its stored values; ``empty`` are those that
    the journal does not mention when a record is made."""
    alive, last = False, 0
    values: dict[str, Stored] = {}
    for _record, action, version, after in changes:
        told = json.loads(after)
        values = (empty if action == "create" else values) | told
        alive, last = action != "delete", version
    return alive, last, values


def _lost(entity: Entity, known: set[int]) -> list[int]:
    """Return the records that the journal made and never deleted, and that are not there."""
    query = Change.select(Change.record, Change.action).where(
        (Change.entity == entity.name) & Change.action.in_(("create", "delete"))
    )
    latest = dict(query.order_by(Change.id).tuples().iterator())
    return [record for record, action in latest.items() if action == "create" and record not in known]


def check_search(workspace: Workspace, *, fix: bool) -> Iterator[Finding]:
    """Compare the search index with the records, and with ``fix`` make it anew where it differs."""
    for entity in entities.values():
        if not entity.search:
            continue
        name = f"search.{entity.name}"
        wrong = _badly_indexed(workspace, entity)
        if not wrong:
            yield Finding(name, OK, _("the search index is in step"))
        elif not fix:
            text = _("{ids} are not as the search index has them; --fix makes it anew").format(ids=_listed(wrong))
            yield Finding(name, PROBLEM, text)
        else:
            with workspace.write():
                for batch in batches(wrong):
                    search.reindex(workspace, {entity.name: set(batch)})
                gone = sorted(set(wrong) - set(_all_ids(entity)))
                for batch in batches(gone):
                    listed = ", ".join(map(str, batch))
                    workspace.database.execute_sql(f'DELETE FROM "search_{entity.name}" WHERE rowid IN ({listed})')
            yield Finding(name, FIXED, _("indexed anew: {ids}").format(ids=_listed(wrong)))


def _badly_indexed(workspace: Workspace, entity: Entity) -> list[int]:
    model: Any = entity.model
    fields = [model._meta.fields[name] for name in entity.search]
    ids = _all_ids(entity)
    indexed = {row[0] for row in workspace.database.execute_sql(f'SELECT rowid FROM "search_{entity.name}"').fetchall()}
    wrong = set(ids) ^ indexed
    for batch in batches(ids, _BATCH):
        parts = search.parts_said(entity, batch)
        rows = model.select(model.id, *fields).where(model.id.in_(list(batch))).tuples()
        documents = {row[0]: search.document(search.words_of(entity, row[1:], parts.get(row[0], ()))) for row in rows}
        wrong |= _differing(workspace, entity, documents)
    return sorted(wrong)


def _differing(workspace: Workspace, entity: Entity, documents: dict[int, str]) -> set[int]:
    """Return the records whose indexed document is another one."""
    execute, table = workspace.database.execute_sql, f'"search_{entity.name}"'
    if workspace.postgres:
        sql = (
            f"SELECT made.id FROM unnest(%s::bigint[], %s::text[]) AS made (id, doc) JOIN {table} kept ON "
            "kept.rowid = made.id WHERE kept.doc IS DISTINCT FROM made.doc::tsvector"
        )
        return {row[0] for row in execute(sql, (list(documents), list(documents.values()))).fetchall()}
    listed = ", ".join(map(str, documents))
    kept = execute(f"SELECT rowid, doc FROM {table} WHERE rowid IN ({listed})").fetchall()
    return {record for record, document in kept if documents[record] != document}


def check_companions(workspace: Workspace, *, fix: bool) -> Iterator[Finding]:
    """Compare every folded companion with its field, and with ``fix`` fold anew what differs."""
    for entity in entities.values():
        kept = [companion for found in companions(entity.model).values() for companion in found]
        wrong = list(_badly_folded(entity, kept))
        custom = list(_custom_badly_folded(entity))
        name = f"keys.{entity.name}"
        if not wrong and not custom:
            yield Finding(name, OK, _("what is compared without case and accents is in step"))
            continue
        ids = sorted({row[-1] for row in (*wrong, *custom)})
        if not fix:
            text = _("{ids} are found by other words than they hold; --fix folds them anew").format(ids=_listed(ids))
            yield Finding(name, PROBLEM, text)
            continue
        with workspace.write():
            workspace.update_rows(entity.name, [companion.column_name for companion in kept], wrong)
            workspace.update_rows(entity.name, ["custom"], custom)
        yield Finding(name, FIXED, _("folded anew: {ids}").format(ids=_listed(ids)))


def _badly_folded(entity: Entity, kept: Sequence[KeyField]) -> Iterator[tuple[Any, ...]]:
    """Yield the right companions of every record that has wrong ones, its id last."""
    model: Any = entity.model
    kinds = [companion.source for companion in kept]
    for row in model.select(model.id, *kinds, *kept).order_by(model.id).tuples().iterator():
        values, found = row[1 : 1 + len(kinds)], row[1 + len(kinds) :]
        right = tuple(companion.of(value) for companion, value in zip(kept, values, strict=True))
        if right != tuple(found):
            yield (*right, row[0])


def _custom_badly_folded(entity: Entity) -> Iterator[tuple[str, int]]:
    """Yield the right JSON of every record whose custom fields have wrong companions, and its id."""
    custom: dict[str, Any] = {name: kind for name, kind in entity.custom.items() if kind.keyed}
    if not custom:
        return
    model: Any = entity.model
    query = model.select(model.id, model.custom).where(model.custom != "{}").order_by(model.id)
    for record, kept in query.tuples().iterator():
        held = json.loads(kept)
        right = dict(held)
        for kind in custom.values():
            kind.put(right, kind.take(held))
        if right != held:
            yield dump(right), record


def _listed(ids: Sequence[int]) -> str:
    shown = ", ".join(f"#{record}" for record in ids[:5])
    return shown if len(ids) <= 5 else _("{shown} and {n} more").format(shown=shown, n=whole(len(ids) - 5))
