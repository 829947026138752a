"""What every test shares: a migrated workspace on each database, a stopped clock, an operator."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_textual_snapshot
from hypothesis import settings
from textual import _wait

from crm_tui import clock, formats, i18n, journal
from crm_tui.db import Workspace
from crm_tui.fields import vocabulary
from crm_tui.models import custom, words
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace
from tests import business, postgres
from tests.in_memory import temporary_folder

# Hundreds of tests start the program: where Python is told to keep no bytecode, each start would compile all of it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary_folder()))  # where tmp_path is

# After every key a test waits until the program does as good as nothing. One millisecond in twenty, as Textual has it,
# is less than looking for the news of other sessions may take.
_wait.SLEEP_IDLE = 0.003

settings.register_profile("crm-tui", deadline=None)  # several people may be at work on the machine
settings.load_profile("crm-tui")

NOW = datetime(2026, 11, 22, 14, 2)
"""The moment all tests happen at: a Sunday, UTC."""


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish() -> Generator[None, object, object]:
    """The report of pictures that differ shows the environment, in which there may be secrets: only what says how the
    pictures were made is left of it."""
    told = {
        name: value for name, value in os.environ.items() if name.startswith(("PYTEST_", "TEXTUAL_", "TERM", "LC_"))
    }
    before, pytest_textual_snapshot.os = pytest_textual_snapshot.os, SimpleNamespace(environ=told, getenv=told.get)
    try:
        return (yield)
    finally:
        pytest_textual_snapshot.os = before


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A clock that stands, English, and XDG folders of this test's own."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("CRM_TUI_CONFIG", "CRM_TUI_WORKSPACE", "CRM_TUI_NOW", "NO_COLOR", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    i18n.use_language("")
    formats.use_locale("")
    with clock.use(NOW):
        yield
    journal.listeners.clear()
    forget_own_fields_and_words()


def forget_own_fields_and_words() -> None:
    """Give the entities back the fields and words they are declared with: those of the test's workspace would stay for
    the next test, if it opens none."""
    for one in entities.values():
        if one.custom:
            one.take_custom({}, {})
    custom._loaded.clear()
    vocabulary.clear()
    words._loaded.clear()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite workspace with its first operator, copied by every test that wants one."""
    path = tmp_path_factory.mktemp("template") / "workspace.db"
    _fill(str(path))
    return path


def _fill(location: str) -> None:
    workspace = open_workspace(location)
    with clock.use(NOW):  # a fixture of the whole run is made before the clock of the first test is stopped
        sign_in(workspace, "ana")
    if not workspace.postgres:
        workspace.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    workspace.close()


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest) -> str:
    """The path or address of a fresh workspace, once on each database."""
    return str(request.getfixturevalue(f"{request.param}_location"))


@pytest.fixture
def sqlite_location(empty_file: Path, tmp_path: Path) -> str:
    """The path of a fresh SQLite workspace, for what does not depend on the database."""
    path = tmp_path / "workspace.db"
    shutil.copy(empty_file, path)
    return str(path)


@pytest.fixture
def postgres_location() -> Iterator[str]:
    """The address of a fresh PostgreSQL workspace, for what only a server can do to a session."""
    with postgres.database(postgres.template("workspace", _fill)) as url:
        yield url


@pytest.fixture
def open_at() -> Iterator[Callable[[str], Workspace]]:
    """Open workspaces that are closed after the test."""
    opened: list[Workspace] = []

    def opening(location: str, *, readonly: bool = False) -> Workspace:
        opened.append(open_workspace(location, readonly=readonly))
        return opened[-1]

    yield opening
    for workspace in opened:
        workspace.close()


@pytest.fixture
def workspace(location: str, open_at: Callable[[str], Workspace]) -> Workspace:
    """An open, empty workspace, once on each database."""
    return open_at(location)


@pytest.fixture
def ana(workspace: Workspace) -> Actor:
    """The first operator, an admin."""
    return sign_in(workspace, "ana")


@pytest.fixture
def bo(workspace: Workspace, ana: Actor) -> Actor:
    """The second operator, no admin."""
    return business.operator(workspace, ana, "bo")
