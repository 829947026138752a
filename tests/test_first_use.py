"""A workspace is made on first use: private or for its group, whatever its name, by whoever comes first."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.config import data_folder
from crm_tui.db import Workspace
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import default_location, open_workspace
from tests import business, postgres
from tests.processes import Crew, Say

Open = Callable[..., Workspace]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_run_makes_a_private_folder_and_file(open_at: Open) -> None:
    before = os.umask(0)
    try:
        workspace = open_at(default_location())
        ana = sign_in(workspace, "ana")
        business.client(workspace, ana)
    finally:
        os.umask(before)
    assert workspace.path == data_folder() / "workspace.db"
    assert mode(data_folder()) == 0o700
    assert {path.name: mode(path) for path in data_folder().iterdir()} == {
        name: 0o600 for name in ("workspace.db", "workspace.db-lock", "workspace.db-shm", "workspace.db-wal")
    }
    assert (ana.operator_id, ana.role) == (1, "admin")


def test_in_a_shared_folder_files_belong_to_the_group_whatever_the_umask(tmp_path: Path, open_at: Open) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o2770)
    before = os.umask(0o077)
    try:
        workspace = open_at(str(shared / "w.db"))
        business.client(workspace, sign_in(workspace, "ana"))
    finally:
        os.umask(before)
    assert {mode(path) for path in shared.iterdir()} == {0o660}
    assert len(list(shared.iterdir())) == 4


def test_names_that_need_care_in_an_address(tmp_path: Path, open_at: Open) -> None:
    for name in ("a b.db", "what?.db", "50%25.db", "#1.db", "łódź&mode=ro.db"):
        workspace = open_at(str(tmp_path / name))
        business.client(workspace, sign_in(workspace, "ana"))
        workspace.close()
    assert {path.name for path in tmp_path.glob("*.db")} >= {"a b.db", "what?.db", "50%25.db", "łódź&mode=ro.db"}


def test_an_empty_file_becomes_a_workspace(tmp_path: Path, open_at: Open) -> None:
    (tmp_path / "w.db").touch()
    assert sign_in(open_at(str(tmp_path / "w.db")), "ana").role == "admin"


def open_and_sign_in(location: str, number: int, say: Say) -> tuple[int, str]:
    workspace = open_workspace(location)
    actor = sign_in(workspace, "ana")
    workspace.close()
    return actor.operator_id, actor.role


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_eight_sessions_may_open_it_first(kind: str, tmp_path: Path) -> None:
    location = str(tmp_path / "new" / "w.db") if kind == "sqlite" else postgres.new_database()
    with Crew(8, open_and_sign_in, location) as crew:
        crew.begin()
        assert crew.results() == [(1, "admin")] * 8
    if kind == "postgres":
        postgres.drop_database(location)
