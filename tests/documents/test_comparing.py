"""Two versions of a document: what differs, by section, line and word; and the marks in the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.documents import compare, marks
from crm_tui.documents.sections import Section


def texts(found: list[compare.Difference]) -> list[tuple[str, str]]:
    return [(one.how, one.section.heading) for one in found]


def test_sections_that_came_went_and_changed() -> None:
    before = [Section("A", body="the quick fox"), Section("B", body="gone"), Section("C", body="same")]
    after = [Section("A", body="the slow fox"), Section("C", body="same"), Section("D", body="new")]
    found = compare.compare(before, after)
    assert texts(found) == [("changed", "A"), ("removed", "B"), ("same", "C"), ("added", "D")]
    assert compare.inline(found[0].lines[0]) == [
        ("the ", "same"), ("quick", "removed"), ("slow", "added"), (" fox", "same"),
    ]  # fmt: skip


def test_a_section_that_was_renamed_is_the_same_one() -> None:
    found = compare.compare([Section("Old", body="text", id=3)], [Section("New", body="text", id=3)])
    assert texts(found) == [("changed", "New")]
    found = compare.compare([Section("Old", body="a text")], [Section("New", body="a text")])
    assert texts(found) == [("changed", "New")]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6))
def test_both_versions_can_be_read_from_what_differs(before: list[str], after: list[str]) -> None:
    old, new = "\n".join(before), "\n".join(after)
    (found,) = compare.compare([Section("A", body=old)], [Section("A", body=new)])
    former = [line for line in found.lines if line.before is not None]
    later = [line for line in found.lines if line.after is not None]
    assert "\n".join("".join(piece.text for piece in line.before or ()) for line in former) == old
    assert "\n".join("".join(piece.text for piece in line.after or ()) for line in later) == new


def test_marks_lead_on_and_back() -> None:
    line = "Editors publish ← D-7 → T-88"
    assert marks.without(line) == "Editors publish"
    assert [str(mark) for mark in marks.marks(line)] == ["← D-7", "→ T-88"]
    assert marks.made(line) == [marks.Mark("T", 88, True)]
    assert marks.made("see -> D-3") == []
    assert marks.without("no mark -> T-shirt") == "no mark -> T-shirt"


def test_lines_of_notes_that_become_something() -> None:
    body = "14:02 ! Editors publish\nplain\n? who owns it\n  Maria does\n> call Ana\n! lifted → D-3\n!! no\n>"
    assert [(one.mark, one.text, one.line) for one in marks.raised(body)] == [
        ("!", "Editors publish", 0), ("?", "who owns it", 2), (">", "call Ana", 4),
    ]  # fmt: skip
    assert marks.questions([body]) == 0
    assert marks.questions(["? one\n? two\n  answered"]) == 1
