"""The migrations make what the models say, from every version that ever was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from crm_tui.db import Workspace
from crm_tui.models.base import Record, Row, entities
from crm_tui.workspaces import HISTORY, known_migrations
from tests.migrations.earlier import brought_up_to_date


def models() -> list[Any]:
    """Every table that the models know."""
    found: list[Any] = []
    waiting: list[Any] = [Row]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model not in (Row, Record):
            found.append(model)
    return found


def columns(workspace: Workspace, table: str) -> dict[str, tuple[str, bool]]:
    """Type and whether it may be null, by column."""
    types = {"INTEGER": "BIGINT", "DATETIME": "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE": "TIMESTAMP", "BYTEA": "BLOB"}
    found = {}
    for column in workspace.database.get_columns(table):
        kind = column.data_type.upper()
        found[column.name] = (types.get(kind, kind), column.null and not column.primary_key)
    return found


def declared(workspace: Workspace, model: Any) -> dict[str, tuple[str, bool]]:
    """The same, as the model declares it."""
    types = {"AUTO": "BIGINT", "BIGAUTO": "BIGINT", "INT": "BIGINT", "DATETIME": "TIMESTAMP"}
    types |= {"BOOL": "BOOLEAN" if workspace.postgres else "BIGINT"}
    found = {}
    for field in model._meta.sorted_fields:
        referred = getattr(field, "rel_field", None)
        kind = "BIGINT" if referred is not None else field.field_type
        found[field.column_name] = (types.get(kind, kind), bool(field.null))
    return found


def indexes(workspace: Workspace, table: str) -> set[tuple[tuple[str, ...], bool, bool]]:
    """Columns, whether unique, whether of live records only."""
    return {
        (tuple(index.columns), index.unique, "WHERE" in (index.sql or "").upper())
        for index in workspace.database.get_indexes(table)
        if index.columns != ["id"] and not index.name.endswith("_pkey")
    }


def declared_indexes(model: Any) -> set[tuple[tuple[str, ...], bool, bool]]:
    found = set()
    for index in model._meta.fields_to_index():
        names = tuple(getattr(part, "column_name", None) or part.name for part in index._expressions)
        found.add((names, bool(index._unique), index._where is not None))
    return found


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_tables_are_what_the_models_say(workspace: Workspace, model: Any) -> None:
    table = model._meta.table_name
    assert columns(workspace, table) == declared(workspace, model)
    assert indexes(workspace, table) == declared_indexes(model)
    references = {(key.column, key.dest_table) for key in workspace.database.get_foreign_keys(table)}
    assert references == {
        (field.column_name, field.rel_model._meta.table_name)
        for field in model._meta.sorted_fields
        if isinstance(field, pw.ForeignKeyField)
    }


def test_there_is_nothing_but_what_the_models_know(workspace: Workspace) -> None:
    searched = {f"search_{name}" for name, entity in entities.items() if entity.search}
    known = {model._meta.table_name for model in models()} | searched | {HISTORY}
    made = {table for table in workspace.database.get_tables() if not table.startswith("sqlite_")}
    shadows = {f"{name}_{part}" for name in searched for part in ("config", "content", "data", "docsize", "idx")}
    assert made - shadows == known


def test_every_migration_is_recorded(workspace: Workspace) -> None:
    rows = workspace.database.execute_sql(f"SELECT name FROM {HISTORY} ORDER BY name").fetchall()
    assert [name for (name,) in rows] == known_migrations()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("count", range(1, len(known_migrations()) + 1))
def test_every_version_there_was_becomes_this_one(
    kind: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest schema, made by its own migrations alone, is migrated to what the models say."""
    later = [*known_migrations(), "9999"][count]
    with brought_up_to_date(kind, later, [], tmp_path, monkeypatch) as workspace:
        for model in models():
            assert columns(workspace, model._meta.table_name) == declared(workspace, model)
            assert indexes(workspace, model._meta.table_name) == declared_indexes(model)
