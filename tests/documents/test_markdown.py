"""Documents as Markdown files: what is written reads back the same, what others wrote becomes sections."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.documents import markdown, sections
from crm_tui.documents.kinds import KINDS
from crm_tui.documents.sections import Section
from crm_tui.services import document_templates

_heading = st.text(min_size=1, max_size=40).map(lambda text: text)
_bodies = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(["## Heading", "<!-- section: text -->", "\\<!-- section: x -->", "```", "- a", "", "---",
                         "# x", "<!-- section #3: list, required. Hint -->", "    code"]), max_size=8,
    ).map("\n".join),
)  # fmt: skip


@st.composite
def _sections(draw: st.DrawFn) -> Section:
    try:
        heading = sections.heading(draw(_heading))
    except ValueError:
        heading = "Heading"
    kind = draw(st.sampled_from(list(KINDS)))
    one = Section(heading, kind, draw(_bodies), draw(st.integers(0, 4)), draw(st.booleans()), draw(
        st.sampled_from(["", "What is in, what is not", "ends with a dot.", "a. b, required", "x -- y"])))  # fmt: skip
    try:
        return replace(one, body=sections.tidy(one))
    except ValueError:
        return replace(one, body="")


@settings(max_examples=300, deadline=None)
@given(found=st.lists(_sections(), min_size=1, max_size=5), title=st.text(max_size=40))
def test_what_is_written_reads_back_section_for_section(found: list[Section], title: str) -> None:
    from crm_tui.text import clean_line

    facts = {"title": clean_line(title).strip(), "kind": "creative brief"}
    read = markdown.read(markdown.write(facts, found))
    assert read.sections == [replace(one, hint=one.hint.replace("--", "–")) for one in found]
    assert read.facts == {name: value for name, value in facts.items() if value}


@pytest.mark.parametrize("name", list(document_templates.shipped()))
def test_the_templates_that_ship_read_back(name: str) -> None:
    found = document_templates.read(document_templates.shipped()[name])
    assert found.facts["kind"] == name
    assert found.sections
    assert markdown.read(markdown.write(found.facts, found.sections)) == found


def test_six_templates_ship() -> None:
    assert list(document_templates.shipped()) == [
        "business requirements", "creative brief", "discovery notes", "meeting minutes", "retrospective",
        "statement of work",
    ]  # fmt: skip


def test_a_file_of_another_program_becomes_sections() -> None:
    text = (
        "# Relaunch\nsome words\n## Wanted\n- [ ] one\n- [x] two\n```\n## no heading\n```\n### Deeper\n- a\n- b\n"
        "## Table\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    found = markdown.read(text)
    assert found.facts == {"title": "Relaunch"}
    assert [(one.heading, one.kind, one.level) for one in found.sections] == [
        ("Introduction", "text", 0), ("Wanted", "text", 0), ("Deeper", "list", 1), ("Table", "table", 0),
    ]  # fmt: skip
    assert "## no heading" in found.sections[1].body


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: x\n\n## A", "never ends"),
        ("---\nno field\n---\n", "line 2"),
        ("---\ntitle: a\ntitle: b\n---\n", "once more"),
        ("## A\n<!-- section: riddle -->\n", "riddle"),
        ("x" * 10_000_001, "too many"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        markdown.read(text)


def test_ids_go_along_where_a_section_may_be_renamed() -> None:
    one = Section("Old", "list", "- a", id=7)
    text = markdown.write({}, [one], ids=True).replace("Old", "New")
    assert markdown.read(text).sections == [replace(one, heading="New")]
