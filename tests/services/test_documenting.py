"""Documents in the workspace: begun, arranged, kept, approved, changed again, and what is wanted made work."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import writings
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, InvalidRecord, NotFound
from crm_tui.models.base import entities
from crm_tui.queries import documents as found
from crm_tui.scope import Actor
from crm_tui.services import document_templates, documenting, records, requirements, revising
from crm_tui.services.documents import StillApproved
from crm_tui.undo import redo, undo
from tests import business

SECTION = entities["section"]


@pytest.fixture
def client(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana)


@pytest.fixture
def document(workspace: Workspace, ana: Actor, client: int) -> int:
    return documenting.begin(workspace, ana, {"title": "Website", "client": "ACME Studio"}, "business requirements")


def section(document: int, heading: str) -> int:
    return next(one.id for one in writings.read(document) if one.heading == heading and one.id)


def body(document: int, heading: str) -> str:
    return next(one.body for one in writings.read(document) if one.heading == heading)


def write(workspace: Workspace, actor: Actor, document: int, heading: str, text: str, **typed: Any) -> None:
    records.save(workspace, actor, SECTION, section(document, heading), {"body": text, **typed})


def approved(workspace: Workspace, ana: Actor, document: int, client: int) -> int:
    maria = business.contact(workspace, ana, client)
    revising.ask(workspace, ana, document, [maria])
    return revising.approvals(document)[0]["id"]


def test_a_template_begins_a_document_that_knows_what_is_missing(workspace: Workspace, document: int) -> None:
    held = business.held("document", document)
    assert (held["kind"], held["status"], held["revision"]) == ("business requirements", "draft", 0)
    assert held["missing"] == 7
    assert len(writings.read(document)) == 16


def test_what_is_written_is_counted_and_tidied(workspace: Workspace, ana: Actor, document: int) -> None:
    write(workspace, ana, document, "Functional requirements", "publish\n[x] redirect")
    assert body(document, "Functional requirements") == "- [ ] publish\n- [x] redirect"
    held = business.held("document", document)
    assert held["missing"] == 6
    with pytest.raises(InvalidRecord, match="line 2"):
        write(workspace, ana, document, "Timeline", "1 Dec 2026 to 2 Dec 2026 x\nnever")
    assert body(document, "Timeline") == ""


def test_documents_are_found_by_what_their_sections_say(workspace: Workspace, ana: Actor, document: int) -> None:
    from crm_tui.queries import lists

    def matches(text: str) -> list[int]:
        shown = lists.listing(ana, entities["document"], text)
        return [row.id for row in lists.Reading(ana, shown).window(0, 10)]

    write(workspace, ana, document, "Summary", "a zeppelin is wanted")
    assert matches("zeppelin") == [document]
    write(workspace, ana, document, "Summary", "nothing is wanted")
    assert matches("zeppelin") == []
    undo(workspace, ana)
    assert matches("zeppelin") == [document]
    documenting.remove_section(workspace, ana, section(document, "Summary"))
    assert matches("zeppelin") == []


def test_sections_are_added_moved_indented_and_removed(workspace: Workspace, ana: Actor, document: int) -> None:
    scope = section(document, "Project scope")
    documenting.add_section(workspace, ana, document, "Languages", kind="list", after=scope)
    documenting.move(workspace, ana, scope, 1)
    names = [(one.heading, one.level) for one in writings.read(document)][:5]
    assert names == [
        ("Summary", 0), ("Languages", 0), ("Project scope", 0), ("Out of scope", 1), ("Business drivers", 0),
    ]  # fmt: skip
    documenting.indent(workspace, ana, scope, 1)
    assert [one.level for one in writings.read(document)][:5] == [0, 0, 1, 2, 0]
    with pytest.raises(CrmError, match="already"):
        documenting.indent(workspace, ana, scope, 1)
    documenting.move(workspace, ana, scope, -1)
    assert writings.read(document)[1].heading == "Project scope"
    documenting.remove_section(workspace, ana, scope)
    assert [(one.heading, one.level) for one in writings.read(document)][:3] == [
        ("Summary", 0), ("Out of scope", 1), ("Languages", 0),
    ]  # fmt: skip
    for _step in range(5):
        undo(workspace, ana)
    assert [one.heading for one in writings.read(document)][1:3] == ["Project scope", "Out of scope"]
    with pytest.raises(CrmError, match="last"):
        documenting.move(workspace, ana, section(document, "Glossary"), 1)


def test_each_change_of_status_keeps_a_revision_and_an_approved_one_stays(
    workspace: Workspace, ana: Actor, client: int, document: int
) -> None:
    asked = approved(workspace, ana, document, client)
    assert business.held("document", document)["status"] == "in review"
    revising.decide(workspace, ana, asked, "approved", "looks good")
    held = business.held("document", document)
    assert (held["status"], held["revision"]) == ("approved", 1)
    (kept,) = found.revisions(document)
    assert (kept.number, kept.status) == (1, "approved")
    assert kept.content_hash == writings.content_hash(writings.content("Website", writings.read(document)))

    with pytest.raises(StillApproved, match="revision 1"):
        write(workspace, ana, document, "Summary", "changed")
    assert body(document, "Summary") == ""
    write(workspace, ana, document, "Summary", "changed", anyway="yes")
    held = business.held("document", document)
    assert (held["status"], held["revision"]) == ("draft", 2)
    assert [(one.number, one.status) for one in found.revisions(document)] == [(2, "draft"), (1, "approved")]
    assert found.revisions(document)[1].content_hash == kept.content_hash
    with pytest.raises(CrmError):
        records.save(workspace, ana, entities["revision"], 1, {"note": "mine"})
    with pytest.raises(CrmError):
        records.archive_many(workspace, ana, entities["revision"], [1])

    changed = [one for one in found.compared(document, 1, 0) if one.how != "same"]
    assert [one.section.heading for one in changed] == ["Summary"]
    with pytest.raises(CrmError, match="change of mind"):
        revising.decide(workspace, ana, asked, "changes wanted")

    revising.ask(workspace, ana, document, [business.contact(workspace, ana, client, "Bo Berg")])
    revising.decide(workspace, ana, revising.approvals(document)[0]["id"], "approved")
    assert [(one.number, one.status) for one in found.revisions(document)] == [(2, "approved"), (1, "superseded")]


def test_changes_wanted_make_it_a_draft_and_tell_its_owner(
    workspace: Workspace, ana: Actor, client: int, document: int
) -> None:
    asked = approved(workspace, ana, document, client)
    bo = business.operator(workspace, ana, "bo")
    said = revising.decide(workspace, bo, asked, "changes wanted", "the price is too high")
    assert "draft" in said
    assert business.held("document", document)["status"] == "draft"
    (told,) = [one for one in business.rows("notification") if one["record"] == document]
    assert told["operator"] == ana.operator_id
    assert "changes wanted" in told["text"]


def test_all_who_are_asked_have_to_approve(workspace: Workspace, ana: Actor, client: int, document: int) -> None:
    people = [business.contact(workspace, ana, client, name) for name in ("Maria", "Bo")]
    revising.ask(workspace, ana, document, people)
    first, second = (one["id"] for one in revising.approvals(document))
    revising.decide(workspace, ana, first, "approved")
    assert business.held("document", document)["status"] == "in review"
    revising.decide(workspace, ana, second, "approved")
    assert business.held("document", document)["status"] == "approved"
    undo(workspace, ana)
    assert business.held("document", document)["status"] == "in review"
    redo(workspace, ana)
    assert business.held("document", document)["status"] == "approved"
    with pytest.raises(CrmError, match="approved"):
        revising.ask(workspace, ana, document, people)


def test_approving_by_hand_asks_while_something_is_missing(workspace: Workspace, ana: Actor, document: int) -> None:
    entity = entities["document"]
    with pytest.raises(StillApproved, match="7 required sections"):
        records.save(workspace, ana, entity, document, {"status": "approved"})
    records.save(workspace, ana, entity, document, {"status": "approved", "anyway": "yes"})
    assert business.held("document", document)["revision"] == 1


def test_a_revision_is_brought_back_as_a_new_one_and_links_stay(
    workspace: Workspace, ana: Actor, client: int, document: int
) -> None:
    write(workspace, ana, document, "Functional requirements", "publish\nredirect")
    assert revising.keep_revision(workspace, ana, document, "before the call") == (1, True)
    assert revising.keep_revision(workspace, ana, document) == (1, False)
    order = business.add(workspace, ana, "order", client="ACME Studio", title="Site")
    requirements.to_work(workspace, ana, document, order, writings.open_requirements(document))
    assert not found.whole(ana, document).changed  # links are no part of what it says
    write(workspace, ana, document, "Functional requirements", "something else")
    documenting.add_section(workspace, ana, document, "Extra")
    assert revising.restore(workspace, ana, document, 1) == 3
    assert body(document, "Functional requirements") == "- [ ] publish\n- [ ] redirect"
    assert "Extra" not in [one.heading for one in writings.read(document)]
    assert [(one.number, one.note) for one in found.revisions(document)] == [
        (3, "as revision 1"), (2, ""), (1, "before the call"),
    ]  # fmt: skip
    with pytest.raises(CrmError, match="no revision 9"):
        revising.restore(workspace, ana, document, 9)


def test_requirements_become_work_with_links_both_ways(
    workspace: Workspace, ana: Actor, client: int, document: int
) -> None:
    write(workspace, ana, document, "Functional requirements", "publish ~2h\nredirect\nsearch")
    order = business.add(workspace, ana, "order", client="ACME Studio", title="Site")
    lines = writings.open_requirements(document)
    assert requirements.to_work(workspace, ana, document, order, lines[:2]) == "2 tasks added to ORD-1"
    requirements.to_work(workspace, ana, document, order, lines[2:], as_items=True)
    assert body(document, "Functional requirements") == (
        "- [ ] publish ~2h → T-1\n- [ ] redirect → T-2\n- [ ] search → C-1"
    )
    task = business.held("task", 1)
    assert (task["title"], task["estimate"], task["order"], task["document"]) == ("publish", 120, order, document)
    assert business.held("checklist_item", 1)["document"] == document
    assert writings.open_requirements(document) == []
    records.save(workspace, ana, entities["task"], 1, {"status": "done"})
    records.save(workspace, ana, entities["task"], 2, {"status": "dropped"})
    assert found.whole(ana, document).coverage == writings.Coverage(wanted=3, covered=2, done=1)
    with pytest.raises(CrmError, match="already"):
        requirements.to_work(workspace, ana, document, order, [])
    undo(workspace, ana)
    undo(workspace, ana)
    undo(workspace, ana)
    assert body(document, "Functional requirements").endswith("- [ ] search")


def test_making_work_of_what_is_approved_changes_no_approval(
    workspace: Workspace, ana: Actor, client: int, document: int
) -> None:
    write(workspace, ana, document, "Functional requirements", "publish")
    revising.decide(workspace, ana, approved(workspace, ana, document, client), "approved")
    order = business.add(workspace, ana, "order", client="ACME Studio", title="Site")
    requirements.to_work(workspace, ana, document, order, writings.open_requirements(document))
    held = found.whole(ana, document)
    assert (held.status, held.revision, held.changed) == ("approved", 1, False)


def test_notes_are_lifted_into_their_places(workspace: Workspace, ana: Actor, client: int, document: int) -> None:
    notes = documenting.notes_of_today(workspace, ana, client, None)
    assert documenting.notes_of_today(workspace, ana, client, None) == notes
    write(
        workspace, ana, notes, "Notes",
        "14:02 hello\n14:03 ! Editors publish\n? who owns the photos\n> send the offer tomorrow 10:00 @ana\n! redirect",
    )  # fmt: skip
    assert requirements.lift(workspace, ana, notes, document) == "Lifted: 2 requirements, 1 question, 1 task"
    assert body(document, "Functional requirements") == (
        f"- [ ] Editors publish ← D-{notes}\n- [ ] redirect ← D-{notes}"
    )
    assert body(document, "Open questions") == f"? who owns the photos ← D-{notes}"
    assert body(notes, "Notes").split("\n")[1] == f"14:03 ! Editors publish → D-{document}"
    assert body(notes, "Notes").split("\n")[3].endswith("→ T-1")
    task = business.held("task", 1)
    assert (task["title"], task["assignee"], task["document"]) == ("send the offer", ana.operator_id, notes)
    assert task["due_time"] == "10:00"
    assert found.whole(ana, document).questions == 1
    assert writings.raised(document) == []  # questions are where they belong
    with pytest.raises(CrmError, match="Nothing is marked"):
        requirements.lift(workspace, ana, notes, document)
    undo(workspace, ana)
    assert body(document, "Functional requirements") == ""
    assert not business.exists("task", 1) or business.held("task", 1)["archived_at"] is not None


def test_a_document_of_an_order_is_of_its_client(workspace: Workspace, ana: Actor, client: int) -> None:
    order = business.add(workspace, ana, "order", client="ACME Studio", title="Site")
    record = documenting.begin(workspace, ana, {"title": "Brief", "order": f"#{order}"}, "creative brief")
    assert business.held("document", record)["client"] == client


def test_the_whole_text_comes_back_from_an_editor(workspace: Workspace, ana: Actor, document: int) -> None:
    from crm_tui.documents import markdown

    held = found.whole(ana, document)
    text = markdown.write({"title": held.title, "kind": held.kind}, held.sections, ids=True)
    seen = {one.id: one.body for one in held.sections if one.id}
    edited = text.replace("## Summary", "## In short").replace("title: Website", "title: Relaunch").replace(
        "## Business drivers", "## Added\n<!-- section: list -->\n\n- one\n\n## Business drivers"
    )  # fmt: skip
    write(workspace, ana, document, "Glossary", "| Word | Means |\n|---|---|\n| a | b |")  # somebody else, meanwhile
    assert documenting.replace_document(workspace, ana, document, edited, seen) == []
    names = [one.heading for one in writings.read(document)]
    assert names[:5] == ["In short", "Project scope", "Out of scope", "Added", "Business drivers"]
    assert business.held("document", document)["title"] == "Relaunch"
    assert "| a " in body(document, "Glossary")
    assert section(document, "In short") == held.sections[0].id
    with pytest.raises(BadInput, match="never ends"):
        documenting.replace_document(workspace, ana, document, "---\ntitle: x", seen)


def test_a_section_both_changed_stands_twice(workspace: Workspace, ana: Actor, document: int) -> None:
    from crm_tui.documents import markdown

    held = found.whole(ana, document)
    seen = {one.id: one.body for one in held.sections if one.id}
    text = markdown.write({}, held.sections, ids=True)
    marker = "takes away -->\n"
    edited = text.replace(marker, marker + "\nmine\n")
    write(workspace, ana, document, "Summary", "theirs")
    assert documenting.replace_document(workspace, ana, document, edited, seen) == ["Summary"]
    assert [(one.heading, one.body) for one in writings.read(document)][:2] == [
        ("Summary", "theirs"), ("Summary (yours)", "mine"),
    ]  # fmt: skip


def test_replacing_everywhere_is_one_operation(workspace: Workspace, ana: Actor, document: int) -> None:
    write(workspace, ana, document, "Summary", "The shop and the SHOP")
    write(workspace, ana, document, "Project scope", "a shop")
    assert found.count_of(document, "shop") == 3
    assert documenting.replace_text(workspace, ana, document, "shop", "market") == 3
    assert body(document, "Summary") == "The market and the market"
    undo(workspace, ana)
    assert body(document, "Project scope") == "a shop"


def test_a_template_is_made_of_a_document_and_counts_before_what_ships(
    workspace: Workspace, ana: Actor, document: int
) -> None:
    write(workspace, ana, document, "Summary", "text")
    documenting.remove_section(workspace, ana, section(document, "Glossary"))
    documenting.make_template(workspace, ana, document, "Business requirements")
    name, written = document_templates.find("business requirements")
    assert name == "Business requirements"
    assert "Glossary" not in [one.heading for one in written.sections]
    assert written.sections[0].body == ""
    assert [name for name, _own in document_templates.offered()].count("business requirements") == 0
    with pytest.raises(InvalidRecord, match="already"):
        documenting.make_template(workspace, ana, document, "Business requirements")
    with pytest.raises(InvalidRecord, match="never ends"):
        business.add(workspace, ana, "document_template", name="Broken", text="---\ntitle: x")
    with pytest.raises(NotFound, match="Did you mean"):
        document_templates.find("busines requirements")


def test_a_section_that_was_taken_away_is_not_written_unseen(workspace: Workspace, ana: Actor, document: int) -> None:
    record = section(document, "Summary")
    documenting.remove_section(workspace, ana, record)
    with pytest.raises(NotFound, match="taken away"):
        records.save(workspace, ana, SECTION, record, {"body": "late"})


def test_a_broken_file_imports_nothing(workspace: Workspace, ana: Actor) -> None:
    for text, reason in (("---\nx\n", "never ends"), ("## A\n<!-- section: riddle -->", "riddle")):
        with pytest.raises(BadInput, match=reason):
            documenting.from_file(workspace, ana, text, {"title": "x"})
    with pytest.raises(InvalidRecord, match="client"):
        documenting.from_file(workspace, ana, "---\ntitle: x\nclient: nobody\n---\n## A", {})
    assert business.rows("document") == []
