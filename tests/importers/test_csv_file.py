"""CSV as spreadsheets and other programs really write it, and as nobody should."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.errors import BadInput
from crm_tui.importers import Limits, RowProblem, Source, SourceRow, open_source

Read = tuple[Source, list[SourceRow], list[RowProblem]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clients.csv"


def read(file: Path, content: bytes | str, **options: object) -> Read:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = open_source(file, **options)  # type: ignore[arg-type]  # passed through
    rows = list(source.rows())
    good = [row for row in rows if isinstance(row, SourceRow)]
    return source, good, [row for row in rows if isinstance(row, RowProblem)]


POLISH = "Nazwa,Miasto\r\nŻółta Łąka,Łódź\r\nGęś,Kraków\r\n"
WESTERN = "Name,City\r\nJosé Ação,São Paulo\r\nL’Étoile – fils,Orléans\r\n"


@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("utf-16", "UTF-16 LE with BOM"),
        ("utf-16-le", "UTF-16 LE"),
        ("utf-16-be", "UTF-16 BE"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_any_usual_encoding_is_found_out(file: Path, codec: str, label: str) -> None:
    source, rows, problems = read(file, WESTERN.encode(codec))
    assert source.columns == ("Name", "City")
    assert [row.cells for row in rows] == [("José Ação", "São Paulo"), ("L’Étoile – fils", "Orléans")]
    assert not problems
    assert source.describe() == f"CSV, {label}, delimiter ,, about 2 rows"


@pytest.mark.parametrize("codec", ["cp1250", "utf-8", "utf-16"])
def test_polish_is_not_taken_for_western(file: Path, codec: str) -> None:
    _source, rows, _problems = read(file, POLISH.encode(codec))
    assert rows[0].cells == ("Żółta Łąka", "Łódź")


@pytest.mark.parametrize("codec", ["cp850", "mac_roman"])
def test_files_of_old_programs_are_read(file: Path, codec: str) -> None:
    _source, rows, _problems = read(file, "Name;City\nJosé García;Málaga\nAndré Peça;Évora\n".encode(codec))
    assert rows[0].cells == ("José García", "Málaga")


def test_an_encoding_can_be_named(file: Path) -> None:
    _source, rows, _problems = read(file, "name\nжук\n".encode("koi8-r"), encoding="koi8-r")
    assert rows[0].cells == ("жук",)
    with pytest.raises(BadInput, match='no encoding "utf-99".*utf-8'):
        open_source(file, encoding="utf-99")
    with pytest.raises(BadInput, match="no encoding"):
        open_source(file, encoding="rot13")


def test_a_letter_far_down_still_decides_the_encoding(file: Path) -> None:
    _source, rows, _problems = read(file, b"name\n" + b"plain\n" * 20_000 + "Málaga\n".encode("cp1252"))
    assert rows[-1].cells == ("Málaga",)


def test_one_damaged_row_does_not_change_the_encoding_of_the_others(file: Path) -> None:
    _source, rows, problems = read(file, "name,city\nŁódź,a\n".encode() + b"M\xe1laga,b\n" + "Évora,c\n".encode())
    assert [row.cells[0] for row in rows] == ["Łódź", "Évora"]
    assert problems == [RowProblem(3, "bytes that are not UTF-8; save the file as UTF-8")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(file: Path, delimiter: str) -> None:
    lines = ["name,note,amount", '"ACME; or, so | they say",x,"1,5"', "B,y,2"]
    text = "\n".join(line.replace(",", delimiter) if '"' not in line else "" for line in lines)
    quoted = delimiter.join(['"ACME; or, so | they say"', "x", '"1,5"'])
    source, rows, _problems = read(file, text + "\n" + quoted)
    assert source.columns == ("name", "note", "amount")
    assert rows[-1].cells == ("ACME; or, so | they say", "x", "1,5")


def test_decimal_commas_do_not_make_commas_the_delimiter(file: Path) -> None:
    source, rows, _problems = read(file, "Name;Amount, EUR\nACME;1,50\nBeta;2,75\n")
    assert source.columns == ("Name", "Amount, EUR")
    assert rows[0].cells == ("ACME", "1,50")


def test_a_delimiter_can_be_named(file: Path) -> None:
    source, rows, _problems = read(file, "a:b\n1:2\n", delimiter=":")
    assert (source.columns, rows[0].cells) == (("a", "b"), ("1", "2"))
    assert read(file, "a,x\tb\n1\t2\n", delimiter="tab")[0].columns == ("a,x", "b")
    with pytest.raises(BadInput, match='"::" is no delimiter'):
        open_source(file, delimiter="::")


def test_excels_own_declaration_of_the_delimiter_is_obeyed(file: Path) -> None:
    source, rows, _problems = read(file, "\ufeffsep=|\r\nname,x|city\r\nA|B\r\n")
    assert source.columns == ("name,x", "city")
    assert rows == [SourceRow(3, ("A", "B"))]


def test_one_column_needs_no_delimiter(file: Path) -> None:
    source, rows, _problems = read(file, "name\nACME; Inc.\nA|B\n")
    assert source.columns == ("name",)
    assert [row.cells for row in rows] == [("ACME; Inc.",), ("A|B",)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_shows_them(file: Path, ending: str) -> None:
    lines = ["name,notes", 'A,"one', "two", 'three"', "", "B,x"]
    _source, rows, _problems = read(file, ending.join(lines))
    assert [(row.line, row.cells[0]) for row in rows] == [(2, "A"), (6, "B")]
    assert rows[0].cells[1].splitlines() == ["one", "two", "three"]


def test_mixed_line_endings_are_read(file: Path) -> None:
    _source, rows, _problems = read(file, "name,x\r\nA,1\nB,2\rC,3\r\n")
    assert [row.line for row in rows] == [2, 3, 4]


def test_spaces_after_delimiters_do_not_spoil_quotes(file: Path) -> None:
    source, rows, _problems = read(file, '"name", "city"\n"A, B", "C"\n')
    assert (source.columns, rows[0].cells) == (("name", "city"), ("A, B", "C"))


def test_ragged_rows_are_reported_and_the_others_kept(file: Path) -> None:
    _source, rows, problems = read(file, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,,\n,,\n\n7,8,9\n")
    assert [row.line for row in rows] == [2, 5, 8]
    assert problems == [
        RowProblem(3, "2 cells where there are 3 columns"),
        RowProblem(4, "4 cells where there are 3 columns"),
    ]


def test_a_quote_never_closed_costs_one_row(file: Path) -> None:
    _source, rows, problems = read(file, 'a,b\n1,x\n2,"oops\n3,y\n4,z\n')
    assert [row.cells[0] for row in rows] == ["1", "3", "4"]
    assert problems == [RowProblem(3, "a quote is opened and never closed")]


def test_a_quote_closed_by_a_later_one_swallows_nothing(file: Path) -> None:
    _source, rows, problems = read(file, 'a,b\n1,"oops\n2,"fine"\n3,"He said "hi""\n4,y\n')
    assert [row.cells for row in rows] == [("2", "fine"), ("4", "y")]
    assert [problem.line for problem in problems] == [2, 4]
    assert "written twice" in problems[0].reason


def test_quotes_inside_plain_cells_are_text(file: Path) -> None:
    _source, rows, _problems = read(file, "a,b\n5\" pipe,it's\n")
    assert rows[0].cells == ('5" pipe', "it's")


def test_a_nul_costs_one_row(file: Path) -> None:
    _source, rows, problems = read(file, "name,city\nA,x\nB\0,y\nC,z\n")
    assert [row.cells[0] for row in rows] == ["A", "C"]
    assert problems[0].line == 3
    assert "NUL" in problems[0].reason


def test_a_monstrous_cell_costs_one_row(file: Path) -> None:
    _source, rows, problems = read(file, "name,notes\nA,x\nB," + "y" * 1_000_100 + "\nC,z\n")
    assert [row.cells[0] for row in rows] == ["A", "C"]
    assert problems[0].line == 3
    assert problems[0].reason.startswith("a cell is longer than 1,000,000 characters")


def test_a_monstrous_line_is_never_held_whole(file: Path) -> None:
    limits = Limits(record=1000, cell=5000)
    _source, rows, problems = read(file, "a,b\n1,2\n3," + "x" * 9000 + "\n5,6\n", limits=limits)
    assert [row.line for row in rows] == [2, 4]
    assert problems == [RowProblem(3, "the row is longer than 1,000 characters")]


def test_quotes_that_are_none_end_the_reading_in_time(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_tui.importers.csv_file._MOST_REREAD", 5_000)
    with pytest.raises(BadInput, match="is this a CSV file"):
        read(file, "a,b\n" + '1,"x,y\n' * 999)


def test_headings_are_made_unique_and_never_empty(file: Path) -> None:
    source, rows, _problems = read(file, "Email, ,email,Email,,\n1,2,3,4,,\n")
    assert source.columns == ("Email", "column 2", "email (2)", "Email (3)")
    assert rows[0].cells == ("1", "2", "3", "4")
    assert len(source.notes) == 3
    assert source.notes[0] == 'Column 2 has no heading; it is called "column 2".'


def test_headings_show_no_hostile_characters(file: Path) -> None:
    source, _rows, _problems = read(file, "\x1b[31mName\x07,\u202eEmail\nA,b\n")
    assert source.columns == ("[31mName", "Email")


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0\0\0"])
def test_an_empty_file_says_so(file: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="clients.csv is empty"):
        read(file, content)


def test_a_file_without_headings_says_so(file: Path) -> None:
    with pytest.raises(BadInput, match="clients.csv is empty"):
        read(file, ",,,\n")
    with pytest.raises(BadInput, match="line 2 has no headings"):
        read(file, "\n, ,\na,b\n")


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, bytes(range(32)) * 9])
def test_what_is_no_text_is_refused(file: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="not text"):
        read(file, content)


def test_too_many_columns_and_rows_are_refused(file: Path) -> None:
    with pytest.raises(BadInput, match="501 columns are too many; 500 fit"):
        read(file, ",".join(f"c{n}" for n in range(501)) + "\n")
    with pytest.raises(BadInput, match=r"clients\.csv holds more than 3 rows"):
        read(file, "a,b\n" + "1,2\n" * 4, limits=Limits(rows=3))


def test_our_own_defused_cells_come_back(file: Path) -> None:
    _source, rows, _problems = read(file, "name,phone\n'=1+1,'+49 30\n''@x,'quoted\n")
    assert [row.cells for row in rows] == [("=1+1", "+49 30"), ("'@x", "'quoted")]


def test_a_source_can_be_read_again_and_tells_how_far_it_is(file: Path) -> None:
    source, rows, _problems = read(file, "name,x\n" + "ACME,1\n" * 5000)
    assert source.position() == source.total_bytes == file.stat().st_size
    assert len(list(source.rows())) == len(rows) == 5000
    assert len(source.sample(10)) == 10
    reading = source.rows()
    for _row in range(2000):
        next(reading)
    assert 0 < source.position() < source.total_bytes
