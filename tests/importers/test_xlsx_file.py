"""Workbooks: what a person sees in the sheet is what arrives; what is made to do harm is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crm_tui.errors import BadInput
from crm_tui.importers import Limits, RowProblem, SourceRow, open_source
from crm_tui.importers.xlsx_file import _is_bounded

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clients.xlsx"


def save(file: Path, *rows: list[Any], **sheets: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has a sheet
    for title, content in {**sheets, **({"Sheet": list(rows)} if rows else {})}.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    book.save(file)


def test_cells_arrive_as_a_person_sees_them(file: Path) -> None:
    values = [
        ("text", "Łódź, “x”\n2", "Łódź, “x”\n2"),
        ("whole", 5.0, "5"),
        ("decimal", 0.1 + 0.2, "0.3"),
        ("phone", 4930123456789, "4930123456789"),
        ("large", 1e16, "10000000000000000"),
        ("tiny", 0.00001, "0.00001"),
        ("yes", True, "true"),
        ("day", date(2026, 11, 22), "2026-11-22"),
        ("moment", datetime(2026, 11, 22, 10, 30), "2026-11-22 10:30:00"),
        ("time", time(10, 30), "10:30:00"),
        ("span", timedelta(hours=30), "1 day, 6:00:00"),
        ("nothing", None, ""),
        ("wrong", "#N/A", "#N/A"),
    ]
    save(file, [name for name, _value, _text in values], [value for _name, value, _text in values])
    source = open_source(file)
    (row,) = source.rows()
    assert isinstance(row, SourceRow)
    assert row.cells == tuple(text for _name, _value, text in values)
    assert source.describe() == 'Excel workbook, sheet "Sheet", about 1 row'


def test_percents_keep_their_sign(file: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["done", "share"])
    sheet.append([1, 0.125])
    sheet["A2"].number_format, sheet["B2"].number_format = "0%", "0.00%"
    book.save(file)
    assert next(open_source(file).rows()) == SourceRow(2, ("100%", "12.5%"))


def test_the_first_sheet_with_anything_in_it_is_read(file: Path) -> None:
    save(file, Cover=[], Clients=[[], ["Name", "City"], ["ACME", "Berlin"], [], ["Beta"]], Old=[["x"]])
    source = open_source(file)
    assert source.columns == ("Name", "City")
    assert list(source.rows()) == [SourceRow(3, ("ACME", "Berlin")), SourceRow(5, ("Beta", ""))]
    assert source.notes == ('The sheet "Clients" is read; others are left aside: Cover, Old.',)
    assert source.position() == source.total_bytes


def test_a_sheet_can_be_named(file: Path) -> None:
    save(file, Clients=[["Name"]], Contacts=[["Person"], ["Ana"]])
    assert open_source(file, sheet="contacts").columns == ("Person",)
    with pytest.raises(BadInput, match='no sheet "Contcts"; there are Clients, Contacts. Did you mean "Contacts"'):
        open_source(file, sheet="Contcts")


def test_a_hidden_sheet_is_left_alone_unless_named(file: Path) -> None:
    book = openpyxl.Workbook()
    hidden, shown = book.create_sheet("Hidden", 0), book["Sheet"]
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    shown.append(["Name"])
    book.save(file)
    assert open_source(file).columns == ("Name",)
    assert open_source(file, sheet="Hidden").columns == ("secret",)


def test_a_row_wider_than_the_headings_is_reported(file: Path) -> None:
    save(file, ["Name"], ["ACME", None, None], ["Beta", "what is this"], ["Gamma"])
    rows = list(open_source(file).rows())
    assert rows[1] == RowProblem(3, "2 cells where there is 1 column")
    assert [row.line for row in rows] == [2, 3, 4]


def test_a_cell_beyond_the_limit_costs_one_row(file: Path) -> None:
    save(file, ["Name"], ["x" * 101], ["ACME"])
    rows = list(open_source(file, limits=Limits(cell=100)).rows())
    assert rows == [RowProblem(2, "a cell is longer than 100 characters"), SourceRow(3, ("ACME",))]


def test_office_escapes_are_undone(file: Path) -> None:
    save(file, ["Name"], ["a_x000D_\nb"], ["'=1+1"])
    assert [row.cells[0] for row in open_source(file).rows() if isinstance(row, SourceRow)] == ["a\r\nb", "=1+1"]


def test_an_empty_workbook_says_so(file: Path) -> None:
    openpyxl.Workbook().save(file)
    with pytest.raises(BadInput, match="no sheet with anything in it"):
        open_source(file)


@pytest.mark.parametrize(
    "content", [b"name,city\nACME,Berlin\n", b"PK\x03\x04 and nothing else", b"<html><table></table></html>"]
)
def test_what_is_no_workbook_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadInput, match="damaged or no Excel workbook"):
        open_source(file)


def test_an_old_or_protected_workbook_says_what_to_do(file: Path) -> None:
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(BadInput, match=r"old \.xls file or protected by a password"):
        open_source(file)


def test_a_workbook_cut_short_is_refused(file: Path) -> None:
    save(file, *([f"name {n}", n] for n in range(500)))
    file.write_bytes(file.read_bytes()[:-400])
    with pytest.raises(BadInput, match="damaged"):
        open_source(file)


def test_damage_inside_a_sheet_is_reported_with_its_row(file: Path) -> None:
    save(file, ["a"], [1])
    damaged = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b"<v>1</v>", b"<v>one</v>")
            new.writestr(part.filename, content)
    file.write_bytes(damaged.getvalue())
    source = open_source(file)
    with pytest.raises(BadInput, match="damaged near row 2"):
        list(source.rows())


def pack(file: Path, **parts: bytes) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name, content in parts.items():
            archive.writestr(f"xl/{name}.xml", content)


def test_a_part_that_unfolds_a_thousandfold_is_refused(file: Path) -> None:
    pack(file, sharedStrings=b" " * 20_000_000)
    assert file.stat().st_size < 100_000
    with pytest.raises(BadInput, match="unfold to far more than it seems"):
        open_source(file)


def test_a_workbook_that_unfolds_beyond_the_limit_is_refused(file: Path) -> None:
    pack(file, one=b"<a/>" * 1000, two=b"<a/>" * 1000)
    with pytest.raises(BadInput, match="unfold"):
        open_source(file, limits=Limits(unpacked_bytes=5000))


def test_entities_are_not_expanded(file: Path) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    pack(file, workbook=laughs)
    with pytest.raises(BadInput, match="unfold"):
        open_source(file)


def test_tags_that_would_fill_the_memory_are_counted() -> None:
    assert _is_bounded(io.BytesIO(b"<row><c/></row>" * 10_000))
    assert not _is_bounded(io.BytesIO(b"<row>" + b"<c/>" * 1_600_000))
    assert not _is_bounded(io.BytesIO(b"<row></row>" * 1_200_000))
