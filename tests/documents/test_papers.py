"""Documents as they are given away: HTML, PDF and text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crm_tui.db import Workspace
from crm_tui.documents import html, pdf
from crm_tui.documents.sections import Section, tidy
from crm_tui.errors import BadInput
from crm_tui.exporters import papers
from crm_tui.scope import Actor
from crm_tui.services import document_templates, documenting
from tests import business

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://a/b.png) <b onclick=x> & \u202e"


def filled() -> list[Section]:
    """The business requirements template, something in each section."""
    texts = {
        "text": "Relaunch of the **public site** in 3 languages, Żółć Ελλάδα Привет.\n\n1. one\n2. two",
        "list": "- one\n- two", "checklist": "- [ ] Editors publish → T-88\n  - [x] done", "person": "- Maria Anders",
        "money": "Design: 3 x 1200\nHosting: 99", "range": "2026-12-01 .. 2026-12-15 discovery\n2026-12-24 opens",
        "table": "| a | b |\n| --- | --: |\n| x | 12 |", "notes": "? who owns the photos\n  Maria does",
        "day": "2026-12-24 noon", "number": "12 %",
    }  # fmt: skip
    template = document_templates.read(document_templates.shipped()["business requirements"])
    return [Section(one.heading, one.kind, tidy(Section("h", one.kind, texts[one.kind])), one.level) for one in
            template.sections]  # fmt: skip


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [f"{name}={value}" for name, value in attrs]


def test_html_is_one_file_that_runs_and_fetches_nothing() -> None:
    sections = [Section(HOSTILE, kind, HOSTILE) for kind in ("text", "list", "checklist", "notes", "person", "table")]
    page = html.page(html.Paper(HOSTILE, [*sections, *filled()], [(HOSTILE, HOSTILE)], [HOSTILE], HOSTILE))
    found = _Elements()
    found.feed(page)
    assert "script" not in found.names
    assert not [one for one in found.attributes if re.match(r"on\w+=|(?:href|src)=\s*(?:javascript|data):", one)]
    assert "default-src 'none'" in page
    assert "3 × €1,200.00" in page
    assert "€3,699.00" in page
    assert "→ T-88" not in page  # links of the workspace are nobody else's
    assert page.count("<h2>") > 10


def test_pdf_holds_every_alphabet_of_europe() -> None:
    made = pdf.page(html.Paper("Żółć Ελλάδα Привет", filled(), [("For", "ACME")], ["Maria approved"], "SHA"))
    assert made.startswith(b"%PDF-")
    assert len(made) > 10_000


LONG = [HOSTILE, "> " * 3_000 + "x", "#" * 90, "x" * 5_000, "日本語 🎉", "| a |\n|---|", ""]


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
@pytest.mark.parametrize("kind", ["text", "checklist", "table", "money", "range", "notes"])
def test_hostile_text_makes_a_pdf_too(kind: str, text: str) -> None:
    assert pdf.page(html.Paper(text[:90], [Section(text[:90], kind, text)])).startswith(b"%PDF-")


def test_files_say_by_their_ending_as_what_they_are_written(workspace: Workspace, ana: Actor, tmp_path: Path) -> None:
    business.client(workspace, ana)
    typed = {"title": "Website", "client": "ACME Studio", "kind": "business requirements"}
    record = documenting.add_written(workspace, ana, typed, filled())
    for ending, begins in ((".md", "---\ntitle: Website"), (".html", "<!doctype html>"), (".txt", "Website\n===")):
        path = papers.write(ana, record, tmp_path / f"x{ending}")
        assert path.read_text(encoding="utf-8").startswith(begins)
    assert papers.write(ana, record, tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")
    text = (tmp_path / "x.txt").read_text(encoding="utf-8")
    assert "☐ Editors publish\n" in text
    assert "Total" in text
    with pytest.raises(BadInput, match="as what"):
        papers.write(ana, record, tmp_path / "x.docx")
    with pytest.raises(BadInput, match="no folder"):
        papers.write(ana, record, tmp_path / "nowhere" / "x.pdf")


def test_out_as_markdown_and_in_again_is_equal_section_for_section(
    workspace: Workspace, ana: Actor, tmp_path: Path
) -> None:
    from crm_tui import writings

    business.client(workspace, ana)
    typed = {"title": "Website", "client": "ACME Studio", "kind": "business requirements", "tags": "web"}
    record = documenting.add_written(workspace, ana, typed, filled())
    file = papers.write(ana, record, tmp_path / "x.md")
    again = documenting.from_file(workspace, ana, file.read_text(encoding="utf-8"), {})
    assert [one.as_dict() for one in writings.read(again)] == [one.as_dict() for one in writings.read(record)]
    held, first = business.held("document", again), business.held("document", record)
    assert {name: held[name] for name in ("title", "client", "kind", "tags", "status")} == {
        name: first[name] for name in ("title", "client", "kind", "tags", "status")
    }


def test_names_of_files_are_safe() -> None:
    assert papers.name_for("ACME: the / site?", ".pdf") == "ACME the site.pdf"
    assert papers.name_for("...", ".md") == "document.md"
