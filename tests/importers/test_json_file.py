"""JSON: lists, lists under a key, one object per line; streamed, and never deeper than can be held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm_tui.errors import BadInput
from crm_tui.importers import Limits, RowProblem, SourceRow, open_source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clients.json"


def read(file: Path, content: Any, **options: Any) -> tuple[tuple[str, ...], list[SourceRow | RowProblem]]:
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_text(text, encoding="utf-8")
    source = open_source(file, **options)
    return source.columns, list(source.rows())


def test_a_list_of_objects_is_a_table(file: Path) -> None:
    columns, rows = read(file, '[{"name": "ACME", "score": 82},\n\n {"city": "Łódź", "name": "Beta"}]')
    assert columns == ("name", "score", "city")
    assert rows == [SourceRow(1, ("ACME", "82", "")), SourceRow(3, ("Beta", "", "Łódź"))]


def test_values_take_the_form_of_our_own_tables(file: Path) -> None:
    record = {
        "owner": {"id": 3, "name": "Ana"},
        "tags": ["vip", "long term"],
        "team": [{"id": 1, "name": "Sales"}, {"id": 2, "name": "Support"}],
        "active": True,
        "score": None,
        "custom": {},
        "contact": {"name": "Maria", "email": "m@example.com"},
        "lines": [{"sku": "X", "n": 1}],
    }
    columns, (row,) = read(file, [record])
    assert isinstance(row, SourceRow)
    assert dict(zip(columns, row.cells, strict=True)) == {
        "owner": "Ana",
        "tags": "vip, long term",
        "team": "Sales, Support",
        "active": "true",
        "score": "",
        "custom": "",
        "contact.name": "Maria",
        "contact.email": "m@example.com",
        "lines": '[{"sku": "X", "n": "1"}]',
    }


def test_numbers_lose_no_digit(file: Path) -> None:
    _columns, (row,) = read(file, '[{"amount": 12.50, "id": 12345678901234567890, "e": 1e3}]')
    assert isinstance(row, SourceRow)
    assert row.cells == ("12.50", "12345678901234567890", "1e3")


def test_a_list_under_a_key_is_found(file: Path) -> None:
    content = {"total": 2, "page": {"n": [1]}, "clients": [{"name": "A"}, {"name": "B"}], "next": None}
    columns, rows = read(file, content)
    assert columns == ("name",)
    assert len(rows) == 2


def test_the_list_can_be_named(file: Path) -> None:
    content = {"teams": [{"t": 1}], "clients": [{"name": "A"}]}
    assert read(file, content, sheet="clients")[0] == ("name",)
    with pytest.raises(BadInput, match='no list "client". Did you mean "clients"'):
        open_source(file, sheet="client")


def test_one_object_is_one_row(file: Path) -> None:
    assert read(file, {"name": "ACME", "tags": ["a", "b"]})[1] == [SourceRow(1, ("ACME", "a, b"))]
    columns, rows = read(file, {"name": "ACME", "contacts": [{"name": "Maria"}]})
    assert (columns, len(rows)) == (("name", "contacts"), 1)


def test_an_object_per_line_keeps_the_good_lines(file: Path) -> None:
    _columns, rows = read(file, '{"name": "A"}\n{"name": "B"\n\n[1]\n{"name": "C"}\n')
    assert [row.line for row in rows] == [1, 2, 4, 5]
    assert isinstance(rows[1], RowProblem)
    assert "not valid JSON" in rows[1].reason
    assert rows[2] == RowProblem(4, "this is no object, as the others are")
    assert rows[3] == SourceRow(5, ("C",))


def test_a_line_beyond_the_limit_costs_itself(tmp_path: Path) -> None:
    lines = ['{"a": "x"}', json.dumps({"a": "y" * 500}), '{"a": "z"}']
    _columns, rows = read(tmp_path / "x.jsonl", "\n".join(lines), limits=Limits(record=200))
    assert rows[1] == RowProblem(2, "the line is longer than 200 characters")
    assert rows[2] == SourceRow(3, ("z",))


def test_what_is_no_object_in_a_list_is_reported(file: Path) -> None:
    _columns, rows = read(file, '[{"a": 1},\n 5,\n {"a": 2}]')
    assert rows[1] == RowProblem(2, "this is no object, as the others are")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"a": 1},\n {"a": 2,,}]', "line 2: this is not valid JSON"),
        ('[{"a": 1}\n {"a": 2}]', "line 2: a comma or ] is missing"),
        ('[{"a": 1},\n', "line 2: this is not valid JSON"),
        ('[{"a": 1}] and more', "line 1: something follows the end"),
        ('{"a" 1}', "line 1: a colon is missing"),
        ('[{"a": NaN}]', "NaN is no number"),
        ("hello", "line 1: a list of objects is needed"),
        ("[]", "holds no objects"),
        ("[1, 2]", "holds no objects"),
        ('{"clients": []}x', "something follows"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(file: Path, content: str, message: str) -> None:
    with pytest.raises(BadInput) as raised:
        read(file, content)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"a":' * 50_000, '[{"a":' + "[" * 5000 + "]" * 5000 + "}]"],
    ids=["lists", "objects", "cell"],
)
def test_depth_is_no_danger(file: Path, content: str) -> None:
    with pytest.raises(BadInput, match="nested too deeply"):
        read(file, content)


def test_what_is_deep_but_not_too_deep_stays_text(file: Path) -> None:
    columns, (row,) = read(file, '[{"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}]')
    assert columns == ("a.b.c.d",)
    assert row == SourceRow(1, ('{"e": {"f": "1"}}',))


def test_an_object_beyond_the_limit_is_refused(file: Path) -> None:
    with pytest.raises(BadInput, match="the object is longer than 100,000 characters"):
        read(file, '[{"a": "' + "x" * 500_000 + '"}]', limits=Limits(record=100_000))


def test_too_many_keys_are_refused(file: Path) -> None:
    with pytest.raises(BadInput, match="columns are too many"):
        read(file, [{f"k{n}": 1 for n in range(600)}])


def test_objects_across_the_pieces_that_are_read_stay_whole(file: Path) -> None:
    records = [{"n": n, "text": "x" * (n % 997), "nested": {"a": {"b": n}}} for n in range(1000)]
    columns, rows = read(file, json.dumps(records, indent=2))
    assert columns == ("n", "text", "nested.a.b")
    assert [row.cells[2] for row in rows if isinstance(row, SourceRow)] == [str(n) for n in range(1000)]
    lines = json.dumps(records, indent=2).splitlines()
    assert [row.line for row in rows] == [n for n, line in enumerate(lines, 1) if line == "  {"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_read(file: Path, codec: str) -> None:
    file.write_bytes('[{"ção": "Łódź"}]'.encode(codec))
    source = open_source(file)
    assert source.columns == ("ção",)
    assert next(source.rows()) == SourceRow(1, ("Łódź",))
