"""doctor and info: what is wrong, and what can be put right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_tui.db import Workspace
from tests.cli.conftest import Run

OpenAt = Callable[[str], Workspace]


@pytest.fixture
def filled(crm: Run) -> Run:
    crm("add", "client", "name=Königlich Essen", "city=Brandenburg", "tags=vip")
    crm("add", "client", "name=ACME Studio")
    crm("add", "contact", "name=Maria Anders", "client=ACME Studio")
    crm("set", "client", 1, "city=Porto")
    crm("archive", "client", 2)
    return crm


def tamper(open_at: OpenAt, location: str, *statements: str) -> None:
    """Change rows behind the journal's back, as only another program could."""
    workspace = open_at(location)
    with workspace.write():
        for statement in statements:
            workspace.database.execute_sql(statement)
    workspace.close()


def states(said: Any) -> dict[str, str]:
    return {one["name"]: one["state"] for one in said.json["checks"]}


def test_a_healthy_workspace_has_no_problem(filled: Run) -> None:
    said = filled("doctor", "--all", "--json")
    assert said.json["ok"] is True
    assert "problem" not in states(said).values()
    assert {"config", "keys", "terminal", "workspace", "search.client", "keys.client", "journal.client"} <= set(
        states(said)
    )
    assert "PROBLEM" not in filled("doctor").out


def test_a_value_the_journal_does_not_explain(filled: Run, open_at: OpenAt, location: str) -> None:
    tamper(open_at, location, "UPDATE client SET score = 99 WHERE id = 1", "UPDATE contact SET version = 7")
    said = filled("doctor", "--json", code=1)
    assert states(said)["journal.client"] == "problem"
    assert states(said)["journal.contact"] == "problem"
    assert any(line.startswith("PROBLEM") and "#1" in line for line in filled("doctor", code=1).lines)
    filled("doctor", "--fix", code=1)  # nobody can tell which of the two is right


def test_a_record_that_vanished_or_came_from_nowhere(filled: Run, open_at: OpenAt, location: str) -> None:
    tamper(open_at, location, "DELETE FROM contact", "DELETE FROM search_contact")
    assert states(filled("doctor", "--all", "--json", code=1))["journal.contact"] == "problem"


def test_the_search_index_and_the_folded_fields_are_made_anew(filled: Run, open_at: OpenAt, location: str) -> None:
    tamper(
        open_at, location,
        "UPDATE client SET name_key = 'wrong' WHERE id = 1", "DELETE FROM search_client WHERE rowid = 1",
        "UPDATE contact SET email_key = 'wrong'",
    )  # fmt: skip
    assert filled("list", "clients", "konig", "--format", "ids").lines == []
    said = filled("doctor", "--json", code=1)
    assert [states(said)[name] for name in ("search.client", "keys.client", "keys.contact")] == ["problem"] * 3
    fixed = states(filled("doctor", "--fix", "--json"))
    assert [fixed[name] for name in ("search.client", "keys.client", "keys.contact")] == ["fixed"] * 3
    assert filled("doctor", "--json").json["ok"] is True
    assert filled("list", "clients", "konig", "--format", "ids").lines == ["1"]
    assert filled("list", "clients", "name:konig", "--format", "ids").lines == ["1"]


def test_a_stale_document_and_one_of_a_record_that_is_gone(filled: Run, open_at: OpenAt, location: str) -> None:
    other = "'wrong':1" if location.startswith("postgresql:") else "wrong"
    quoted = other.replace("'", "''")
    tamper(
        open_at, location,
        f"UPDATE search_client SET doc = '{quoted}' WHERE rowid = 1",
        f"INSERT INTO search_client (rowid, doc) VALUES (77, '{quoted}')",
    )  # fmt: skip
    assert states(filled("doctor", "--json", code=1))["search.client"] == "problem"
    filled("doctor", "--fix")
    assert filled("doctor", "--json").json["ok"] is True


def test_only_who_may_change_may_fix(filled: Run) -> None:
    assert "--readonly" in filled("--readonly", "doctor", "--fix", code=1).err
    filled("--readonly", "doctor")


def test_a_damaged_file_is_found(lite: Run, sqlite_location: str) -> None:
    lite("demo", "--clients", 100, "--no-open", "--yes")
    path = Path(sqlite_location)
    content = bytearray(path.read_bytes())
    page = content.rindex(b"C-000050") // 4096 * 4096  # what is not read to open the workspace
    content[page : page + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert lite("doctor", code=1).out.count("PROBLEM") >= 1


def test_files_that_others_may_read_are_noted(lite: Run, sqlite_location: str) -> None:
    Path(sqlite_location).chmod(0o644)
    assert states(lite("doctor", "--json"))["permissions"] == "warning"
    assert "600" in lite("doctor").out


def test_what_cannot_be_opened_is_examined_all_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[keys]\n"client.archive" = "e"\n')
    monkeypatch.setenv("CRM_TUI_CONFIG", str(settings))
    said = run("doctor", "--json", "-w", tmp_path / "none.db", code=5)
    assert states(said)["keys"] == "problem"
    assert states(said)["workspace"] == "problem"
    settings.write_text("nonsense")
    assert states(run("doctor", "--json", "-w", tmp_path / "none.db", code=5))["config"] == "problem"


def test_info_says_what_a_report_should_hold(filled: Run, location: str) -> None:
    facts = filled("info", "--json").json
    assert facts["operator"] == "ana"
    assert facts["records"]["clients"] == 1
    assert facts["records"]["contacts"] == 1
    assert facts["backend"].startswith("PostgreSQL" if location.startswith("postgresql:") else "SQLite")
    assert facts["bytes"] > 10_000
    assert facts["last_change"] == "2026-11-22T14:02:00Z"
    assert "1 clients" in filled("info").out


def test_info_without_a_workspace(run: Run, tmp_path: Path) -> None:
    facts = run("info", "--json", "-w", tmp_path / "none.db", code=5).json
    assert "no workspace" in facts["workspace_problem"]
    secret = run("info", "-w", "postgresql://ana:s3cret@127.0.0.1:1/crm", code=5)
    assert "s3cret" not in secret.out + secret.err
