"""A list of companies becomes clients with their contacts: once, again, taken back, and refused row by row."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import journal, undo
from crm_tui.commands.context import Cancelled
from crm_tui.errors import BadInput, CrmError, NotAllowed
from crm_tui.models.base import entities
from crm_tui.models.journal import Operation
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.values import DayOrder
from tests.importers.desk import CUSTOMERS, Desk, counts, reasons


def test_a_company_list_becomes_clients_with_their_contacts(desk: Desk) -> None:
    report = desk.take(CUSTOMERS)
    assert counts(report) == (4, 0, 0, 0)
    assert report.contacts_created == 4
    assert desk.all("client", "name", "city", "region", "postal_code", "external_id", "kind", "stage")[1:3] == [
        ("Berglunds snabbköp", "Luleå", "", "S-958 22", "BERGS", "customer", "lead"),
        ("La maison d'Asie", "Toulouse", "", "31000", "LAMAI", "customer", "lead"),
    ]
    assert desk.all("contact", "name", "title", "primary", "client")[0] == (
        "Maria Anders", "Sales Rep", True, desk.all("client", "id")[0],
    )  # fmt: skip


def test_again_by_its_key_nothing_is_created_nor_changed(desk: Desk) -> None:
    desk.take(CUSTOMERS)
    before = journal.last_operation()
    report = desk.take(CUSTOMERS, key="external_id", mode="both")
    assert counts(report) == (0, 0, 4, 0)
    assert report.contacts_created == report.contacts_updated == 0
    assert report.operation is None
    assert journal.last_operation() == before, "an operation that changed nothing was recorded"


def test_an_import_is_one_operation_that_undo_takes_back(desk: Desk) -> None:
    report = desk.take(CUSTOMERS)
    operation = Operation.get(Operation.id == report.operation)
    assert operation.summary == "import 4 clients from customers.csv"
    assert (operation.cause, operation.command, operation.records) == ("customers.csv", "client.import", 8)
    undo.undo(desk.workspace, desk.actor)
    assert desk.all("client", "id") == desk.all("contact", "id") == []
    undo.redo(desk.workspace, desk.actor)
    assert desk.all("client", "name")[0] == "Alfreds Futterkiste"
    assert desk.all("contact", "name", "primary")[3] == ("Paula Wilson", True)


def test_an_import_that_changed_records_is_taken_back_too(desk: Desk) -> None:
    desk.take(CUSTOMERS)
    report = desk.take("companyName,city,contactName\nLa maison d'Asie,Paris,Jean Roulet\nNew,Rome,Ada\n", key="name")
    assert counts(report) == (1, 1, 0, 0)
    assert desk.all("client", "city")[2] == "Paris"
    undo.undo(desk.workspace, desk.actor)
    assert desk.all("client", "city") == ["Berlin", "Luleå", "Toulouse", "Albuquerque"]
    assert desk.all("contact", "name", "primary")[2] == ("Annette Roulet", True)


def test_only_mapped_cells_with_something_in_them_change_a_record(desk: Desk) -> None:
    desk.take("external_id,name,city,phone,score\nA,ACME,Berlin,030 123,70\n")
    report = desk.take("external_id,city,phone,score\nA,N/A,040 999,\n", key="external_id")
    assert counts(report) == (0, 1, 0, 0)
    assert desk.all("client", "name", "city", "phone", "score") == [("ACME", "Berlin", "040 999", 70)]
    desk.take("external_id,city,score,kind\nA,,-,\n", key="external_id", maps=("kind=",), clear_empty=True)
    assert desk.all("client", "name", "city", "phone", "score") == [("ACME", "", "040 999", None)]
    report = desk.take("external_id,name\nA,\n", key="external_id", clear_empty=True)
    assert reasons(report) == {2: "name: it cannot be empty"}


def test_without_a_key_a_second_import_says_that_it_doubles(desk: Desk) -> None:
    assert not desk.take(CUSTOMERS).warnings
    for dry_run in (True, False):
        report = desk.take(CUSTOMERS, dry_run=dry_run)
        assert any(
            warning.startswith("4 rows have external ids that clients have already") for warning in report.warnings
        )
    assert len(desk.all("client", "id")) == 8


def test_rows_that_cannot_be_imported_are_told_by_line_column_and_value(desk: Desk) -> None:
    report = desk.take(
        "name,email,phone,score,stage,acquired_on,website,country\n"
        "Good,a@b.example,030 12345,70,active,2026-01-31,example.com,Germany\n"
        ",a@b.example,,,,,,\n"
        "Bad mail,not an address,,,,,,\n"
        "Bad phone,,call me,,,,,\n"
        "Bad score,,,170,,,,\n"
        "Bad stage,,,,asleep,,,\n"
        "Bad day,,,,,31/02/2026,,\n"
        "Two,,nobody,many,,,,\n"
        'Long,,,,,,,"' + "x" * 600 + '"\n'
        "Too few\n"
    )
    assert counts(report) == (1, 0, 0, 9)
    said = reasons(report)
    assert said[3] == "Name: it cannot be empty"
    assert said[4].startswith('email: "not an address" is not an e-mail address')
    assert said[5].startswith('phone: "call me" is not a phone number')
    assert said[6] == 'score: "170" is outside 0 to 100'
    assert said[7].startswith('stage: "asleep" is not one of lead, qualified')
    assert said[8] == "acquired_on: there is no day 31/02/2026"
    assert said[9].startswith('phone: "nobody"') and 'score: "many" is not a number' in said[9]
    assert said[10] == "country: 600 characters are too many; 500 fit"
    assert said[11] == "1 cells where there are 8 columns"
    assert report.rejected[2].cells[:3] == ("Bad phone", "", "call me")
    assert desk.all("client", "name") == ["Good"]


def test_rejected_rows_are_written_out_and_imported_once_they_are_right(desk: Desk) -> None:
    report = desk.take("name;city;score\n=ACME;Berlin;200\nBólido;Madrid;7\n;Lima;\n")
    rejects = desk.folder / "rejects.csv"
    assert report.rejects.save(rejects) == 2
    text = rejects.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "name,city,score,line,reason"
    assert text.splitlines()[1] == '\'=ACME,Berlin,200,2,"score: ""200"" is outside 0 to 100"'
    again = desk.take(rejects)
    assert counts(again) == (0, 0, 0, 2)
    again.rejects.save(rejects)
    assert rejects.read_text(encoding="utf-8").splitlines()[0] == "name,city,score,line,reason", "doubled columns"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("200", "20"), encoding="utf-8")
    assert counts(desk.take(rejects)) == (1, 0, 0, 1)
    assert desk.all("client", "name", "score") == [("Bólido", 7), ("=ACME", 20)]


def test_any_number_of_rejected_rows_is_kept(desk: Desk) -> None:
    rows = "".join(f"Client {number},{number}\n" for number in range(101, 2601))
    report = desk.take("name,score\n" + rows)
    assert (report.rejected_count, len(report.rejected)) == (2500, 1000)
    assert report.rejects.save(desk.folder / "r.json") == 2500
    written = desk.take(desk.folder / "r.json", dry_run=True)
    assert written.rejected_count == 2500
    assert report.rejects.reasons(1)[0].count == 1
    with pytest.raises(BadInput, match=r"end the name with one of \.csv"):
        report.rejects.save(desk.folder / "r.vcf")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("create", (1, 0, 0, 3)), ("update", (0, 2, 0, 2)), ("both", (1, 2, 0, 1))],
)
def test_the_mode_says_what_becomes_of_what_is_there(desk: Desk, mode: str, expected: tuple[int, ...]) -> None:
    desk.take("external_id,name\nA,ACME\nB,Bólido\n")
    report = desk.take("external_id,name\nA,ACME 2\nB,Bólido 2\nC,New\nC,Again\n", key="external_id", mode=mode)
    assert counts(report) == expected
    said = reasons(report)
    if mode == "create":
        assert said[2] == 'client #1 has the external id "A" already'
    elif mode == "update":
        assert said[4] == 'there is no client with the external id "C"'
    assert mode == "update" or said[5] == 'line 4 has the same external id "C"'


def test_a_key_that_finds_several_records_names_them(desk: Desk) -> None:
    desk.take("name,city\nACME,Berlin\nAcmé,Porto\nBólido,Madrid\n")
    report = desk.take("name,city\nacme,Rome\nbolido,Rome\nACME,Lima\n", key="name")
    assert counts(report) == (0, 2, 0, 1), "what is written to the letter decides among several"
    assert reasons(report) == {2: 'several clients have the name "acme": #1, #2'}
    assert desk.all("client", "name", "city") == [("ACME", "Lima"), ("Acmé", "Porto"), ("bolido", "Rome")]


def test_external_ids_are_matched_to_the_letter(desk: Desk) -> None:
    desk.take("external_id,name\n0016aB,One\n0016Ab,Two\n")
    report = desk.take("external_id,city\n0016Ab,Rome\n0016AB,Lima\n", key="external_id", mode="update")
    assert counts(report) == (0, 1, 0, 1)
    assert desk.all("client", "name", "city") == [("One", ""), ("Two", "Rome")]


def test_by_our_own_ids(desk: Desk) -> None:
    desk.take("name\nACME\nBólido\n")
    report = desk.take("id,name\n#2,Bólido SA\n9,Nobody\n,New\nx,Bad\n", key="id")
    assert counts(report) == (1, 1, 0, 2)
    assert desk.all("client", "name") == ["ACME", "Bólido SA", "New"]
    assert reasons(report) == {
        3: 'there is no client with the id "9"; leave the id empty to add one',
        5: 'id: "x" is no id',
    }


def test_archived_clients_are_neither_doubled_nor_brought_back(desk: Desk) -> None:
    desk.take("external_id,name\nA,ACME\n")
    records.archive_many(desk.workspace, desk.actor, entities["client"], [1])
    report = desk.take("external_id,city\nA,Rome\n", key="external_id")
    assert counts(report) == (0, 1, 0, 0)
    assert any("archived client, which stays archived" in warning for warning in report.warnings)
    assert desk.all("client", "id") == []


def test_tags_are_made_when_they_are_new(desk: Desk) -> None:
    desk.take('name,tags\nACME,"vip, Long term"\nBólido,VIP;late\n')
    assert desk.all("client", "tags") == [("Long term", "vip"), ("late", "VIP")]
    assert sorted(desk.all("tag", "name")) == ["Long term", "late", "vip"]


def test_days_and_numbers_are_read_as_their_columns_write_them(desk: Desk) -> None:
    text = "name,acquired_on,follow_up_on,score\nA,03/04/2026,12/25/2026,70\nB,05/06/2026,01/31/2027,\n"
    planned = desk.plan(text)
    assert not planned.warnings, "a column in doubt is read as its neighbour, which is not"
    desk.take(text)
    assert [str(day) for day in desk.all("client", "acquired_on")] == ["2026-03-04", "2026-05-06"]
    doubtful = "name,acquired_on\nC,03/04/2026\n"
    assert "can be 3 Apr 2026 or 4 Mar 2026" in desk.plan(doubtful).warnings[0]
    assert not desk.plan(doubtful, dates=DayOrder.MDY).warnings
    desk.take(doubtful, dates=DayOrder.MDY)
    assert str(desk.all("client", "acquired_on")[-1]) == "2026-03-04"


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk) -> None:
    desk.take("external_id,name\nA,ACME\n")
    text = "external_id,name,score,contact name\nA,ACME 2,,Ann\nB,Bólido,7,Bo\nB,Twice,,\nC,Bad,700,\n"
    before = journal.last_operation()
    dry = desk.take(text, key="external_id", dry_run=True)
    assert dry.dry_run and dry.operation is None
    assert journal.last_operation() == before
    done = desk.take(text, key="external_id")
    assert counts(dry) == counts(done) == (1, 1, 0, 2)
    assert reasons(dry) == reasons(done)
    assert dry.contacts_created == done.contacts_created == 2


def test_all_or_nothing(desk: Desk) -> None:
    report = desk.take("name,score\nACME,7\nBad,700\n", all_or_nothing=True)
    assert report.refused and report.operation is None
    assert counts(report) == (1, 0, 0, 1)
    assert desk.all("client", "id") == []
    assert not desk.take("name,score\nACME,7\n", all_or_nothing=True).refused
    assert desk.all("client", "name") == ["ACME"]


def test_stopped_half_way_it_leaves_nothing(desk: Desk) -> None:
    rows = "".join(f"Client {number},Person {number},vip{number}\n" for number in range(5000))
    seen: list[tuple[int, int]] = []

    def stop_after_the_second_batch(done: int, of: int) -> None:
        seen.append((done, of))
        if len(seen) == 2:
            raise Cancelled

    before = journal.last_operation()
    with pytest.raises(Cancelled):
        desk.take("name,contact name,tags\n" + rows, progress=stop_after_the_second_batch)
    assert [done for done, _of in seen] == [2000, 4000]
    assert all(done <= of <= 6000 for done, of in seen)
    assert desk.all("client", "id") == desk.all("contact", "id") == desk.all("tag", "id") == []
    assert journal.last_operation() == before
    assert counts(desk.take(desk.folder / "customers.csv")) == (5000, 0, 0, 0)


def test_a_file_that_breaks_off_leaves_nothing(desk: Desk) -> None:
    text = '[{"name": "ACME"}, {"name": "Bólido"}'
    with pytest.raises(BadInput):
        desk.take(desk.file(text, "clients.json"))
    assert desk.all("client", "id") == []


def test_plans_that_make_no_sense_are_refused_in_words(desk: Desk) -> None:
    with pytest.raises(BadInput, match="No column goes to external_id, so it cannot be the key"):
        desk.take("name\nACME\n", key="external_id")
    with pytest.raises(BadInput, match=r'"stage" cannot be the key; use one of id, external_id, name'):
        desk.take("name,stage\nACME,lead\n", key="stage")
    with pytest.raises(BadInput, match="by a key"):
        desk.take("name\nACME\n", mode="update")
    with pytest.raises(BadInput, match="No column goes to Name, which every new client needs"):
        desk.take("city\nBerlin\n")
    with pytest.raises(BadInput, match="No column goes to any field"):
        desk.take("shoe size\n44\n")


def test_who_may_only_read_cannot_import(desk: Desk) -> None:
    for actor in (Actor(1, "eve", "viewer"), Actor(1, "ana", "admin", readonly=True)):
        planned = desk.plan("name\nACME\n")
        reader = Desk(desk.workspace, actor, desk.folder)
        with pytest.raises(NotAllowed):
            reader.plan("name\nACME\n")
        from crm_tui.importers import importing

        with pytest.raises(NotAllowed):
            importing.run(desk.workspace, actor, planned, dry_run=True)
        with pytest.raises(NotAllowed):
            importing.run(desk.workspace, actor, planned)


def test_operators_and_tags_are_imported_by_their_rules(desk: Desk) -> None:
    text = "login,name,email,role\nbo,Bo Svensson,bo@x.example,operator\nana,Ana,,admin\ncarla,Carla,,chief\n"
    dry = desk.take(text, "operators", dry_run=True)
    assert counts(dry) == (1, 0, 0, 2)
    assert desk.all("operator", "login") == ["ana"]
    report = desk.take(text, "operators")
    assert counts(report) == (1, 0, 0, 2)
    assert reasons(report)[3] == 'login: there is already an operator "ana"'
    assert desk.all("operator", "login") == ["ana", "bo"]
    assert counts(desk.take("name\nvip\nVIP\nlate\n", "tags")) == (2, 0, 0, 1)
    report = desk.take("login,active\nana,no\n", "operators", key="login")
    assert "last active admin" in reasons(report)[2]


def test_undo_is_refused_once_somebody_worked_on_the_records(desk: Desk) -> None:
    desk.take(CUSTOMERS)
    records.save(desk.workspace, desk.actor, entities["client"], 1, {"city": "Bonn"})
    imported = Operation.select().where(Operation.command == "client.import").get()
    with pytest.raises(CrmError, match="import 4 clients"):
        undo.undo(desk.workspace, desk.actor, imported.id)


def test_every_format_comes_to_the_same(desk: Desk) -> None:
    import json

    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ALFKI\r\nFN:Maria Anders\r\nORG:Alfreds Futterkiste\r\nEND:VCARD\r\n"
    row: dict[str, Any] = {"external_id": "ALFKI", "name": "Alfreds Futterkiste", "contact": {"name": "Maria Anders"}}
    for name, text in (
        ("c.vcf", card),
        ("c.json", json.dumps([row])),
        ("c.txt", "id|company|contact\nALFKI|Alfreds Futterkiste|Maria Anders\n"),
    ):
        assert counts(desk.take(desk.file(text, name))) == (1, 0, 0, 0)
    assert set(desk.all("client", "external_id", "name")) == {("ALFKI", "Alfreds Futterkiste")}
    assert desk.all("contact", "name") == ["Maria Anders"] * 3
