"""Documents from the command line: begun, written, kept, approved, exchanged as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def document(crm: Run) -> str:
    """The requirements of a website, document 1, of client 1 with a person and an order."""
    crm("add", "client", "name=ACME Studio")
    crm("add", "contact", "name=Maria Anders", "client=ACME Studio")
    crm("add", "order", "client=ACME Studio", "title=Site")
    crm("do", "document.add", "template=business requirements", "client=#1", "title=Website")
    crm("set", "sections", "heading:'Functional requirements'", "body=publish ~2h\nredirect")
    return "1"


def test_from_the_template_to_work(crm: Run, document: str) -> None:
    assert "Revision 1 kept" in crm("do", "document.keep", document, "note=as sent").out
    assert crm("do", "document.revisions", document, "--json").json["found"][0]["note"] == "as sent"
    asked = crm("do", "document.ask", document, "contacts=Maria Anders")
    assert "Revision 1 is in review: 1 person is asked" in asked.out
    decided = crm("do", "document.decide", document, "approval=1", "decision=approved")
    assert "the document is approved" in decided.out
    refused = crm("do", "document.replace", document, "find=publish", "with=print", code=1)
    assert "anyway=yes" in refused.err
    crm("do", "document.replace", document, "find=publish", "with=print", "anyway=yes")
    compared = crm("do", "document.compare", document, "before=1").out
    assert "- [ ] [-publish-]{+print+} ~2h" in compared
    assert "2 tasks added to ORD-1" in crm("do", "document.lift", document, "order=ORD-1").out
    assert [task["title"] for task in crm("list", "tasks", "--json", "--columns", "title").json] == [
        "print",
        "redirect",
    ]
    assert crm("list", "clients", "documents.status:draft", "--json").json != []


def test_what_has_to_be_named_is_said(crm: Run, document: str) -> None:
    assert "contacts=" in crm("do", "document.ask", document, code=2).err
    assert "order=" in crm("do", "document.lift", document, code=2).err
    crm("do", "client.notes", "1")
    crm("set", "sections", "heading:Notes", "body=! faster")
    assert "to=" in crm("do", "document.lift", "2", code=2).err
    assert "Lifted: 1 requirement" in crm("do", "document.lift", "2", "to=Website").out
    assert "There are text, list" in crm("do", "document.insert", document, "heading=X", "kind=riddle", code=2).err


def test_files_go_out_and_come_in(crm: Run, document: str, tmp_path: Path) -> None:
    for ending in ("md", "html", "pdf", "txt"):
        crm("export", "documents", document, "--to", str(tmp_path / f"site.{ending}"))
        assert (tmp_path / f"site.{ending}").stat().st_size > 500
    assert crm("import", "documents", str(tmp_path / "site.md"), "--json").json == {"entity": "document", "id": 2}
    again = tmp_path / "again.md"
    crm("export", "documents", "2", "--to", str(again))
    assert again.read_text() == (tmp_path / "site.md").read_text()
    (tmp_path / "broken.md").write_text("---\ntitle: x\n")
    assert "never ends" in crm("import", "documents", str(tmp_path / "broken.md"), code=2).err
    assert "cannot be read" in crm("import", "documents", str(tmp_path / "nowhere.md"), code=2).err
    (tmp_path / "latin.md").write_bytes(b"## \xe9")
    assert "UTF-8" in crm("import", "documents", str(tmp_path / "latin.md"), code=2).err
    assert "holds one document" in crm("export", "documents", "Website", "--to", str(tmp_path / "x.pdf"), code=2).err
    crm("export", "documents", "--to", str(tmp_path / "all.csv"))
    assert (tmp_path / "all.csv").read_text(encoding="utf-8-sig").count("\n") == 3
