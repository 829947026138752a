"""Erasing a person: nothing of them is left, the rest of the story is, and it is final."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import clock, drafts, file_store, memory, places
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, Conflict, CrmError, Erased, NotAllowed, NotFound
from crm_tui.models.base import entities
from crm_tui.models.files import AttachedContent
from crm_tui.models.journal import Change, Operation
from crm_tui.queries import details, lists, mentions, stages, timeline
from crm_tui.scope import Actor
from crm_tui.services import attachments, comments, erasing, merge_records, records
from crm_tui.services.merge_records import Side
from crm_tui.services.operators import sign_in
from crm_tui.undo import redo, undo
from crm_tui.workspaces import open_workspace
from tests import business
from tests.importers.desk import Desk

SECRETS = ("maria", "anders", "+49 30 1234567", "purchasing", "rebate", "quote", "likes tea", "contract_m", "k-17")


def erase(workspace: Workspace, actor: Actor, record: int, what: str = "contact", **about: Any) -> erasing.Erased:
    return erasing.erase(workspace, actor, entities[what], record, **about)


@pytest.fixture
def acme(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana, city="Berlin")


@pytest.fixture
def maria(workspace: Workspace, ana: Actor, acme: int, tmp_path: Path) -> int:
    """A person with something of everything, changed and talked about."""
    field = {"entity": "contact", "name": "hobby", "kind": "text"}
    records.add(workspace, ana, entities["custom_field"], field)
    record = business.contact(
        workspace, ana, acme, email="maria@acme.example", phone="+49 30 1234567", title="Purchasing",
        role="decision maker", external_id="K-17", hobby="sailing with Maria",
    )  # fmt: skip
    business.save(workspace, ana, "contact", record, email="anders@acme.example")
    business.add(
        workspace, ana, "interaction", contact=f"#{record}", channel="call", subject="Quote", body="a rebate",
        outcome="Maria agrees", next_step="ask Anders",
    )  # fmt: skip
    comments.add(workspace, ana, entities["contact"], [record], "likes tea")
    letter = tmp_path / "letter"
    letter.write_bytes(b"Dear Maria, this is the contract.")
    attachments.attach(workspace, ana, entities["contact"], record, letter, "contract_Maria.txt")
    return record


def everything_written(workspace: Workspace) -> str:
    """Every row of every table in words, the search index too."""
    execute = workspace.database.execute_sql
    tables = [table for table in workspace.database.get_tables() if not table.startswith("sqlite_")]
    rows = [repr(row) for table in tables for row in execute(f'SELECT * FROM "{table}"').fetchall()]
    return "\n".join(rows).lower()


def test_nothing_of_the_person_is_left_in_any_table(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    written = everything_written(workspace)
    assert all(secret in written for secret in SECRETS)
    done = erase(workspace, ana, maria, reason="asked for it")
    written = everything_written(workspace)
    assert [secret for secret in SECRETS if secret in written] == []
    assert done.counts == {"contact": 1, "interaction": 1, "comment": 1, "attachment": 1}
    held = business.held("contact", maria)
    assert held["name"] == f"erased person {maria}"
    assert (held["client"], held["primary"], held["do_not_contact"]) == (acme, False, True)
    assert held["archived_at"] is not None
    assert held["hobby"] == ""
    assert lists.ids(ana, lists.listing(ana, entities["contact"], "maria")) == []
    assert lists.ids(ana, lists.listing(ana, entities["client"], "maria")) == []
    assert business.replayed() == business.present()


def test_no_byte_is_left_in_the_files(workspace: Workspace, ana: Actor, maria: int) -> None:
    """Neither in the database and its log nor in the folder of attachments."""
    if workspace.path is None:
        pytest.skip("PostgreSQL keeps its files itself")
    business.save(workspace, ana, "contact", maria, name="Maria Anders-Smith")
    erase(workspace, ana, maria)
    for path in workspace.path.parent.rglob("workspace.db*"):
        if path.is_file():
            found = path.read_bytes().lower()
            assert [secret for secret in (*SECRETS, "smith") if secret.encode() in found] == [], path
    assert list(file_store.folder_of(workspace.path).iterdir()) == []


def test_whoever_reads_meanwhile_is_waited_for_and_told_of(sqlite_location: str) -> None:
    """The log beside the workspace keeps what a reader still sees; the next erasing, or closing, cleans it up."""
    workspace = open_workspace(sqlite_location, patience=0.2)
    try:
        ana = sign_in(workspace, "ana")
        record = business.contact(workspace, ana, None)
        with contextlib.closing(sqlite3.connect(sqlite_location)) as reader:
            reader.execute("BEGIN")
            assert reader.execute("SELECT name FROM contact").fetchall() == [("Maria Anders",)]
            done = erase(workspace, ana, record)
            assert "Another session is reading" in done.warnings[0]
        assert workspace.forget_deleted([], [])
        assert b"Maria" not in Path(sqlite_location).read_bytes()
    finally:
        workspace.close()


def test_the_contents_of_files_are_gone(workspace: Workspace, ana: Actor, maria: int) -> None:
    erase(workspace, ana, maria)
    assert not file_store.kept(workspace)
    assert not AttachedContent.select().exists()
    held = business.held("attachment", 1)
    assert (held["name"], held["stored"], held["size"]) == ("erased", "", None)
    with pytest.raises(NotFound, match="were erased"):
        list(file_store.read(workspace, held["stored"]))


def test_the_journal_still_says_who_did_what_when(workspace: Workspace, ana: Actor, maria: int) -> None:
    before = [(one.operation, one.at, one.login, one.action) for one in timeline.journal(ana, entities["contact"])]
    erase(workspace, ana, maria)
    after = timeline.journal(ana, entities["contact"])
    assert [(one.operation, one.at, one.login, one.action) for one in after][1:] == before
    assert [one.text() for one in after] == ["erased contact", "changed", "added contact"]
    assert after[0].before == {}
    assert "maria" not in after[0].summary.lower()


def test_the_last_contact_and_the_history_of_stages_stay(workspace: Workspace, ana: Actor) -> None:
    trader = business.client(workspace, ana, "Hanna Moos", last_contact="2026-11-20 10:00", notes="allergic to nuts")
    business.save(workspace, ana, "client", trader, stage="active", tags="vip")
    before = business.held("client", trader)
    was = stages.history(entities["client"], trader)
    erase(workspace, ana, trader, "client")
    held = business.held("client", trader)
    same = ("last_contact", "last_contact_by", "last_channel", "kind", "stage", "created_at")
    assert [held[name] for name in same] == [before[name] for name in same]
    assert (held["name"], held["notes"], held["tags"]) == (f"erased person {trader}", "", ())
    assert stages.history(entities["client"], trader) == was
    assert "hanna" not in everything_written(workspace)


def test_a_client_who_is_a_person_goes_with_the_contact_of_that_name(workspace: Workspace, ana: Actor) -> None:
    """Other people there are people of their own."""
    trader = business.client(workspace, ana, "Hanna Moos", email="office@moos.example")
    herself = business.contact(workspace, ana, trader, "Hánna Moos")
    other = business.contact(workspace, ana, trader, "Bo Berg", email="office@moos.example")
    business.add(workspace, ana, "interaction", client=f"#{trader}", subject="Hanna Moos again")
    done = erase(workspace, ana, trader, "client")
    assert done.counts == {"client": 1, "contact": 1, "interaction": 1}
    assert business.held("contact", herself)["name"] == f"erased person {herself}"
    assert business.held("contact", other)["name"] == "Bo Berg"
    assert [place.label() for place in mentions.find(done.names)][0] == f"contact {other}: e-mail"
    assert "hanna" not in everything_written(workspace)


def test_whom_the_person_was_merged_with_goes_too(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    twin = business.contact(workspace, ana, acme, "Maria A.", email="m.a@acme.example")
    merge_records.merge(workspace, ana, Side(entities["contact"], maria), Side(entities["contact"], twin), {})
    done = erase(workspace, ana, maria)
    assert done.counts["contact"] == 2
    assert business.held("contact", twin)["email"] == ""
    assert "maria" not in everything_written(workspace)
    with pytest.raises(Conflict, match="erased"):
        undo(workspace, ana, business.last_operation_id() - 1)


def test_what_was_told_apart_does_not_keep_the_name(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    other = business.contact(workspace, ana, acme, "Maria Andersen")
    merge_records.tell_apart(workspace, ana, entities["contact"], maria, other)
    erase(workspace, ana, maria)
    assert business.held("distinction", 1)["names"] == ""
    assert "maria anders " not in everything_written(workspace)


def test_what_was_undone_is_taken_out_of_the_journal(
    workspace: Workspace, ana: Actor, acme: int, maria: int, tmp_path: Path
) -> None:
    business.add(workspace, ana, "interaction", contact=f"#{maria}", subject="a slip about her salary")
    undo(workspace, ana)
    (tmp_path / "x").write_bytes(b"salary")
    attachments.attach(workspace, ana, entities["contact"], maria, tmp_path / "x", "salary.txt")
    undo(workspace, ana)
    assert "salary" in everything_written(workspace)
    erase(workspace, ana, maria)
    assert "salary" not in everything_written(workspace)
    assert not file_store.kept(workspace)


def test_a_person_whose_adding_was_undone_is_erased_from_the_journal_by_id(workspace: Workspace, ana: Actor) -> None:
    gone = business.contact(workspace, ana, None, "Zoe Short")
    undo(workspace, ana)
    business.add(workspace, ana, "tag", name="vip")
    assert "zoe" in everything_written(workspace)
    erase(workspace, ana, gone)
    assert "zoe" not in everything_written(workspace)
    with pytest.raises(CrmError, match="erased already"):
        erase(workspace, ana, gone)
    with pytest.raises(CrmError, match="final"):
        redo(workspace, ana, business.last_operation_id() - 3)


def test_where_the_name_still_stands_is_found(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    business.save(workspace, ana, "client", acme, notes="MARIA ANDERS decides.\nAlso anders@acme.example")
    comments.add(workspace, ana, entities["client"], [acme], "call maria anders")
    comments.add(workspace, ana, entities["client"], [acme], "call maria")
    done = erase(workspace, ana, maria)
    found = [(one.entity, one.record, one.field, one.operation is not None) for one in mentions.find(done.names)]
    assert ("client", acme, "notes", False) in found
    assert ("comment", 2, "text", False) in found
    assert ("client", acme, "notes", True) in found
    assert len([one for one in found if one[0] == "comment"]) == 2
    assert done.names[0] == "Maria Anders"
    assert mentions.find([]) == []


@pytest.mark.parametrize("role", ["manager", "operator", "viewer"])
def test_only_an_admin_erases(workspace: Workspace, ana: Actor, maria: int, role: str) -> None:
    somebody = business.operator(workspace, ana, "bo", role)
    with pytest.raises(NotAllowed, match="only an admin erases"):
        erase(workspace, somebody, maria)
    with pytest.raises(NotAllowed, match="--readonly"):
        erase(workspace, Actor(ana.operator_id, "ana", "admin", readonly=True), maria)
    assert business.held("contact", maria)["name"] == "Maria Anders"


def test_an_admin_no_more_does_not_erase(workspace: Workspace, ana: Actor, bo: Actor, maria: int) -> None:
    with pytest.raises(NotAllowed):
        erase(workspace, Actor(bo.operator_id, "bo", "admin"), maria)


def test_the_reason_is_kept_and_so_without_the_name(workspace: Workspace, ana: Actor, maria: int) -> None:
    with pytest.raises(BadInput, match="without the name"):
        erase(workspace, ana, maria, reason="MARIA ANDERS asked for it")
    assert business.held("contact", maria)["name"] == "Maria Anders"
    erase(workspace, ana, maria, reason="asked for it")
    assert business.held("erasure", 1)["reason"] == "asked for it"


def test_who_is_not_there_or_no_person_is_not_erased(workspace: Workspace, ana: Actor, maria: int) -> None:
    with pytest.raises(NotFound):
        erase(workspace, ana, 999)
    with pytest.raises(CrmError, match="no people"):
        erase(workspace, ana, 1, "tag")
    erase(workspace, ana, maria)
    with pytest.raises(CrmError, match="erased already"):
        erase(workspace, ana, maria)


# Final


def test_u_says_that_it_is_final(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    business.save(workspace, ana, "client", acme, city="Porto")
    edit = business.last_operation_id()
    erase(workspace, ana, maria)
    final = business.last_operation_id()
    with pytest.raises(CrmError, match="final and cannot be undone"):
        undo(workspace, ana)
    with pytest.raises(CrmError, match="final and cannot be undone"):
        undo(workspace, ana, final)
    undo(workspace, ana, edit)
    assert business.held("client", acme)["city"] == "Berlin"
    business.save(workspace, ana, "client", acme, city="Rome")
    undo(workspace, ana)
    assert business.held("client", acme)["city"] == "Berlin"


def test_no_undo_or_redo_brings_a_value_back(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    business.save(workspace, ana, "contact", maria, title="Owner")
    undo(workspace, ana)
    undone = business.last_operation_id() - 1
    query: Any = Operation.select(Operation.id).where(Operation.kind == "do").order_by(Operation.id)
    earlier = [row[0] for row in query.tuples()]
    erase(workspace, ana, maria)
    before = business.held("contact", maria)
    for operation in earlier:
        with contextlib.suppress(CrmError):  # what was not of the person is undone
            undo(workspace, ana, operation)
    with pytest.raises(Erased, match="final"):
        redo(workspace, ana, undone)
    assert business.held("contact", maria) == before
    assert not any(secret in everything_written(workspace) for secret in SECRETS)


def test_undoing_a_bulk_change_leaves_who_was_erased(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    other = business.contact(workspace, ana, acme, "Bo Berg")
    records.change_many(workspace, ana, entities["contact"], [maria, other], {"title": "Boss"})
    bulk = business.last_operation_id()
    erase(workspace, ana, maria)
    said = undo(workspace, ana, bulk)
    assert "1 record of an erased person stays as it is" in said
    assert business.held("contact", other)["title"] == ""
    assert business.held("contact", maria)["title"] == ""
    redo(workspace, ana, bulk)
    assert business.held("contact", other)["title"] == "Boss"
    assert business.held("contact", maria)["title"] == ""
    assert business.replayed() == business.present()


def test_a_form_that_was_open_meanwhile_is_refused_plainly(workspace: Workspace, ana: Actor, maria: int) -> None:
    seen = business.held("contact", maria)["version"]
    erase(workspace, ana, maria)
    with pytest.raises(Erased, match="of a person who was erased; nothing of them is written again") as refused:
        business.save(workspace, ana, "contact", maria, title="Boss", seen=seen)
    assert refused.value.exit_code == 3
    with pytest.raises(Erased):
        business.save(workspace, ana, "interaction", 1, body="what she said")
    with pytest.raises(Erased):
        records.change_many(workspace, ana, entities["contact"], [maria], {"email": "maria@acme.example"})
    with pytest.raises(Erased):
        business.save(workspace, ana, "comment", 1, text="likes tea")
    assert business.held("interaction", 1)["body"] == ""


def test_what_belonged_to_the_person_may_still_be_moved(
    workspace: Workspace, ana: Actor, acme: int, maria: int
) -> None:
    erase(workspace, ana, maria)
    other = business.client(workspace, ana, "ACME again")
    merge_records.merge(workspace, ana, Side(entities["client"], other), Side(entities["client"], acme), {})
    assert business.held("interaction", 1)["client"] == other


# What lies outside the tables


def test_drafts_and_remembered_queries_go(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    where = workspace.location
    drafts.keep(where, "contact", maria, 1, {"name": "Maria Anders"})
    drafts.keep(where, "contact:role-title", maria, 1, {"title": "Boss"})
    drafts.keep(where, "client", acme, 1, {"city": "Rome"})
    memory.remember(where, "ana", {"clients": {"query": "maria anders", "history": ["berlin", '"maria anders" x']}})
    live = memory.recall(where, "ana")
    erase(workspace, ana, maria)
    assert drafts.find(where, "contact", maria) is None
    assert drafts.find(where, "contact:role-title", maria) is None
    assert drafts.find(where, "client", acme) is not None
    assert live == {"clients": {"query": "", "history": ["berlin"]}}
    assert memory.recall(where, "ana") == live


def test_the_scores_typed_before_there_were_rules_go(workspace: Workspace, ana: Actor) -> None:
    from crm_tui.models.scores import TypedScore

    trader = business.client(workspace, ana, "Hanna Moos", score="70")
    records.add(workspace, ana, entities["score_rule"], {"name": "Active", "query": "stage:lead", "points": "5"})
    erase(workspace, ana, trader, "client")
    assert not TypedScore.select().exists()
    assert business.held("client", trader)["score"] == 5


def test_the_search_index_is_right_afterwards(workspace: Workspace, ana: Actor, acme: int, maria: int) -> None:
    erase(workspace, ana, maria)
    assert places.by_client([acme]) == {}
    assert lists.ids(ana, lists.listing(ana, entities["client"], "acme")) == [acme]
    assert lists.ids(ana, lists.listing(ana, entities["interaction"], "rebate")) == []


def test_the_preview_counts_what_goes(workspace: Workspace, ana: Actor, maria: int) -> None:
    asked = erasing.plan(ana, entities["contact"], maria).question()
    assert asked == (
        "Erase Maria Anders for good? What is held in 1 contact, 1 interaction, 1 attachment, 1 comment goes, with the "
        "files, and the values in 5 entries of the journal. This cannot be undone."
    )


def test_nothing_is_erased_when_it_fails_half_way(
    workspace: Workspace, ana: Actor, maria: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything_written(workspace)
    with pytest.raises(CrmError, match="disk"), monkeypatch.context() as patch:

        def fail(*_given: Any) -> None:
            raise CrmError("disk")

        patch.setattr("crm_tui.services.erasing._remember", fail)
        erase(workspace, ana, maria)
    assert everything_written(workspace) == before
    assert file_store.kept(workspace)


def test_an_import_that_holds_the_person_is_undone_but_for_them(
    workspace: Workspace, ana: Actor, tmp_path: Path
) -> None:
    rows = "name,email\nMaria Anders,maria@acme.example\nBo Berg,bo@acme.example\n"
    report = Desk(workspace, ana, tmp_path).take(rows, "contacts")
    assert report.operation is not None
    erase(workspace, ana, 1)
    undo(workspace, ana, report.operation)
    assert not business.exists("contact", 2)
    redo(workspace, ana, report.operation)
    assert business.held("contact", 2)["name"] == "Bo Berg"
    assert not business.exists("contact", 1)
    assert "maria" not in everything_written(workspace)


def test_an_import_by_id_writes_nothing_into_a_tombstone(
    workspace: Workspace, ana: Actor, maria: int, tmp_path: Path
) -> None:
    erase(workspace, ana, maria)
    report = Desk(workspace, ana, tmp_path).take(f"id,name\n{maria},Maria Anders\n", "contacts", key="id")
    assert [row.reason for row in report.rejected] == [f"contact {maria} is a person who was erased"]


def test_changes_hold_no_fields_that_are_not_known(workspace: Workspace, ana: Actor, maria: int) -> None:
    """A custom field that is gone leaves no value behind in the journal."""
    field = entities["custom_field"]
    records.change_many(workspace, ana, entities["contact"], [maria], {"hobby": ""})
    records.archive_many(workspace, ana, field, [1])
    erase(workspace, ana, maria)
    query: Any = Change.select(Change.before, Change.after).where(Change.entity == "contact")
    told = {name for row in query.tuples() for side in row for name, value in json.loads(side).items() if value}
    assert told <= {*entities["contact"].entered, "archived_at", "created_at"}


def test_details_of_a_tombstone_can_be_read(workspace: Workspace, ana: Actor, maria: int) -> None:
    with clock.use(clock.now() + timedelta(hours=1)):
        erase(workspace, ana, maria)
    found = details.detail(ana, entities["contact"], maria)
    assert found.title == f"erased person {maria}"
    assert found.values["archived_at"] == datetime(2026, 11, 22, 15, 2)
    assert (found.comments, found.files) == ((), ())
    with pytest.raises(BadInput):
        records.add(workspace, ana, entities["interaction"], {"contact": f"#{maria}", "client": "#1"})
