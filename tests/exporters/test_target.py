"""An export is there whole or not at all, and what was there before stays until it is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_tui.errors import BadInput, StorageFailed
from crm_tui.exporters import ExportColumn, formats, open_target

COLUMNS = [ExportColumn("name", "Name"), ExportColumn("score", "Score", "number")]
SUFFIXES = [suffix for known in formats() for suffix in known.suffixes]
TAKE_ANYTHING = [suffix for suffix in SUFFIXES if suffix != ".ics"]
"""The formats; a calendar asks for a due day (test_ics_file)."""


def test_every_format_is_found_by_its_file() -> None:
    assert {".csv", ".json", ".vcf", ".xlsx"} <= set(SUFFIXES)
    assert len(SUFFIXES) == len(set(SUFFIXES))


def test_a_suffix_nobody_knows_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"end it with one of \.csv, \.ics, \.json"):
        open_target(tmp_path / "clients.pdf", COLUMNS)
    assert open_target(tmp_path / "CLIENTS.CSV", COLUMNS)


@pytest.mark.parametrize("suffix", TAKE_ANYTHING)
def test_the_file_appears_when_it_is_finished(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"clients{suffix}"
    with open_target(file, COLUMNS) as target:
        target.write(["ACME", 82])
        assert not file.exists()
        assert target.count == 1
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("suffix", TAKE_ANYTHING)
def test_an_error_leaves_what_was_there(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    aside, folder = tmp_path / "aside", tmp_path / "folder"
    aside.mkdir()
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    file = folder / f"clients{suffix}"
    file.write_text("old")
    with pytest.raises(KeyboardInterrupt), open_target(file, COLUMNS) as target:
        target.write(["ACME", 82])
        raise KeyboardInterrupt
    assert list(folder.iterdir()) == [file]
    assert file.read_text() == "old"
    assert not list(aside.iterdir())


def test_a_row_of_the_wrong_width_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cells for"), open_target(tmp_path / "clients.csv", COLUMNS) as target:
        target.write(["ACME"])
    assert not list(tmp_path.iterdir())


def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("old")
    file.chmod(0o640)
    with open_target(file, COLUMNS):
        """Headings only."""
    assert file.stat().st_mode & 0o777 == 0o640
    before = os.umask(0o027)
    try:
        with open_target(tmp_path / "new.csv", COLUMNS):
            """Headings only."""
    finally:
        os.umask(before)
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    with open_target(link, COLUMNS):
        """Headings only."""
    assert link.is_symlink()
    assert real.read_bytes() == b"name,score\r\n"


def test_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "plain").write_text("")
    for name, message in (
        ("nowhere/clients.csv", "there is no folder"),
        ("folder.csv", "is a folder"),
        ("pipe.csv", "is not a file"),
        ("plain/clients.csv", "cannot be written"),
    ):
        with pytest.raises(BadInput, match=message), open_target(tmp_path / name, COLUMNS):
            """Never reached."""


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    target = open_target(tmp_path / "clients.csv", COLUMNS)
    with pytest.raises(StorageFailed, match=r"clients\.csv could not be written \(No space left"), target:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, target._stream.fileno())  # every write to it fails as on a full disk
        os.close(full)
        target.write(["ACME" * 1000, 1])
    assert not list(tmp_path.iterdir())


def test_csv_is_plain(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    with open_target(file, COLUMNS) as target:
        target.write(['=cmd|"x"!A1, "Ż"', -5])
        target.write(["two\nlines", None])
        target.write(["-5", "-5"])
    assert file.read_bytes().decode() == ('name,score\r\n"\'=cmd|""x""!A1, ""Ż""",-5\r\n"two\nlines",\r\n\'-5,-5\r\n')


def test_csv_can_carry_the_mark_old_excel_needs(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    with open_target(file, COLUMNS, bom=True) as target:
        target.write(["Ż", 1])
    assert file.read_bytes() == b"\xef\xbb\xbfname,score\r\n\xc5\xbb,1\r\n"


def test_a_sheet_holds_numbers_and_days_as_such(tmp_path: Path) -> None:
    file = tmp_path / "clients.xlsx"
    columns = [*COLUMNS, ExportColumn("fee", "Fee", "money"), ExportColumn("since", "Since", "day")]
    with open_target(file, columns) as target:
        target.write(["=1+1", 82, "-12.50", "2026-11-22"])
    sheet: Any = openpyxl.load_workbook(file).active
    heading, row = sheet.iter_rows()
    assert [cell.value for cell in heading] == ["name", "score", "fee", "since"]
    assert [cell.data_type for cell in row] == ["s", "n", "n", "d"]
    assert row[0].value == "'=1+1"
    assert row[2].value == -12.5
    assert sheet.freeze_panes == "A2"


def test_what_a_cell_of_a_sheet_cannot_hold_is_refused_not_cut(tmp_path: Path) -> None:
    message = "row 2: Name has 32,768 characters, a cell of a sheet holds 32,767; export to .csv or .json"
    with pytest.raises(BadInput) as raised, open_target(tmp_path / "clients.xlsx", COLUMNS) as target:
        target.write(["x" * 32_768, 1])
    assert str(raised.value) == message
    assert not list(tmp_path.iterdir())


def test_a_sheet_that_is_full_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_tui.exporters.xlsx_file.MOST_ROWS", 3)
    with pytest.raises(BadInput, match="holds 3 rows at most"), open_target(tmp_path / "x.xlsx", COLUMNS) as target:
        for _row in range(3):
            target.write(["ACME", 1])


def test_cards_are_folded_as_the_standard_has_it(tmp_path: Path) -> None:
    file = tmp_path / "clients.vcf"
    columns = [ExportColumn(name, name) for name in ("name", "notes", "contact.name", "email")]
    with open_target(file, columns) as target:
        target.write(["ACME; Co", "Łódź, " * 40 + "\nend\\", "Maria", "info@example.com"])
    content = file.read_bytes()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])  # no character is broken in two
    assert lines[:4] == [b"BEGIN:VCARD", b"VERSION:4.0", b"FN:Maria", b"ORG:ACME\\; Co"]
    assert b"office.EMAIL:info@example.com" in lines


def test_the_card_of_a_contact_names_its_client(tmp_path: Path) -> None:
    file = tmp_path / "contacts.vcf"
    columns = [ExportColumn(name, name) for name in ("name", "client", "title", "role", "email", "phone")]
    with open_target(file, columns) as target:
        target.write(["Maria Anders", {"id": 1, "name": "ACME"}, "Owner", "buyer", "m@example.com", "+49 1"])
    assert file.read_text().splitlines()[2:-1] == [
        *("FN:Maria Anders", "ORG:ACME", "TITLE:Owner", "ROLE:buyer", "EMAIL:m@example.com", "TEL;VALUE=text:+49 1"),
    ]
