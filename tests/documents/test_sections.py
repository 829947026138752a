"""What each kind of section holds, and how it is written however it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.documents import layout, sections, tables
from crm_tui.documents.kinds import KINDS
from crm_tui.documents.sections import Section, tidy


def written(kind: str, body: str) -> str:
    return tidy(Section("Heading", kind, body))


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "\n\n one  \ntwo \n\n", " one  \ntwo"),
        ("text", "   \none\n ", "one"),
        ("list", "one\n* two\n\n3. three\n  - part", "- one\n- two\n- three\n  - part"),
        ("checklist", "one\n- [x] two\n- [ ] \n[X] three\n-", "- [ ] one\n- [x] two\n- [x] three"),
        ("money", "Logo: 3 x 1,200\nHosting: 99.5\nsee below", "- Logo: 3 x 1200.00\n- Hosting: 99.50\n- see below"),
        ("money", "Time: 10:30 talk: 40", "- Time: 10:30 talk: 40.00"),
        ("range", "1 Dec to 15 Dec discovery\n2026-12-24", "- 2026-12-01 .. 2026-12-15 discovery\n- 2026-12-24"),
        ("range", "24 Dec 2026 – 2 Jan 2027 rest", "- 2026-12-24 .. 2027-01-02 rest"),
        ("day", "tomorrow at noon", "2026-11-23 at noon"),
        ("number", "4.5 hours", "4.5 hours"),
        ("number", "12%", "12 %"),
        ("person", "Maria Anders\n- Bo", "- Maria Anders\n- Bo"),
        ("table", "a|b\n1|two", "| a   | b   |\n| --- | --- |\n| 1   | two |"),
        ("notes", "! wanted\n\n? asked", "! wanted\n\n? asked"),
    ],
)  # fmt: skip
def test_a_kind_keeps_what_was_typed_in_one_way(kind: str, typed: str, kept: str) -> None:
    assert written(kind, typed) == kept
    assert written(kind, kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "reason"),
    [
        ("day", "some day", "not a day"),
        ("day", "2026-02-31", "no day"),
        ("range", "ok\n", "not a day"),
        ("range", "1 Dec 2026 to 1 Nov 2026 back", "before"),
        ("range", "2026-12-01\nnever", "line 2"),
        ("number", "many", "no number"),
        ("money", "Design: 12abc", "line 1"),
        ("text", "x" * 1_000_001, "too many"),
    ],
)
def test_what_cannot_be_is_said(kind: str, typed: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        written(kind, typed)


def test_amounts_add_up() -> None:
    found = sections.amounts(Section("Money", "money", "- Design: 3 x 1200.00\n- Hosting: 99.00\n- nothing"))
    assert [amount.total for amount in found] == [3600, 99, 0]


def test_a_table_without_rows_says_nothing() -> None:
    empty = Section("Risks", "table", "| Risk | Answer |\n| --- | --- |", required=True)
    assert empty.missing
    assert not Section("Risks", "table", empty.body + "\n| a | b |", required=True).missing


def test_tables_keep_their_pipes_and_sides() -> None:
    text = "| a \\| b | n |\n| --- | --: |\n| ü | 1 |"
    aligned = tables.aligned(text)
    assert aligned == "| a \\| b | n   |\n| ------ | --: |\n| ü      |   1 |".replace("n   ", "  n ")
    assert tables.aligned(aligned) == aligned


HOSTILE = [
    "> " * 5_000 + "deep", "*" * 20_000, "[" * 20_000, "<script>alert(1)</script>", "\x1b[31mred\x07", "a\x00b",
    "- " * 3_000 + "x", "`" * 9_999, "|" * 5_000, "#" * 400 + " x", "\u202eevil", "![x](http://a/b.png)", "\t\r\n\t",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", list(KINDS))
def test_hostile_text_is_kept_or_refused_and_laid_out(kind: str, text: str) -> None:
    one = Section("H", kind, text)
    try:
        body = tidy(one)
    except ValueError:
        body = text
    assert not set(body) & {"\x1b", "\x07"} or body == text
    for line in layout.section(Section("H", kind, body), 40):
        assert layout.text_of(line) is not None


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(list(KINDS)), text=st.text(max_size=200), width=st.integers(8, 90))
def test_any_text_is_tidied_once_and_fits_its_width(kind: str, text: str, width: int) -> None:
    try:
        body = written(kind, text)
    except ValueError:
        return
    assert written(kind, body) == body
    from rich.cells import cell_len

    if kind not in ("range", "money", "table"):  # those are drawn as far as they can be
        for line in layout.section(Section("Heading", kind, body), width):
            assert cell_len(layout.text_of(line)) <= max(width, 8) + 8
