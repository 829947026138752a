"""add, set, archive, undo, redo: what a script changes, and what refuses it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run
from tests.terminal import Terminal


@pytest.fixture
def three(crm: Run) -> Run:
    """Three clients, #1 to #3."""
    for name in ("ACME Studio", "Around the Horn", "Bólido"):
        crm("add", "client", f"name={name}", "city=Berlin", "tags=vip")
    return crm


def test_add_prints_the_new_id(crm: Run) -> None:
    said = crm("add", "client", "name=ACME Studio", "follow-up=tomorrow", "score=10")
    assert said.out == "1\n"
    assert said.err == ""
    record = crm("add", "contact", "name=Maria = Anders", "client=acme studio", "--json").json
    assert (record["id"], record["name"], record["client"]) == (1, "Maria = Anders", {"id": 1, "name": "ACME Studio"})
    assert crm("show", "client", 1, "--json").json["follow_up_on"] == "2026-11-23"


def test_add_names_every_field_at_fault(crm: Run) -> None:
    said = crm("add", "client", "name=", "score=101", "email=nobody", code=2)
    assert said.out == ""
    assert all(name in said.err for name in ("name", "score", "email"))
    assert 'Did you mean "city"' in crm("add", "client", "name=x", "cty=Porto", code=2).err
    assert "field=value" in crm("add", "client", "ACME", code=2).err
    assert "twice" in crm("add", "client", "name=a", "name=b", code=2).err
    assert crm("list", "clients", "--json").json == []


def test_set_by_id_by_ids_and_by_query(three: Run) -> None:
    assert "1 client changed" in three("set", "client", "#1", "city=Porto").err
    assert "2 clients changed" in three("set", "clients", "2,#3", "stage=active", "score=70").err
    assert three("set", "clients", "city:berlin", "stage:active", "kind=client", "--json").json == {
        "matched": 2, "changed": 2, "ids": [2, 3],
    }  # fmt: skip
    records = three("list", "clients", "sort:id", "--columns", "city,stage,kind", "--json").json
    assert [list(record.values()) for record in records] == [
        ["Porto", "lead", "customer"],
        ["Berlin", "active", "client"],
        ["Berlin", "active", "client"],
    ]


def test_set_counts_what_truly_changed(three: Run) -> None:
    assert three("set", "client", 1, "city=Berlin", "--json").json["changed"] == 0
    assert three("set", "clients", "city:nowhere", "stage=active", "--json").json == {
        "matched": 0,
        "changed": 0,
        "ids": [],
    }
    three("set", "client", 99, "city=Porto", code=4)
    three("set", "clients", "1,99", "city=Porto", code=4)
    assert three("show", "client", 1, "--json").json["city"] == "Berlin"


def test_the_query_may_hold_an_equals_sign(three: Run) -> None:
    three("set", "client", 2, "score=70")
    assert three("set", "clients", "score=70", "city=Porto", "--json").json["ids"] == [2]
    assert three("set", "clients", "-tag:cold", "-score=70", "city=Faro", "--json").json["ids"] == [1, 3]


def test_tags_are_added_and_taken_away(three: Run) -> None:
    three("set", "client", 1, "tags=+new,-vip")
    three("set", "clients", "2,3", "tags=+cold")
    listed = three("list", "clients", "sort:id", "--columns", "tags", "--json").json
    assert [record["tags"] for record in listed] == [["new"], ["cold", "vip"], ["cold", "vip"]]
    three("set", "client", 1, "tags=+a,b", code=2)
    three("set", "client", 1, "tags=x,y")
    assert three("show", "client", 1, "--json").json["tags"] == ["x", "y"]


def test_what_others_changed_since_is_never_overwritten(three: Run) -> None:
    version = three("show", "client", 1, "--json").json["version"]
    three("set", "client", 1, "city=Porto")
    merged = three("set", "client", 1, "score=50", f"version={version}", "--json").json
    assert merged == {"matched": 1, "changed": 1, "ids": [1], "version": 3, "merged": ["city"]}
    assert "City" in three("set", "client", 1, "stage=active", f"version={version}").err
    said = three("set", "client", 1, "city=Faro", f"version={version}", "--json", code=3)
    assert said.json["mine"] == {"city": "Faro"}
    assert said.json["theirs"] == {"city": "Porto"}
    assert said.json["version"] == 4
    assert "City" in said.err
    assert three("show", "client", 1, "--json").json["city"] == "Porto"


def test_tags_with_a_version(three: Run) -> None:
    three("set", "client", 1, "tags=+new,-vip", "version=1")
    assert three("show", "client", 1, "--json").json["tags"] == ["new"]
    three("set", "client", 1, "tags=+old", "version=1", code=3)
    three("set", "client", 1, "city=x", "version=latest", code=2)
    three("set", "clients", "1,2", "city=x", "version=1", code=2)
    three("set", "clients", "name:acme", "city=x", "version=1", code=2)


def test_set_needs_something_to_set(three: Run) -> None:
    assert "field=value" in three("set", "client", 1, code=2).err
    assert 'Did you mean "stage"' in three("set", "client", 1, "stge=active", code=2).err
    assert "kept by the program" in three("set", "client", 1, "created=today", code=2).err
    assert three("set", "client", "1", "stage=asleep", code=2).out == ""


def test_archive_and_bring_back(three: Run) -> None:
    assert "2 clients archived" in three("archive", "clients", "1,2").err
    assert three("list", "clients", "--format", "ids").lines == ["3"]
    assert three("archive", "client", 1, "--back", "--json").json == {"matched": 1, "changed": 1, "ids": [1]}
    assert three("archive", "clients", "name:around", "--back", "--json").json["ids"] == [2]
    assert three("archive", "clients", "tag:vip", "--json").json["changed"] == 3
    assert three("list", "clients", "--json").json == []
    three("archive", "client", 99, code=4)


def test_undo_and_redo_go_back_and_forth(three: Run) -> None:
    three("set", "clients", "tag:vip", "city=Porto")
    assert "change city of 3 clients" in three("undo").err
    assert {one["city"] for one in three("list", "clients", "--json").json} == {"Berlin"}
    assert three("redo", "--json").json["summary"]
    assert {one["city"] for one in three("list", "clients", "--json").json} == {"Porto"}
    operation = three("log", "--limit", 1, "--json").json[0]["operation"]
    assert "itself" in three("undo", operation, code=1).err
    three("undo", 9999, code=4)
    three("undo", "last", code=2)


def test_undo_is_refused_when_others_changed_it_since(three: Run) -> None:
    three("set", "client", 1, "city=Porto")
    operation = three("log", "client", 1, "--limit", 1, "--json").json[0]["operation"]
    three("set", "client", 1, "city=Faro")
    assert "Faro" not in three("undo", operation, code=3).out


def test_there_is_nothing_to_undo_in_a_new_workspace(crm: Run) -> None:
    assert "nothing of yours" in crm("undo", code=4).err
    assert "nothing of yours" in crm("redo", code=4).err


def test_a_viewer_and_a_readonly_session_change_nothing(run: Run, location: str) -> None:
    ana = ("--workspace", location, "--operator", "ana")
    run(*ana, "add", "operator", "login=vi", "role=viewer")
    run(*ana, "add", "client", "name=ACME")
    for how in (("--operator", "vi"), ("--operator", "ana", "--readonly")):
        for words in (
            ("add", "client", "name=x"), ("set", "client", 1, "city=x"), ("archive", "client", 1), ("undo",),
            ("do", "client.archive", 1), ("do", "client.add", "name=x"),
        ):  # fmt: skip
            assert run("--workspace", location, *how, *words, code=1).err
        assert len(run("--workspace", location, *how, "list", "clients", "--json").json) == 1
    run("--workspace", location, "--operator", "vi", "show", "client", 1)


def test_only_an_admin_changes_operators(run: Run, location: str) -> None:
    ana = ("--workspace", location, "--operator", "ana")
    run(*ana, "add", "operator", "login=bo")
    assert "admin" in run("--workspace", location, "--operator", "bo", "set", "operator", 2, "role=admin", code=1).err
    assert "last active admin" in run(*ana, "set", "operator", 1, "role=viewer", code=1).err


def test_changing_several_by_query_asks_on_a_terminal(
    lite: Run, sqlite_location: str, terminal_command: list[str]
) -> None:
    for name in ("a", "b", "c"):
        lite("add", "client", f"name={name}")
    command = [*terminal_command, "--workspace", sqlite_location, "--operator", "ana"]
    with Terminal([*command, "set", "clients", "stage:lead", "city=Porto"], cols=100, rows=24) as terminal:
        terminal.wait_for("Change 3 clients?")
        terminal.type("n\r")
        assert terminal.wait_exit() == 1
    assert lite("list", "clients", "city:porto", "--json").json == []
    with Terminal([*command, "archive", "clients", "stage:lead"], cols=100, rows=24) as terminal:
        terminal.wait_for("Archive 3 clients?")
        terminal.type("y\r")
        terminal.wait_for("3 clients archived")
        assert terminal.wait_exit() == 0
    with Terminal([*command, "archive", "clients", "id>0", "--back", "--yes"], cols=100, rows=24) as terminal:
        terminal.wait_for("3 clients brought back")
        assert terminal.wait_exit() == 0
