"""Who may see and change what: every role against every write, on every entity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import NotAllowed, NotFound
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.queries import details, lists, timeline
from crm_tui.scope import Actor, why_not_change
from crm_tui.services import records
from crm_tui.services.operators import sign_in
from crm_tui.undo import redo, undo
from tests import business

ROLES = ("admin", "manager", "operator", "viewer", "somebody a later version knows")
MAY: dict[str, tuple[str, ...]] = {
    "operator": ("admin",),
    "setting": ("admin",),
    "custom_field": ("admin",),
    "word": ("admin",),
    "client": ("admin", "manager", "operator"),
    "contact": ("admin", "manager", "operator"),
    "affiliation": ("admin", "manager", "operator"),
    "interaction": ("admin", "manager", "operator"),
    "product": ("admin", "manager", "operator"),
    "order": ("admin", "manager", "operator"),
    "order_line": ("admin", "manager", "operator"),
    "task": ("admin", "manager", "operator"),
    "checklist": ("admin", "manager", "operator"),
    "time_entry": ("admin", "manager", "operator"),
    "checklist_item": ("admin", "manager", "operator"),
    "tag": ("admin", "manager", "operator"),
    "saved_view": ("admin", "manager", "operator"),
    "dashboard": ("admin", "manager", "operator"),
    "card": ("admin", "manager", "operator"),
    "objective": ("admin", "manager", "operator"),
    "key_result": ("admin", "manager", "operator"),
    "check_in": ("admin", "manager", "operator"),
    "comment": ("admin", "manager", "operator"),
    "recurring_rule": ("admin", "manager", "operator"),
    "automation": ("admin", "manager"),
    "message_template": ("admin", "manager"),
    "message": ("admin", "manager", "operator"),
    "document": ("admin", "manager", "operator"),
    "section": ("admin", "manager", "operator"),
    "document_template": ("admin", "manager"),
    "score_rule": ("admin", "manager"),
    "team": ("admin", "manager"),
}
"""Which roles change which entity; all others only read."""

NEW: dict[str, dict[str, Any]] = {
    "operator": {"login": "carla"},
    "setting": {"key": "name", "value": "Atelier Norte"},
    "custom_field": {"entity": "client", "name": "industry", "label": "Industry", "kind": "text"},
    "word": {"vocabulary": "contact.role", "value": "user"},
    "client": {"name": "ACME"},
    "contact": {"name": "Maria"},
    "affiliation": {"client": "Whoever"},
    "interaction": {"subject": "call", "client": "Whoever"},
    "product": {"name": "Chai", "price": "18"},
    "order": {"client": "Whoever"},
    "order_line": {"order": "ORD-1", "unit_price": "18"},
    "task": {"title": "Draft"},
    "checklist": {"name": "Launch", "items": "proof"},
    "time_entry": {"note": "draft", "minutes": "90"},
    "checklist_item": {"text": "proof", "order": "ORD-1"},
    "tag": {"name": "vip"},
    "saved_view": {"name": "Late", "screen": "clients"},
    "dashboard": {"name": "Mine"},
    "card": {"kpi": "on-time", "dashboard": "Ours"},
    "objective": {"title": "Grow"},
    "key_result": {"title": "Clients", "objective": "Be known", "start": "0", "target": "5"},
    "check_in": {"note": "well", "key_result": "Press", "value": "2"},
    "comment": {"text": "Call them", "about": "operator", "record": 1},
    "recurring_rule": {"name": "Books", "schedule": "monthly"},
    "automation": {"name": "Invoice", "entity": "orders", "actions": "tag +late"},
    "message_template": {"name": "Hello", "subject": "Hello {name}", "body": "How are you?"},
    "message": {"client": "Whoever", "to": "maria@example.org", "subject": "Hello", "body": "How are you?"},
    "document": {"title": "Brief"},
    "section": {"heading": "Scope", "document": "Requirements"},
    "document_template": {"name": "Brief", "text": "## Scope"},
    "score_rule": {"name": "Large", "query": "stage:active", "points": "5"},
    "team": {"name": "Support"},
}

Write = Callable[[Workspace, Actor, str, int], object]
WRITES: dict[str, Write] = {
    "add": lambda w, a, what, record: records.add(w, a, entities[what], {**_new(what), _title(what): "another"}),
    "save": lambda w, a, what, record: records.save(w, a, entities[what], record, {_title(what): "another"}),
    "change many": lambda w, a, what, record: records.change_many(
        w, a, entities[what], [record], {_title(what): "another"}
    ),
    "archive": lambda w, a, what, record: records.archive_many(w, a, entities[what], [record]),
    "bring back": lambda w, a, what, record: records.archive_many(w, a, entities[what], [record], back=True),
    "write a record": lambda w, a, what, record: _written(
        w, a, lambda op: op.update(entities[what], record, _another(what))
    ),
    "create a record": lambda w, a, what, record: _written(w, a, lambda op: op.create(entities[what], _another(what))),
    "delete a record": lambda w, a, what, record: _written(w, a, lambda op: op.delete(entities[what], [record])),
    "undo": lambda w, a, what, record: undo(w, a, business.last_operation_id()),
}


def _new(what: str) -> dict[str, Any]:
    """What a new record begins with; nobody is at a client twice, so somebody else is there every time."""
    return {**NEW[what], "contact": f"#{_newcomers.pop()}"} if what == "affiliation" else NEW[what]


_newcomers: list[int] = []


def _title(what: str) -> str:
    return "title" if what == "order" else entities[what].title  # its number is that of one order only


def _another(what: str) -> dict[str, Any]:
    return {
        _title(what): "another",
        **({"owner": 1} if what in ("saved_view", "dashboard") else {"points": 1} if what == "score_rule" else {}),
        **({"client": 1, "entered_at": clock.now()} if what == "order" else {}),
    }


def _written(workspace: Workspace, actor: Actor, write: Callable[[Any], object]) -> None:
    with operation(workspace, actor, "test") as op:
        write(op)


@pytest.mark.parametrize("what", MAY)
def test_every_role_against_every_write(workspace: Workspace, ana: Actor, what: str) -> None:
    business.client(workspace, ana, "Whoever")
    own = business.client(workspace, ana, "Their own")
    business.add(workspace, ana, "order", client="Whoever", number="ORD-1")
    business.add(workspace, ana, "document", title="Requirements")
    business.add(workspace, ana, "dashboard", name="Ours")
    business.add(workspace, ana, "objective", title="Be known")
    business.add(workspace, ana, "key_result", title="Press", objective="Be known", start="0", target="5")
    wanted = len(WRITES) * (len(ROLES) + 3) * 2 if what == "affiliation" else 0
    _newcomers[:] = [business.contact(workspace, ana, own, f"Person {number}") for number in range(wanted)]
    for name, write in WRITES.items():
        for role, readonly in [*((role, False) for role in ROLES), *((role, True) for role in ROLES[:3])]:
            _try(workspace, ana, what, write, Actor(ana.operator_id, "somebody", role, readonly), name)


def _try(workspace: Workspace, ana: Actor, what: str, write: Write, actor: Actor, name: str) -> None:
    """Let somebody do one write, which goes well or is refused with a reason and changes nothing."""
    called = f"one {name} {actor.role} {actor.readonly}".lower().replace(" ", "_")
    record = business.add(workspace, ana, what, **{**_new(what), _title(what): called[:40]})
    if actor.role in MAY[what] and not actor.readonly:
        write(workspace, actor, what, record)
        assert why_not_change(actor, entities[what]) == "", called
    else:
        before = business.present()
        with pytest.raises(NotAllowed, match=r"^Not allowed: .*\.$"):
            write(workspace, actor, what, record)
        assert why_not_change(actor, entities[what]) != "", called
        assert business.present() == before, called
    model: Any = entities[what].model
    others = [row[0] for row in model.select(model.id).where(getattr(model, _title(what)) == "another").tuples()]
    with operation(workspace, ana, "clear") as op:
        op.delete(entities[what], others)


def test_every_entity_is_in_this_table() -> None:
    """But for what is made otherwise than by its fields: a file is attached, what is news is made by what it tells, two
    records are told apart, a membership is of an operator and a team (``services.test_teams``), a dependency of two
    tasks (``services.test_tasks``), revisions and approvals are of documents (``services.test_documenting``), and a
    person is erased (``services.test_erasing`` has who may)."""
    made_otherwise = {"attachment", "notification", "distinction", "membership", "erasure", "dependency", "revision",
                      "approval"}  # fmt: skip
    assert set(MAY) == set(NEW) == set(entities) - made_otherwise


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"role": "viewer"}, "bo is a viewer, and viewers only read"),
        ({"active": "no"}, "bo is no longer active"),
    ],
)
def test_what_an_admin_takes_away_is_gone_at_once(
    workspace: Workspace, ana: Actor, bo: Actor, typed: dict[str, str], reason: str
) -> None:
    """Also from a session that is open since before."""
    record = business.client(workspace, bo)
    business.save(workspace, ana, "operator", bo.operator_id, **typed)
    with pytest.raises(NotAllowed, match=reason):
        business.save(workspace, bo, "client", record, city="Berlin")
    with pytest.raises(NotAllowed, match=reason):
        undo(workspace, bo)
    business.save(workspace, ana, "operator", bo.operator_id, role="operator", active="yes")
    business.save(workspace, bo, "client", record, city="Berlin")


def test_who_was_an_admin_is_none_any_more(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.save(workspace, ana, "operator", bo.operator_id, role="admin")
    chief = sign_in(workspace, "bo")
    business.save(workspace, ana, "operator", bo.operator_id, role="manager")
    with pytest.raises(NotAllowed, match="only an admin changes operators"):
        business.save(workspace, chief, "operator", ana.operator_id, role="viewer")
    business.client(workspace, chief)


def test_a_session_never_gains_what_it_was_not_opened_with(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.save(workspace, ana, "operator", bo.operator_id, role="admin")
    with pytest.raises(NotAllowed, match="only an admin changes operators"):
        business.save(workspace, bo, "operator", bo.operator_id, name="Bo")


def test_the_reason_is_told() -> None:
    assert why_not_change(Actor(1, "ana", "admin", readonly=True)) == "this session was opened with --readonly"
    assert why_not_change(Actor(1, "vera", "viewer")) == "vera is a viewer, and viewers only read"
    assert why_not_change(Actor(1, "bo", "manager"), entities["operator"]) == "only an admin changes operators"


# --- views are private until they are shared


@pytest.fixture
def views(workspace: Workspace, ana: Actor, bo: Actor) -> dict[str, int]:
    return {
        "ana's": business.add(workspace, ana, "saved_view", name="Ana's", screen="clients"),
        "shared": business.add(workspace, ana, "saved_view", name="Shared", screen="clients", shared="yes"),
        "bo's": business.add(workspace, bo, "saved_view", name="Bo's", screen="clients"),
    }


def seen_by(actor: Actor) -> list[str]:
    shown = lists.listing(actor, entities["saved_view"])
    return [row.cells[0] for row in lists.Reading(actor, shown).window(0, 100)]


def test_a_private_view_is_seen_by_its_owner_alone(
    workspace: Workspace, ana: Actor, bo: Actor, views: dict[str, int]
) -> None:
    view = entities["saved_view"]
    assert (seen_by(ana), seen_by(bo)) == (["Ana's", "Shared"], ["Bo's", "Shared"])
    assert (lists.total(ana, view), lists.count(bo, lists.listing(bo, view))) == (2, 2)
    assert lists.position(bo, lists.listing(bo, view), views["ana's"]) is None
    with pytest.raises(NotFound):
        details.detail(bo, view, views["ana's"])


def test_its_history_is_private_too(workspace: Workspace, ana: Actor, bo: Actor, views: dict[str, int]) -> None:
    view = entities["saved_view"]
    business.save(workspace, ana, "saved_view", views["ana's"], query="secret")
    assert timeline.journal(bo, view, views["ana's"]) == []
    assert {entry.record for entry in timeline.journal(bo, view)} == {views["shared"], views["bo's"]}
    assert "secret" not in str(timeline.page(bo, 0, 100))
    assert timeline.count(bo) == timeline.count(ana) - 1
    records.delete(workspace, ana, view, views["ana's"])
    assert {entry.record for entry in timeline.journal(bo, view)} == {views["shared"], views["bo's"]}
    assert timeline.journal(ana, view, views["ana's"])[0].action == "delete"


@pytest.mark.parametrize("role", ["operator", "manager", "admin"])
def test_somebody_elses_private_view_cannot_be_changed(
    workspace: Workspace, ana: Actor, bo: Actor, views: dict[str, int], role: str
) -> None:
    view = entities["saved_view"]
    other = Actor(bo.operator_id, "bo", role)
    for attempt in (
        lambda: records.save(workspace, other, view, views["ana's"], {"query": "x"}),
        lambda: records.change_many(workspace, other, view, [views["ana's"]], {"query": "x"}),
        lambda: records.archive_many(workspace, other, view, [views["ana's"]]),
        lambda: records.delete(workspace, other, view, views["ana's"]),
    ):
        with pytest.raises(NotFound, match="There is no saved view with the id"):
            attempt()
    assert business.held("saved_view", views["ana's"])["version"] == 1


def test_a_shared_view_is_changed_by_its_owner_and_by_managers(
    workspace: Workspace, ana: Actor, bo: Actor, views: dict[str, int]
) -> None:
    with pytest.raises(NotAllowed, match="the view belongs to somebody else; save one of your own"):
        business.save(workspace, bo, "saved_view", views["shared"], query="x")
    with pytest.raises(NotAllowed):
        records.delete(workspace, bo, entities["saved_view"], views["shared"])
    business.save(workspace, ana, "operator", bo.operator_id, role="manager")
    manager = sign_in(workspace, "bo")
    business.save(workspace, manager, "saved_view", views["shared"], query="stage:active")
    assert business.held("saved_view", views["shared"])["owner"] == ana.operator_id
    undo(workspace, manager)
    redo(workspace, manager)
    assert business.held("saved_view", views["shared"])["query"] == "stage:active"


# --- so are dashboards, with the cards on them


def test_a_private_dashboard_is_seen_and_changed_by_its_owner_alone(
    workspace: Workspace, ana: Actor, bo: Actor
) -> None:
    board = business.add(workspace, ana, "dashboard", name="Mine")
    card = business.add(workspace, ana, "card", dashboard="Mine", kpi="on-time")
    for entity, record in (("dashboard", board), ("card", card)):
        with pytest.raises(NotFound):
            details.detail(bo, entities[entity], record)
        assert timeline.journal(bo, entities[entity], record) == []
        with pytest.raises(NotFound):
            records.archive_many(workspace, bo, entities[entity], [record])
    business.save(workspace, ana, "dashboard", board, shared="yes")
    assert details.detail(bo, entities["card"], card).title == f"#{card}"
    for attempt in (
        lambda: business.save(workspace, bo, "dashboard", board, name="Bo's"),
        lambda: business.save(workspace, bo, "card", card, kpi="hours"),
        lambda: business.add(workspace, bo, "card", dashboard="Mine", kpi="hours"),
    ):
        with pytest.raises(NotAllowed, match="the dashboard belongs to somebody else; copy it to have one of your own"):
            attempt()
    business.save(workspace, ana, "operator", bo.operator_id, role="manager")
    business.save(workspace, sign_in(workspace, "bo"), "card", card, kpi="hours")
