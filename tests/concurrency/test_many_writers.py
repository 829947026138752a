"""Twenty sessions at work in one workspace: nothing is lost, nothing fails, and the same field asks."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import file_lock
from crm_tui.db import Workspace
from crm_tui.journal import Writer
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.services.records import EditConflict
from crm_tui.workspaces import open_workspace
from tests import business
from tests.processes import Crew, Say

CLIENT = entities["client"]
SESSIONS, SAVES, HOT = 20, 5, 3
FIELDS = ("phone", "website", "street", "city", "region", "postal_code", "country", "tax_id", "source", "external_id")


def opened(location: str) -> tuple[Workspace, Actor]:
    workspace = open_workspace(location)
    return workspace, sign_in(workspace, "ana")


def version_of(record: int) -> int:
    return int(Writer.read_many(CLIENT, [record])[record]["version"])


def write_ones_own_field(location: str, number: int, say: Say) -> int:
    """Ten sessions share a record and no field; each saves against the version it saw last."""
    workspace, ana = opened(location)
    record, field = 1 + number // len(FIELDS), FIELDS[number % len(FIELDS)]
    seen = version_of(record)
    for turn in range(SAVES):
        value = (
            f"https://a{turn}.example" if field == "website" else f"030 100{turn}" if field == "phone" else f"v{turn}"
        )
        seen = records.save(workspace, ana, CLIENT, record, {field: value}, seen=seen).version
    return SAVES


def add_a_line(location: str, number: int, say: Say) -> int:
    """Add a line of one's own to the same few notes, asking again whenever somebody else wrote meanwhile."""
    workspace, ana = opened(location)
    conflicts = 0
    for turn in range(SAVES):
        record = 1 + (number + turn) % HOT
        held = Writer.read_many(CLIENT, [record])[record]
        theirs, seen = held["notes"], held["version"]
        while True:
            try:
                notes = f"{theirs}\nline {turn} of {number}".strip()
                records.save(workspace, ana, CLIENT, record, {"notes": notes}, seen=seen)
                break
            except EditConflict as conflict:
                conflicts += 1
                theirs, seen = conflict.theirs["notes"], conflict.version
    return conflicts


def do_all_sorts(location: str, number: int, say: Say) -> int:
    """Add, tag and archive, as a day at work is."""
    workspace, ana = opened(location)
    record = records.add(workspace, ana, CLIENT, {"name": f"Client {number}", "tags": f"new, tag {number % 3}"})
    records.add(workspace, ana, entities["contact"], {"name": f"Person {number}", "client": record})
    records.change_many(workspace, ana, CLIENT, [1, 2, 3, record], {"tags": f"+from {number}"})
    records.archive_many(workspace, ana, CLIENT, [record])
    return record


@pytest.fixture
def hot(workspace: Workspace, ana: Actor) -> list[int]:
    """A few records that everybody wants."""
    return [business.client(workspace, ana, f"Hot {number}") for number in range(HOT)]


def sound(workspace: Workspace) -> bool:
    """Whether the database is sound and the journal explains all there is."""
    if not workspace.postgres:
        assert workspace.database.execute_sql("PRAGMA integrity_check").fetchone() == ("ok",)
        assert workspace.database.execute_sql("PRAGMA foreign_key_check").fetchall() == []
    return business.replayed() == business.present()


def test_different_fields_are_merged_without_a_word(location: str, workspace: Workspace, hot: list[int]) -> None:
    with Crew(SESSIONS, write_ones_own_field, location) as crew:
        crew.begin()
        assert crew.results() == [SAVES] * SESSIONS
    last = SAVES - 1
    for record in hot[: SESSIONS // len(FIELDS)]:
        held = business.held("client", record)
        assert (held["version"], held["city"], held["phone"]) == (1 + SAVES * len(FIELDS), f"v{last}", f"030 100{last}")
        assert held["website"] == f"https://a{last}.example"
    assert sound(workspace)


def test_the_same_field_loses_nothing(location: str, workspace: Workspace, hot: list[int]) -> None:
    with Crew(SESSIONS, add_a_line, location) as crew:
        crew.begin()
        conflicts = crew.results()
    lines = [line for record in hot for line in business.held("client", record)["notes"].splitlines()]
    assert sorted(lines) == sorted(f"line {turn} of {number}" for number in range(SESSIONS) for turn in range(SAVES))
    assert sum(business.held("client", record)["version"] - 1 for record in hot) == SESSIONS * SAVES
    assert sum(conflicts) > 0
    assert sound(workspace)


def test_a_busy_day_leaves_everything_sound(location: str, workspace: Workspace, hot: list[int]) -> None:
    with Crew(SESSIONS, do_all_sorts, location) as crew:
        crew.begin()
        made = crew.results()
    assert len(set(made)) == SESSIONS
    for record in hot:
        assert business.held("client", record)["tags"] == tuple(sorted(f"from {number}" for number in range(SESSIONS)))
    model: Any = entities["tag"].model
    names = [tag.name for tag in model.select()]
    assert len(names) == len(set(names)) == SESSIONS + 4
    assert sound(workspace)


def test_saves_take_turns_in_the_order_of_asking(sqlite_location: str) -> None:
    """What makes twenty sessions bearable: see ``tests/test_file_lock.py``."""
    workspace = open_workspace(sqlite_location)
    assert isinstance(workspace.file_lock, file_lock.FileLock)
    assert workspace.file_lock.path.name == "workspace.db-lock"
    workspace.close()
