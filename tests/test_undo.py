"""Undo and redo of whatever was done, in chains, by several people, refused with a reason where others went on."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import search
from crm_tui.db import Workspace
from crm_tui.errors import Conflict, CrmError, NotAllowed, NotFound
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.models.journal import Operation
from crm_tui.scope import Actor
from crm_tui.services import records
from crm_tui.undo import redo, undo
from tests import business

CLIENT = entities["client"]
CONTACT = entities["contact"]

State = dict[tuple[str, int], dict[str, Any]]


def what_there_is() -> State:
    """Everything there is, without versions: undoing is a change too."""
    return {
        key: {name: value for name, value in held.items() if name != "version"}
        for key, held in business.present().items()
    }


def found(text: str) -> list[int]:
    model: Any = CLIENT.model
    query = model.select(model.id).where(search.condition(CLIENT, search.phrase(text))).order_by(model.id)
    return [row[0] for row in query.tuples()]


def refusal(step: Callable[..., str], *args: Any) -> str:
    before = business.present(), business.operations()
    with pytest.raises(CrmError) as told:
        step(*args)
    assert (business.present(), business.operations()) == before
    return str(told.value)


# --- one step back, whatever it was

DOINGS: dict[str, Callable[[Workspace, Actor, int, int], object]] = {
    "an edit": lambda w, a, one, two: business.save(
        w, a, "client", one, city="Porto", score="", owner="ana", notes="x"
    ),
    "a new record": lambda w, a, one, two: business.client(w, a, "Three", city="Łódź"),
    "a new record with tags": lambda w, a, one, two: business.client(w, a, "Three", tags="new, newer"),
    "a bulk edit": lambda w, a, one, two: records.change_many(
        w, a, CLIENT, [one, two], {"stage": "active", "city": "Lyon"}
    ),
    "a bulk edit of tags": lambda w, a, one, two: records.change_many(w, a, CLIENT, [one, two], {"tags": "+new,-vip"}),
    "archiving": lambda w, a, one, two: records.archive_many(w, a, CLIENT, [one, two]),
    "a new contact": lambda w, a, one, two: business.contact(w, a, two, "Philip"),
    "another point of contact": lambda w, a, one, two: business.contact(w, a, one, "Thomas", primary="yes"),
    "a contact that moves": lambda w, a, one, two: business.save(w, a, "contact", 1, client=two),
    "a contact that leaves": lambda w, a, one, two: records.archive_many(w, a, CONTACT, [1]),
    "a view deleted": lambda w, a, one, two: records.delete(w, a, entities["saved_view"], 1),
    "a tag renamed": lambda w, a, one, two: business.save(w, a, "tag", 1, name="important"),
    "a tag archived": lambda w, a, one, two: records.archive_many(w, a, entities["tag"], [1]),
    "an operator added": lambda w, a, one, two: business.add(w, a, "operator", login="carla", role="viewer"),
    "an operator promoted": lambda w, a, one, two: business.save(w, a, "operator", 2, role="admin"),
    "a setting": lambda w, a, one, two: business.add(w, a, "setting", key="name", value="Atelier Norte"),
}


@pytest.fixture
def two(workspace: Workspace, ana: Actor, bo: Actor) -> tuple[int, int]:
    """Two clients, one with a person, a tag, and a view."""
    one = business.client(workspace, ana, "One", city="Berlin", tags="vip", score="10")
    other = business.client(workspace, ana, "Two", city="Bern")
    business.contact(workspace, ana, one, "Maria Anders", email="maria@acme.example")
    business.add(workspace, ana, "saved_view", name="Mine", screen="clients", query="stage:active")
    return one, other


@pytest.mark.parametrize("doing", DOINGS.values(), ids=DOINGS.keys())
def test_whatever_was_done_is_undone_and_done_again(
    workspace: Workspace, ana: Actor, two: tuple[int, int], doing: Callable[[Workspace, Actor, int, int], object]
) -> None:
    before = what_there_is()
    doing(workspace, ana, *two)
    after = what_there_is()
    assert after != before
    for _round in range(2):
        assert undo(workspace, ana).startswith("undid: ")
        assert what_there_is() == before
        assert redo(workspace, ana).startswith("did again: ")
        assert what_there_is() == after
    assert business.replayed() == business.present()


def test_an_import_is_one_step(workspace: Workspace, ana: Actor) -> None:
    before = what_there_is()
    with operation(workspace, ana, "client.import", summary="import 30 clients") as op:
        clients = op.create_many(CLIENT, [{"name": f"Client {number}", "city": "Łódź"} for number in range(30)])
        op.create_many(CONTACT, [{"name": f"Person {record}", "client": record, "primary": True} for record in clients])
        op.update_many(CLIENT, {record: {"city": "Lyon"} for record in clients[:10]})
        op.update_many(CLIENT, {record: {"city": "Bern", "score": 5} for record in clients[:5]})
        op.archive(CLIENT, clients[-3:])
    after = what_there_is()
    assert undo(workspace, ana) == "undid: import 30 clients"
    assert what_there_is() == before
    assert found("client") == found("person") == []
    redo(workspace, ana)
    assert what_there_is() == after
    assert found("client") == found("person") == clients
    assert found("lyon") == clients[5:10]
    assert found("bern") == clients[:5]


def test_what_comes_back_keeps_its_id_and_its_moment(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    made = business.held("client", record)["created_at"]
    undo(workspace, ana)
    assert business.client(workspace, ana, "In between") != record
    undo(workspace, ana)
    assert not business.exists("client", record)
    with pytest.raises(NotFound):  # "In between" was done since: what was undone before it is history
        redo(workspace, ana), redo(workspace, ana)
    undo(workspace, ana)
    redo(workspace, ana)
    assert business.held("client", record + 1)["created_at"] == made


def test_search_follows(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, "ACME", city="Berlin")
    person = business.contact(workspace, ana, record, "Frédérique Citeaux")
    assert found("citeaux") == [record]
    undo(workspace, ana)
    assert found("citeaux") == []
    redo(workspace, ana)
    assert found("frederique") == [record]
    business.save(workspace, ana, "contact", person, name="Laurence Lebihan")
    undo(workspace, ana)
    assert (found("citeaux"), found("lebihan")) == ([record], [])


# --- chains


def test_back_and_forth_and_on(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, city="a")
    for city in "bcd":
        business.save(workspace, ana, "client", record, city=city)
    seen = []
    for step in (undo, undo, redo, undo, undo, redo, redo, redo):
        step(workspace, ana)
        seen.append(business.held("client", record)["city"])
    assert seen == ["c", "b", "c", "b", "a", "b", "c", "d"]
    assert refusal(redo, workspace, ana) == "There is nothing of yours to do again."


def test_doing_something_else_forgets_what_was_undone(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, city="a")
    business.save(workspace, ana, "client", record, city="b")
    undo(workspace, ana)
    business.save(workspace, ana, "client", record, region="north")
    assert refusal(redo, workspace, ana) == "There is nothing of yours to do again."
    undo(workspace, ana)
    redo(workspace, ana)
    assert (business.held("client", record)["region"], business.held("client", record)["city"]) == ("north", "a")


def test_all_the_way_back_stops_before_the_workspace_was_made(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana)
    undo(workspace, ana)
    assert not business.exists("client", record)
    assert refusal(undo, workspace, ana) == "There is nothing of yours to undo."
    first = Operation.select(Operation.id).order_by(Operation.id).get().id
    assert refusal(undo, workspace, ana, first) == f"Operation {first} made this workspace and cannot be undone."


@given(steps=st.lists(st.sampled_from(["edit", "add", "archive", "tag", "undo", "redo"]), max_size=14))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_chain_is_like_a_pile_of_states(workspace: Workspace, ana: Actor, steps: list[str]) -> None:
    """However often one goes back and forth, everything is as it was at that point."""
    with operation(workspace, ana, "clear", kind="setup") as op:
        for name in ("contact", "client", "tag"):
            model: Any = entities[name].model
            op.delete(entities[name], [row[0] for row in model.select(model.id).tuples()])
        record = op.create(CLIENT, {"name": "One"})
    before, after = [what_there_is()], list[State]()
    for number, step in enumerate(steps):
        if step in ("undo", "redo"):
            source, target = (before, after) if step == "undo" else (after, before)
            if len(before) < 2 if step == "undo" else not after:
                continue
            (undo if step == "undo" else redo)(workspace, ana)
            target.append(source.pop())
        else:
            do_something(workspace, ana, step, number, record)
            if what_there_is() == before[-1]:
                continue
            before.append(what_there_is())
            after.clear()
        assert what_there_is() == before[-1]
    assert {key: value for key, value in business.replayed().items() if key[0] != "operator"} == {
        key: value for key, value in business.present().items() if key[0] != "operator"
    }


def do_something(workspace: Workspace, ana: Actor, step: str, number: int, record: int) -> None:
    if step == "edit":
        business.save(workspace, ana, "client", record, city=f"city {number}")
    elif step == "add":
        business.client(workspace, ana, f"Client {number}", tags=f"tag {number % 3}")
    elif step == "archive":
        back = business.held("client", record)["archived_at"] is not None
        records.archive_many(workspace, ana, CLIENT, [record], back=back)
    else:
        records.change_many(workspace, ana, CLIENT, [record], {"tags": f"+tag {number % 3}"})


# --- several people


def test_everyone_goes_back_over_their_own(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    one = business.client(workspace, ana, "Ana's")
    two = business.client(workspace, bo, "Bo's")
    business.save(workspace, ana, "client", one, city="Berlin")
    assert undo(workspace, bo) == "undid: add client Bo's"
    assert not business.exists("client", two)
    assert undo(workspace, ana).startswith("undid: edit client Ana's")
    assert undo(workspace, ana) == "undid: add client Ana's"
    assert redo(workspace, bo) == "did again: add client Bo's"
    assert business.exists("client", two)


def test_what_someone_else_changed_since_is_not_touched(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin")
    business.save(workspace, ana, "client", record, city="Porto")
    business.save(workspace, bo, "client", record, phone="+49 30 1234567")
    number = business.last_operation_id()
    assert refusal(undo, workspace, ana) == (
        f'"edit client ACME Studio: city" cannot be taken back or repeated: client {record} was changed. '
        f"bo did since: edit client ACME Studio: phone (operation {number})"
    )
    undo(workspace, bo)
    assert undo(workspace, ana) == "undid: edit client ACME Studio: city"
    assert business.held("client", record)["city"] == "Berlin"


def test_what_someone_else_relies_on_does_not_vanish(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana)
    business.contact(workspace, bo, record)
    said = '"add client ACME Studio" cannot be taken back: something made since belongs to its record.'
    assert refusal(undo, workspace, ana) == said
    undo(workspace, bo)
    undo(workspace, ana)
    assert not business.exists("client", record)


def test_a_tag_that_others_use_by_now_stays(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.client(workspace, ana, "One", tags="vip, press")
    business.client(workspace, bo, "Two", tags="VIP")
    undo(workspace, ana)
    model: Any = entities["tag"].model
    assert [tag.name for tag in model.select()] == ["vip"]
    redo(workspace, ana)
    assert sorted(tag.name for tag in model.select()) == ["press", "vip"]
    assert business.replayed() == business.present()


def test_doing_again_is_refused_after_others_went_on(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="Berlin")
    business.save(workspace, ana, "client", record, city="Porto")
    undo(workspace, ana)
    business.save(workspace, bo, "client", record, city="Lyon")
    assert "bo did since" in refusal(redo, workspace, ana)


def test_what_was_done_again_by_others_in_between_is_seen(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana, city="a")
    business.save(workspace, ana, "client", record, city="b")
    business.save(workspace, bo, "client", record, city="c")
    undo(workspace, bo)
    undo(workspace, ana)
    assert refusal(redo, workspace, bo).endswith("Its city is another one now.")
    assert business.held("client", record)["city"] == "a"


def test_a_workspace_is_never_left_without_an_admin(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    business.save(workspace, ana, "operator", bo.operator_id, role="admin")
    promotion = business.last_operation_id()
    chief = Actor(bo.operator_id, "bo", "admin")
    business.save(workspace, chief, "operator", ana.operator_id, role="operator")
    assert "At least one active admin must remain" in refusal(undo, workspace, chief, promotion)


def test_undoing_needs_the_same_right_as_doing(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    record = business.client(workspace, ana)
    viewer = business.operator(workspace, ana, "vera", "viewer")
    with pytest.raises(NotAllowed, match="vera is a viewer"):
        undo(workspace, viewer)
    business.save(workspace, ana, "operator", bo.operator_id, name="Bo")
    with pytest.raises(NotAllowed, match="only an admin changes operators"):
        undo(workspace, bo, business.last_operation_id())
    with pytest.raises(NotAllowed, match="--readonly"):
        undo(workspace, Actor(1, "ana", "admin", readonly=True))
    assert business.exists("client", record)


# --- by number


def test_an_operation_may_be_named(workspace: Workspace, ana: Actor, bo: Actor) -> None:
    one = business.client(workspace, ana, "One", city="Berlin")
    business.save(workspace, ana, "client", one, city="Porto")
    number = business.last_operation_id()
    two = business.client(workspace, ana, "Two")
    undo(workspace, bo, number)
    assert (business.held("client", one)["city"], business.exists("client", two)) == ("Berlin", True)
    assert refusal(undo, workspace, bo, number) == f"Operation {number} is undone already."
    assert refusal(redo, workspace, ana, number - 1) == f"Operation {number - 1} is not undone."
    undoing = business.last_operation_id()
    said = f"Operation {undoing} is itself an undo or redo; name the one it was of, {number}."
    assert refusal(undo, workspace, ana, undoing) == said
    redo(workspace, ana, number)
    assert business.held("client", one)["city"] == "Porto"
    with pytest.raises(NotFound, match="There is no operation 9999; crm-tui log lists them"):
        undo(workspace, ana, 9999)


def test_an_older_operation_of_ones_own_is_refused_like_anybodys(workspace: Workspace, ana: Actor) -> None:
    record = business.client(workspace, ana, city="a")
    business.save(workspace, ana, "client", record, city="b")
    number = business.last_operation_id()
    business.save(workspace, ana, "client", record, city="c")
    with pytest.raises(Conflict, match="ana did since"):
        undo(workspace, ana, number)


def test_undoing_very_much_takes_no_more_memory_than_a_little(
    workspace: Workspace, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in memory at once is a page of changes, not the operation."""
    monkeypatch.setattr("crm_tui.undo._PAGE", 50)
    monkeypatch.setattr("crm_tui.journal.writer._UNWRITTEN", 50)
    monkeypatch.setattr("crm_tui.search._BATCH", 50)
    monkeypatch.setattr("crm_tui.derived._BATCH", 50)
    notes = "wants a darker blue " * 100
    peaks: dict[int, int] = {}
    for size in (400, 1200):
        with operation(workspace, ana, "client.import") as op:
            for _page in range(size // 50):
                op.create_many(CLIENT, [{"name": "Client", "notes": notes} for _n in range(50)])
        for step in (undo, redo):
            gc.set_threshold(700, 10, 10)  # Python's own: what waits to be collected is not what this is about
            tracemalloc.start()
            step(workspace, ana)
            peaks[size] = max(peaks.get(size, 0), tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1200] < 1.5 * peaks[400], peaks
