"""do and keys: the registry of commands, from a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.terminal import Terminal


@pytest.fixture
def two(crm: Run) -> Run:
    crm("add", "client", "name=ACME")
    crm("add", "client", "name=Bólido")
    return crm


def test_a_command_runs_on_the_records_named(two: Run) -> None:
    assert "2" in two("do", "client.tag", 1, 2, "tags=vip").out
    assert two("do", "client.tag", "1,#2", "tags=-vip,new", "--json").json["command"] == "client.tag"
    assert [one["tags"] for one in two("list", "clients", "--json").json] == [["new"], ["new"]]
    two("do", "client.edit", 1, "city=Porto", "stage=active")
    assert two("show", "client", 1, "--json").json["city"] == "Porto"
    two("do", "client.archive", 2)
    two("do", "undo")
    assert len(two("list", "clients", "--json").json) == 2


def test_clients_and_customers_become_one_another_from_a_script(two: Run) -> None:
    two("add", "team", "name=Support")
    two("do", "team.members", 1, "members=me")
    assert two("list", "teams").lines[1].split() == ["Support", "support", "ana"]
    assert "2 have no account manager: owner=LOGIN" in two("do", "client.promote", 1, 2).out
    two("do", "client.promote", 1, "owner=ana", "acquired_on=2026-01-10", "follow_up_on=+1w")
    two("do", "client.assign", 2, "team=Support")
    flagged = [line.split()[-3:] for line in two("list", "clients", "kind:client").lines[1:]]
    assert flagged == [["in", "7", "days", "ana"][-3:], ["!", "team", "only"]]
    two("do", "client.demote", 2, "team=Support", "owner=")
    assert two("list", "clients", "kind:customer team:mine", "--format", "ids").lines == ["2"]
    two("do", "undo")
    two("do", "client.dormant", 1, 2)
    assert {one["stage"] for one in two("list", "clients", "--json").json} == {"dormant"}
    assert "serves 1 client" in two("archive", "team", 1, code=1).err
    assert "there is no operator" in two("do", "team.members", 1, "members=bob", code=2).err


def test_what_cannot_run_here_says_why(two: Run) -> None:
    assert "screen" in two("do", "list.down", code=1).err
    assert "no record" in two("do", "client.archive", code=1).err
    assert "full-screen" in two("do", "client.edit", 1, code=1).err
    assert 'Did you mean "client.tag"' in two("do", "client.tga", 1, code=4).err
    assert 'Did you mean "tags"' in two("do", "client.tag", 1, "tag=x", code=2).err
    assert "neither an id" in two("do", "client.tag", "ACME", "tags=x", code=2).err
    two("do", "client.archive", 99, code=4)
    two("do", code=2)


def test_a_dangerous_command_needs_a_yes(lite: Run, sqlite_location: str, terminal_command: list[str]) -> None:
    for number in range(25):
        lite("add", "client", f"name=client {number}")
    ids = ",".join(map(str, range(1, 26)))
    assert "--yes" in lite("do", "client.archive", ids, code=1).err
    command = [*terminal_command, "--workspace", sqlite_location, "--operator", "ana", "do", "client.archive", ids]
    with Terminal(command, cols=100, rows=24) as terminal:
        terminal.wait_for("Archive 25 clients?")
        terminal.type("\r")
        terminal.wait_for("Nothing was changed.")
        assert terminal.wait_exit() == 1
    assert len(lite("list", "clients", "--json").json) == 25
    lite("do", "client.archive", ids, "--yes")
    assert lite("list", "clients", "--json").json == []


def test_keys_lists_every_command_with_the_operator_s_own_keys(lite: Run, tmp_path: Path) -> None:
    commands = {one["id"]: one for one in lite("keys", "--json").json}
    assert commands["client.archive"]["keys"] == ["d"]
    assert commands["client.archive"]["do"] is True
    assert commands["list.down"]["do"] is False
    assert all(one["title"] and one["help"] and one["scope"] for one in commands.values())
    settings = tmp_path / "xdg_config_home" / "crm-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[keys]\n"client.archive" = "f8"\n')
    assert {one["id"]: one for one in lite("keys", "--json").json}["client.archive"]["keys"] == ["f8"]
    assert any(line.startswith("client.archive ") and " f8 " in line for line in lite("keys").lines)
    settings.write_text('[keys]\n"client.archive" = "e"\n')
    assert "client.edit" in lite("keys", code=2).err


def test_what_is_there_twice_is_listed_and_merged(crm: Run) -> None:
    crm("add", "client", "name=ACME Studio", "phone=+49 30 1234567", "tags=a")
    crm("add", "client", "name=Acme Studio GmbH", "phone=030-1234567", "country=Germany", "tags=b")
    assert crm("do", "client.duplicates").lines == ["1\t2\tACME Studio\tAcme Studio GmbH\tsame phone, same name"]
    assert crm("do", "client.duplicates", "--json").json["found"] == [
        {"ids": [1, 2], "names": ["ACME Studio", "Acme Studio GmbH"], "reasons": ["phone", "name"]}
    ]
    assert "takes two records" in crm("do", "client.merge", 2, code=2).err
    assert "mine, theirs or both" in crm("do", "client.merge", 2, 1, "name=yours", code=2).err
    assert "no client with the id 99" in crm("do", "client.merge", 2, 99, code=4).err
    assert "into Acme Studio GmbH (#2)" in crm("do", "client.merge", 2, 1, "name=theirs", "tags=both").out
    merged = crm("show", "client", 2, "--json").json
    assert (merged["name"], merged["phone"], merged["tags"]) == ("ACME Studio", "030-1234567", ["a", "b"])
    assert "is archived" in crm("do", "client.merge", 2, 1, code=1).err
    crm("undo")
    crm("do", "client.tell_apart", 1, 2)
    assert crm("do", "client.duplicates", "--json").json["found"] == []


def test_people_and_clients_are_put_together_and_taken_apart(two: Run) -> None:
    two("add", "contact", "name=Maria", "client=ACME", "role=decision maker")
    assert "Joined" in two("do", "contact.join", 1, "client=Bólido", "role=billing").out
    assert "Maria is at Bólido already" in two("do", "client.join", 2, "contact=Maria", code=2).err
    shown = two("show", "contact", 1, "--json").json["clients"]
    assert [(one["id"], one["name"], one["role"], one["primary"]) for one in shown] == [
        (1, "ACME", "decision maker", True),
        (2, "Bólido", "billing", True),
    ]
    assert two("show", "client", 2, "--json").json["contacts"][0]["role"] == "billing"
    assert "client=#1 (ACME), client=#2 (Bólido)" in two("do", "contact.role", 1, "role=user", code=2).err
    two("do", "contact.role", 1, "client=2", "role=user", "title=Adviser")
    two("do", "client.role", 1, "contact=Maria", "role=influencer")
    assert [one["role"] for one in two("show", "contact", 1, "--json").json["clients"]] == ["influencer", "user"]
    assert "Say what they are there" in two("do", "contact.role", 1, "client=2", code=2).err
    two("add", "contact", "name=Thomas", "client=Bólido")
    two("do", "client.make_primary", 2, "contact=Thomas")
    assert [one["primary"] for one in two("show", "client", 2, "--json").json["contacts"]] == [True, False]
    assert "Nothing was done" in two("do", "contact.leave", 1, "client=2", code=1).err
    assert "Maria is no longer at Bólido" in two("do", "contact.leave", 1, "client=2", "--yes").out
    assert "Maria is not at that client" in two("do", "contact.leave", 1, "client=2", "--yes", code=2).err
    two("undo")
    assert "Maria is no longer at ACME" in two("do", "client.leave", 1, "contact=Maria", "--yes").out
    assert two("show", "contact", 1, "--json").json["client"] == {"id": 2, "name": "Bólido"}
    assert "user" in two("show", "contact", 1).out
    assert "Nobody of that name is at ACME" in two("do", "client.make_primary", 1, code=2).err
