"""Importing a file on the screen: what it is taken for, what would become of it, changing that, and the import."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest

from crm_tui.commands.registry import registry
from crm_tui.scope import Actor
from crm_tui.screens.import_screen import ImportScreen
from tests.importers.desk import CUSTOMERS
from tests.screens.crm import Crm, program

MESSY = """\
Company;E-mail;Since;Score;Account manager;Contact person;Shoe size
ACME Studio;info@acme.example;03/04/2024;82;ana;Maria Anders;44
Around the Horn;nobody;05/06/2023;61;ana;Thomas Hardy;42
Bólido;;01/02/2022;NULL;;Martín Sommer;
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list of companies as somebody's spreadsheet has it."""
    path = tmp_path / "companies.csv"
    path.write_text(MESSY, encoding="utf-8")
    return path


async def open_import(crm: Crm, file: Path) -> None:
    """Open the import of a file as its command does, and wait until the file is understood."""
    crm.screen.background(crm.screen.open_screen("import", {"file": str(file)}))
    await crm.until_shown("Goes to")
    await understood(crm)


async def understood(crm: Crm) -> None:
    """Wait until it is known what would become of every row."""

    def known() -> bool:
        screen = crm.screen
        assert isinstance(screen, ImportScreen)
        return screen.plan is not None and (screen.rehearsed or bool(screen.plan.problem))

    await crm.until(known, "the rehearsal")
    await crm.settle()


async def test_the_columns_and_the_first_rows_are_shown_before_anything_happens(location: str, file: Path) -> None:
    async with program(location, size=(80, 24)) as crm:
        await open_import(crm, file)
        crm.should_show("Import companies.csv", "CSV, UTF-8, delimiter ;", "Every row adds a client.")
        crm.should_show("Account manager      Owner", "Since                Acquired")
        crm.should_show("rejected: E-mail:", "ACME Studio", "Maria Anders", "3 Apr 2024")
        crm.should_show("2 would be created, 1 rejected, 2 new contacts", "can be 3 Apr 2024 or 4 Mar 2024")
        crm.should_show("ctrl+s import", "enter field", "esc leave", "? help")
        await crm.press("tab", "down")
        await crm.until_shown('Row 3 would be rejected: E-mail: "nobody" is not an e-mail address')
        await crm.press("esc")
        await crm.until_shown("No clients yet")


async def test_there_is_room_for_both_lists_side_by_side(location: str, file: Path) -> None:
    async with program(location, size=(160, 45)) as crm:
        await open_import(crm, file)
        header = next(line for line in crm.text().splitlines() if "Goes to" in line)
        assert "Becomes" in header
        crm.should_show("row 3: E-mail", "Company: a known word for it")


async def test_import_undo_and_the_rejected_rows_in_a_file(location: str, file: Path) -> None:
    async with program(location) as crm:
        await open_import(crm, file)
        await crm.press("ctrl+s")
        await crm.until_shown("1 row would be rejected. Import the other 2?")
        await crm.press("y")
        await crm.until_shown("2 created, 1 rejected, 2 new contacts")
        crm.should_show("Rejected because", '"nobody" is not an e-mail address', "w write rejected rows")
        crm.should_not_show("ctrl+s import", "Goes to")
        await crm.press("w")
        crm.should_show("Write the rejected rows to")
        rejects = file.with_name("companies-rejected.csv")
        await crm.press("enter")
        await crm.until(rejects.exists, "the file of rejects")
        rows = list(csv.DictReader(rejects.read_text(encoding="utf-8").splitlines()))
        assert [(row["Company"], row["line"]) for row in rows] == [("Around the Horn", "3")]
        await crm.press("esc")
        await crm.until_shown("Bólido")
        crm.should_show("ACME Studio", "Martín Sommer")
        await crm.press("u")
        await crm.until_shown("undid: import 2 clients from companies.csv")
        crm.should_show("No clients yet")


async def test_a_column_goes_where_the_operator_says(sqlite_location: str, file: Path) -> None:
    async with program(sqlite_location) as crm:
        await open_import(crm, file)
        await crm.press("end", "enter")
        crm.should_show("Where does Shoe size go?", "leave it out", "now E-mail")
        await crm.type("e-mail")
        await crm.press("enter")
        await crm.until_shown("as you chose")
        await understood(crm)
        crm.should_show('row 2: Shoe size: "44" is not an e-mail address')
        await crm.press("enter", "up", "up", "up", "up", "home", "enter")
        await crm.until_shown("Shoe size                 left out")
        await understood(crm)
        crm.should_show("2 would be created, 1 rejected")
        await crm.press("esc")
        crm.should_show("Leave without importing?")
        await crm.press("n")
        crm.should_show("Import companies.csv")
        await crm.press("esc", "y")
        crm.should_show("No clients yet")


async def test_by_a_key_rows_change_what_is_there(companies_anywhere: str, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    async with program(companies_anywhere) as crm:
        await open_import(crm, file)
        crm.should_show("4 would be created")
        await crm.press("M", "down")
        await crm.press("enter")
        crm.should_show("choose a key first, with K")
        await crm.press("esc", "K")
        crm.should_show("none: every row is new")
        await crm.type("name")
        await crm.press("enter")
        await crm.until_shown("3 would be created, 1 would change")
        crm.should_show("Rows change the client with their name, or else add one.", "Name (key)")
        crm.should_show("#1 changes: external id")
        await crm.press("M", "up", "enter")
        await crm.until_shown("1 would change, 3 rejected")
        crm.should_show("there is no client with the name", "where there is none, they are rejected")


async def test_days_are_read_as_the_operator_says(sqlite_location: str, file: Path) -> None:
    async with program(sqlite_location) as crm:
        await open_import(crm, file)
        await crm.press("D", "down", "down", "enter")
        await crm.until(lambda: "3 Apr 2024" not in crm.text(), "another plan")
        await understood(crm)
        crm.should_show("4 Mar 2024")


async def test_a_plan_that_lacks_what_every_record_needs_cannot_begin(sqlite_location: str, tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text("city\nBerlin\n")
    async with program(sqlite_location) as crm:
        await open_import(crm, file)
        crm.should_show("No column goes to Name, which every new client needs.")
        await crm.press("ctrl+s")
        await crm.until_told("Import: No column goes to Name")


async def test_the_import_stops_when_asked_and_leaves_nothing(location: str, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("name\n" + "".join(f"Client {number}\n" for number in range(30_000)))
    async with program(location) as crm:
        await open_import(crm, file)
        crm.should_show("30,000 would be created")
        screen = crm.screen
        screen.background(screen.start_import())  # type: ignore[attr-defined]  # the screen of an import
        while screen.running_progress is None:  # a key would be waited for until the import is over
            await asyncio.sleep(0)
        await screen.leave_import()  # type: ignore[attr-defined]
        await crm.until_told("Stopped; nothing was changed.")
        crm.should_show("30,000 would be created", "ctrl+s import")
        await crm.press("esc")
        crm.should_show("No clients yet")


async def test_keys_of_lists_do_nothing_in_an_import(sqlite_location: str, file: Path) -> None:
    async with program(sqlite_location) as crm:
        await open_import(crm, file)
        await crm.press("/")
        crm.should_show("Filter: not in an import")
        await crm.press("?")
        crm.should_show("Choose the field that the column at the cursor goes to")
        crm.should_not_show("Archive", "saved view")


async def test_a_file_that_is_none_is_said_where_it_was_asked_for(sqlite_location: str, tmp_path: Path) -> None:
    async with program(sqlite_location) as crm:
        await crm.press(":")
        await crm.type("program.import file=nothing.csv")
        await crm.press("enter")
        await crm.until_told("there is no file")


async def test_who_may_only_read_is_told_so(sqlite_location: str, file: Path) -> None:
    async with program(sqlite_location, actor=Actor(1, "ana", "viewer")) as crm:
        await crm.screen.run(registry.get("program.import"), {"file": str(file)})
        await crm.until_told("viewers only read")


async def test_the_list_shown_is_exported(companies: str, tmp_path: Path) -> None:
    file = tmp_path / "germany.csv"
    async with program(companies, query="country:germany") as crm:
        await crm.screen.run(registry.get("client.export"), {"file": str(file)})
        await crm.until_shown("Which columns?")
        await crm.press("down", "enter")
        await crm.until_shown(f"2 clients written to {file}")
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("name,contact,stage")
        assert [line.split(",")[0] for line in lines[1:]] == ["Alfreds Futterkiste", "Königlich Essen"]
        await crm.press("home", "space")
        await crm.screen.run(registry.get("client.export"), {"file": str(file), "columns": "name"})
        await crm.until_shown("Replace")
        await crm.press("y")
        await crm.until_shown("1 client written")
        assert file.read_text(encoding="utf-8") == "name\nAlfreds Futterkiste\n"
