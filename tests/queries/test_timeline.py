"""The journal read back in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import clock
from crm_tui.db import Workspace, proxy
from crm_tui.models.base import entities
from crm_tui.queries import timeline
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.undo import redo, undo
from tests import business
from tests.conftest import NOW

CLIENT = entities["client"]


def words(actor: Actor, record: int | None = None) -> list[str]:
    return [entry.text() for entry in timeline.journal(actor, CLIENT if record else None, record)]


def test_what_was_done_to_a_client_newest_first(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, "ACME", city="Berlin")
    person = business.contact(workspace, ana, record, "Maria Anders")
    business.save(workspace, bo, "client", record, city="Porto", owner="bo", score="70", notes="x" * 100)
    business.save(workspace, ana, "client", record, owner="", city="")
    business.save(workspace, ana, "contact", person, title="Owner")
    records.archive_many(workspace, ana, CLIENT, [record])
    undo(workspace, ana)
    redo(workspace, ana)
    assert words(ana, record) == [
        "redo: archived client",
        "undo: brought back client",
        "archived client",
        "changed title: – → Owner",
        "changed city: Porto → –, owner: bo → –",
        f"changed city: Berlin → Porto, score: – → 70, owner: – → bo, notes: – → {'x' * 59}…",
        "added contact Maria Anders",
        "added client ACME",
    ]
    first = timeline.journal(ana, CLIENT, record)[-1]
    assert (first.login, first.command, first.at, first.version) == ("ana", "client.add", NOW, 1)


def test_words_need_no_database(workspace: Workspace, ana: Actor, bo: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens ask for them on the thread that draws."""
    record = business.client(workspace, ana, "ACME", owner="bo")
    business.save(workspace, ana, "client", record, owner="ana")
    entries = timeline.journal(ana, CLIENT, record)
    monkeypatch.setattr(proxy, "obj", None)
    assert entries[0].text() == "changed owner: bo → ana"


def test_the_journal_is_read_in_pages(workspace: Workspace, ana: Actor) -> None:
    ids = [business.client(workspace, ana, f"Client {number}") for number in range(7)]
    whole = timeline.page(ana, 0, 100)
    assert timeline.count(ana) == len(whole) == 17
    assert [entry.record for entry in whole[:7]] == ids[::-1]
    assert [*timeline.page(ana, 0, 3), *timeline.page(ana, 3, 14)] == whole
    assert timeline.page(ana, 17, 5) == []
    first = timeline.journal(ana, limit=3)
    assert [*first, *timeline.journal(ana, before=first[-1].id)] == whole
    assert timeline.journal(ana, CLIENT, limit=None)[-1].record == ids[0]


def test_since_a_moment(workspace: Workspace, ana: Actor) -> None:
    business.client(workspace, ana, "Before")
    with clock.use(NOW + timedelta(hours=1)):
        record = business.client(workspace, ana, "After")
    since = NOW + timedelta(minutes=30)
    assert [entry.record for entry in timeline.journal(ana, CLIENT, since=since)] == [record]
    assert timeline.journal(ana, since=NOW + timedelta(hours=2)) == []


def test_what_is_gone_is_told_by_its_number(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, "ACME")
    other = business.client(workspace, ana, "Other")
    person = business.contact(workspace, ana, record, "Maria")
    business.save(workspace, ana, "contact", person, client=other)
    undo(workspace, ana), undo(workspace, ana), undo(workspace, ana)
    told = [entry.text() for entry in timeline.journal(ana, entities["contact"], person)]
    assert f"changed client: ACME → #{other}" in told
