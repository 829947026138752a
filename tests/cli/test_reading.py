"""list, show and log: what a script or a person reads of a workspace."""

from __future__ import annotations

import csv
import io

import pytest

from tests.cli.conftest import Run
from tests.terminal import Terminal


@pytest.fixture
def filled(crm: Run) -> Run:
    """Three clients, one of them with people, one with everything."""
    acme = ["name=ACME Studio", "kind=client", "stage=active", "score=82", "city=Berlin", "owner=ana", "currency=EUR"]
    more = ["tags=vip,design", "acquired_on=2024-03-01", "notes=One\n\ntwo"]
    crm("add", "client", *acme, *more)
    crm("add", "client", "name=Around the Horn", "stage=active", "score=61")
    crm("add", "client", "name=Königlich Essen", "stage=dormant", "city=Brandenburg")
    crm("add", "contact", "name=Maria Anders", "client=ACME Studio", "role=decision maker", "email=maria@acme.example")
    crm("add", "contact", "name=Ana Trujillo", "client=#1")
    crm("add", "interaction", "client=#1", "at=2026-11-19 10:30", "outcome=wants a quote")
    return crm


def test_a_list_has_a_heading_and_a_line_per_match(filled: Run) -> None:
    heading, *rows = filled("list", "clients", "stage:active").lines
    assert heading.split() == ["Name", "Contact", "Stage", "Score", "Last", "contact", "Due", "Owner", "Flag"]
    assert [row.split("  ")[0] for row in rows] == ["ACME Studio", "Around the Horn"]
    assert "Maria Anders" in rows[0]
    assert "3 days ago" in rows[0]


def test_query_words_may_be_several_arguments_and_begin_with_a_minus(filled: Run) -> None:
    assert filled("list", "clients", "stage:active", "score>=70", "--format", "ids").lines == ["1"]
    assert filled("list", "clients", "-tag:vip", "--format", "ids").lines == ["2", "3"]
    assert filled("list", "clients", "-tag:vip", "stage:active", "--format", "ids").lines == ["2"]
    assert filled("list", "clients", "--format", "ids", "--", "-tag:vip", "stage:dormant").lines == ["3"]
    assert filled("list", "clients", "konig", "--format=ids").lines == ["3"]


def test_json_has_every_field_by_its_name(filled: Run) -> None:
    (record,) = filled("list", "client", "tag:vip", "--json").json
    assert record["id"] == 1
    assert record["version"] == 1
    assert record["name"] == "ACME Studio"
    assert record["owner"] == {"id": 1, "name": "ana"}
    assert record["tags"] == ["design", "vip"]
    assert record["acquired_on"] == "2024-03-01"
    assert record["last_contact"] == "2026-11-19T10:30:00Z"
    assert record["notes"] == "One\n\ntwo"
    assert record["score"] == 82
    assert record["phone"] == ""
    assert record["archived_at"] is None
    (record,) = filled("list", "contacts", "maria", "--json").json
    assert record["client"] == {"id": 1, "name": "ACME Studio"}
    assert record["primary"] is True


def test_an_empty_list_is_empty_json(crm: Run) -> None:
    assert crm("list", "clients", "--json").json == []
    assert crm("list", "clients", "--format", "ids").out == ""


def test_columns_are_those_asked_for_in_that_order(filled: Run) -> None:
    assert filled("list", "clients", "vip", "--columns", "id,name,contact", "--json").json == []
    records = filled("list", "clients", "--columns", "score,id,contact", "--limit", 1, "--json").json
    assert [list(record.items()) for record in records] == [[("score", 82), ("id", 1), ("contact", "Maria Anders")]]
    assert filled("list", "clients", "--columns", "id,city", "--limit", 1).lines[0].split() == ["Id", "City"]
    assert "no field shoe-size" in filled("list", "clients", "--columns", "shoe-size", code=2).err
    filled("list", "clients", "--columns", ",", code=2)


def test_csv_reads_as_csv_and_runs_nothing(filled: Run) -> None:
    filled("add", "client", "name==1+1", "phone=+49 30 1234567")
    out = filled(
        "list", "clients", "sort:id", "--format", "csv", "--columns", "id,name,tags,owner,last_contact,phone"
    ).out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows[0] == {
        "id": "1", "name": "ACME Studio", "tags": "design, vip", "owner": "ana",
        "last_contact": "2026-11-19T10:30:00Z", "phone": "",
    }  # fmt: skip
    assert rows[3]["name"] == "'=1+1"


def test_the_order_is_the_query_s(filled: Run) -> None:
    assert filled("list", "clients", "sort:-name", "--format", "ids").lines == ["3", "2", "1"]


def test_a_query_that_makes_no_sense_is_shown_where_it_is_wrong(filled: Run) -> None:
    said = filled("list", "clients", "stage:active", "stge:dormant", code=2)
    assert said.out == ""
    assert "stge" in said.err
    assert '"stage"' in said.err.replace("stage:", '"stage"')
    assert said.err.splitlines()[-2:] == ["  stage:active stge:dormant", "               ^^^^"]


def test_names_of_entities_are_as_people_type_them(filled: Run) -> None:
    for word in ("client", "clients", "Clients"):
        assert len(filled("list", word, "--format", "ids").lines) == 3
    assert filled("list", "people", "--format", "ids").lines == ["2", "1"]
    assert 'Did you mean "clients"' in filled("list", "clinets", code=2).err


def test_show_tells_everything_about_one_record(filled: Run) -> None:
    out = filled("show", "client", 1).out
    assert "client #1" in out
    assert any(line.split() == ["City", "Berlin"] for line in out.splitlines())
    assert "maria@acme.example" in out
    assert "added client ACME Studio" in out
    record = filled("show", "client", "#1", "--json").json
    assert record["name"] == "ACME Studio"
    assert [person["name"] for person in record["contacts"]] == ["Maria Anders", "Ana Trujillo"]
    assert record["contacts"][0]["client"] == {"id": 1, "name": "ACME Studio"}


def test_show_finds_a_record_by_the_text_that_names_it(filled: Run) -> None:
    assert filled("show", "client", "koniglich", "essen", "--json").json["id"] == 3
    assert filled("show", "operator", "ana", "--json").json["role"] == "admin"
    assert 'Did you mean "ACME Studio"' in filled("show", "client", "ACME Studios", code=4).err
    assert "99" in filled("show", "client", 99, code=4).err


def test_show_shows_what_is_archived_too(filled: Run) -> None:
    filled("archive", "client", 3)
    assert filled("show", "client", 3, "--json").json["archived_at"] == "2026-11-22T14:02:00Z"
    assert filled("list", "clients", "--format", "ids").lines == ["1", "2"]
    assert filled("list", "clients", "has:archived", "--format", "ids").lines == ["3"]


def test_the_log_says_who_did_what_newest_first(filled: Run) -> None:
    filled("set", "client", 1, "city=Porto")
    entry = filled("log", "client", 1, "--limit", 1, "--json").json[0]
    assert entry["login"] == "ana"
    assert entry["command"] == "client.edit"
    assert (entry["before"], entry["after"]) == ({"city": "Berlin"}, {"city": "Porto"})
    assert entry["at"] == "2026-11-22T14:02:00Z"
    assert "changed city: Berlin → Porto" in filled("log", "client", "ACME Studio").lines[1]
    assert len(filled("log", "contacts", "--json").json) == 2
    filled("log", "client", 99, code=4)
    everything = filled("log", "--json").json
    assert len({one["id"] for one in everything}) == len(everything) == 19
    made = next(one for one in everything if one["entity"] == "contact" and one["record"] == 1)
    assert made["after"]["client"] == {"id": 1, "name": "ACME Studio"}


def test_the_log_since_a_moment_a_day_or_a_period(filled: Run) -> None:
    for when in ("today", "-2h", "this-week", "2026-11-22 14:00", "2026-11-22T14:02:00Z"):
        assert filled("log", "clients", "--since", when, "--json").json, when
    for when in ("tomorrow", "2026-11-22 15:00"):
        assert filled("log", "--since", when, "--json").json == [], when
    assert "--since" in filled("log", "--since", "whenever", code=2).err


def test_hostile_text_never_reaches_a_terminal(lite: Run, sqlite_location: str) -> None:
    """Text is cleaned where it enters; what got in all the same (an old import, another program) is cleaned again."""
    lite("add", "client", "name=plain")
    import sqlite3

    hostile = "evil\x1b]52;c;cm0gLXJm\x07\x9b31m\u202egpj\nnext"
    with sqlite3.connect(sqlite_location) as connection:
        connection.execute("UPDATE client SET name = ?, city = ?", (hostile, hostile))
    for words in (["list", "clients"], ["show", "client", 1], ["list", "clients", "--json"], ["log"]):
        out = lite(*words).out
        assert not set("\x1b\x07\x9b\u202e") & set(out), words
    assert lite("list", "clients", "--columns", "name", "--json").json == [{"name": hostile}]
    assert len(lite("list", "clients").lines) == 2
    assert "\x1b" not in lite("show", "client", "evil\x1b]0;x\x07", code=4).err


def test_a_terminal_gets_a_page_and_is_told_how_many_more(
    lite: Run, sqlite_location: str, terminal_command: list[str]
) -> None:
    lite("demo", "--clients", 60, "--no-open", "--yes")
    command = [*terminal_command, "--workspace", sqlite_location, "--operator", "ana", "list", "clients"]
    with Terminal(command, cols=100, rows=24) as terminal:
        terminal.wait_for("39 more")
        assert terminal.wait_exit() == 0
        assert b"\x1b[1m" in terminal.raw  # the heading, bold
        assert all(len(line) <= 100 for line in terminal.lines)
        assert len([line for line in terminal.lines if line]) == 23
    with Terminal([*command, "--limit", "3"], cols=40, rows=24, env={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("57 more")
        assert terminal.wait_exit() == 0
        assert b"\x1b[" not in terminal.raw
        assert "…" in terminal.text
