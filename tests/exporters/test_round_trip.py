"""What is exported is imported again unchanged, whatever text it is: in every format, by our own reader."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.exporters import ExportColumn, open_target
from crm_tui.exporters.formulas import defuse, undo
from crm_tui.importers import SourceRow, open_source
from crm_tui.text import clean

COLUMNS = [
    ExportColumn("external_id", "External id"),
    ExportColumn("name", "Name"),
    ExportColumn("notes", "Notes", "text"),
    ExportColumn("amount", "Amount", "money"),
]

HOSTILE = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="=+-@\t\r\n'\"\\,;|_x00Dé ＝#N/A1.%", max_size=12),
    st.sampled_from(
        ["NULL", "#N/A", "#REF!", "_x000D_", "x005F_", "a_x005F_b", "'", "''=", "sep=;", "\ufffe", "\uffff", "1e5"]
    ),
)
TEXT = HOSTILE.map(clean)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["0", "-12.50", "1200", ""])), min_size=1, max_size=5)


def round_trip(suffix: str, columns: Sequence[ExportColumn], rows: Sequence[Sequence[object]]) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export{suffix}"
        with open_target(file, columns) as target:
            for row in rows:
                target.write(row)
        source = open_source(file)
        assert source.columns == tuple(column.name for column in columns)
        back = list(source.rows())
    assert all(isinstance(row, SourceRow) for row in back), back
    return [row.cells for row in back if isinstance(row, SourceRow)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_text_comes_back_as_it_was(suffix: str, rows: list[tuple[str, str, str]]) -> None:
    written = [(f"X{number}", *row) for number, row in enumerate(rows)]
    expected = written
    if suffix == ".xlsx":  # an amount is a number there, and a number has no last zero
        expected = [(*row[:3], row[3].replace(".50", ".5")) for row in written]
    assert round_trip(suffix, COLUMNS, written) == expected


@given(HOSTILE)
def test_defusing_is_undone_exactly(text: str) -> None:
    assert undo(defuse(text)) == text
    assert defuse(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@given(st.lists(TEXT, min_size=1, max_size=6))
def test_no_cell_of_a_csv_begins_a_formula(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.csv"
        with open_target(file, [ExportColumn("name", "Name")]) as target:
            for text in texts:
                target.write([text])
        written = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    assert not [row for row in written for cell in row if cell[:1] and cell[0] in "=+-@\t\r\n"]


VALUES: list[tuple[str, object, str]] = [
    ("text", "Łódź\nline", "Łódź\nline"),
    ("text", None, ""),
    ("text", "", ""),
    ("phone", "+49 30 1234", "+49 30 1234"),
    ("text", "-5", "-5"),
    ("text", "=HYPERLINK(1)", "=HYPERLINK(1)"),
    ("number", -82, "-82"),
    ("number", 0, "0"),
    ("money", "-12.50", "-12.50"),
    ("money", "12345678901234567.89", "12345678901234567.89"),
    ("number", 12345678901234567890, "12345678901234567890"),
    ("money", "+1 or so", "+1 or so"),
    ("day", "2026-11-22", "2026-11-22"),
    ("day", "1850-01-01", "1850-01-01"),
    ("day", "not a day!", "not a day!"),
    ("moment", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
    ("flag", True, "true"),
    ("flag", False, "false"),
    ("reference", {"id": 3, "name": "=Ana"}, "=Ana"),
    ("reference", {"id": 3, "name": ""}, "3"),
    ("tags", ["vip", "long term"], "vip, long term"),
    ("tags", [], ""),
]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_every_kind_of_value_comes_back_as_text(suffix: str) -> None:
    columns = [ExportColumn(f"field_{number}", "Field", kind) for number, (kind, _value, _text) in enumerate(VALUES)]
    (cells,) = round_trip(suffix, columns, [[value for _kind, value, _text in VALUES]])
    expected = [text for _kind, _value, text in VALUES]
    if suffix == ".xlsx":
        expected[expected.index("-12.50")] = "-12.5"
    assert list(cells) == expected


def test_columns_of_headings_that_are_formulas_come_back() -> None:
    assert round_trip(".csv", [ExportColumn("=x", ""), ExportColumn("+y", "")], [["1", "2"]]) == [("1", "2")]


def test_json_keeps_the_form_of_the_values(tmp_path: Path) -> None:
    file = tmp_path / "clients.json"
    columns = [ExportColumn("name", "Name"), ExportColumn("owner", "Owner", "reference"), ExportColumn("tags", "Tags")]
    with open_target(file, columns) as target:
        target.write(["=ACME", {"id": 3, "name": "Ana"}, ["é", "b"]])
        target.write([None, None, []])
    assert json.loads(file.read_text(encoding="utf-8")) == [
        {"name": "=ACME", "owner": {"id": 3, "name": "Ana"}, "tags": ["é", "b"]},
        {"name": None, "owner": None, "tags": []},
    ]
    with open_target(file, columns):
        """Nothing matches."""
    assert json.loads(file.read_text()) == []


CARD = [
    *("name", "email", "phone", "website", "street", "city", "region", "postal_code", "country", "tags", "notes"),
    *("external_id", "contact.name", "contact.title", "contact.role", "contact.email", "contact.phone", "clients"),
]
LINE = st.text(max_size=40).map(lambda text: " ".join(clean(text).split()))
LINES = st.text(max_size=120).map(lambda text: clean(text).strip())


@settings(max_examples=60, deadline=None)
@given(name=LINE.filter(bool), person=LINE, notes=LINES, city=LINE)
def test_a_client_comes_back_from_its_card(name: str, person: str, notes: str, city: str) -> None:
    record: dict[str, object] = dict.fromkeys(CARD)
    record |= {"name": name, "email": "info@example.com", "phone": "+49 30 1", "external_id": "A;1", "city": city}
    record |= {"notes": notes, "tags": ["long, term", "vip"]}
    if person and person != name:
        record |= {"contact.name": person, "contact.email": "p@example.com", "contact.title": "Owner, CEO"}
    columns = [ExportColumn(name, name) for name in CARD]
    (cells,) = round_trip(".vcf", columns, [[record[name] for name in CARD]])
    expected = {key: value or "" for key, value in record.items()} | {"tags": "long, term, vip"}
    assert dict(zip(CARD, cells, strict=True)) == expected
