"""Checklists: typed, applied, brought by a product, asked for before something is done."""

from __future__ import annotations

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, InvalidRecord, NotAllowed, NotFound
from crm_tui.models.base import entities
from crm_tui.queries import board, checklists
from crm_tui.scope import Actor
from crm_tui.services import checklisting, ordering, tasking
from crm_tui.services.checklists import Item, StillOpen, read_items
from crm_tui.undo import undo
from tests import business

ORDER, TASK = entities["order"], entities["task"]


@pytest.fixture
def order(workspace: Workspace, ana: Actor) -> int:
    business.client(workspace, ana)
    return business.add(workspace, ana, "order", client="ACME Studio", title="Site")


def texts(record: int, entity: str = "order") -> list[str]:
    return [row.cells[0] + " " + row.cells[1] for row in checklists.items(entities[entity], record)]


def ids(record: int) -> list[int]:
    return [row.id for row in checklists.items(ORDER, record)]


def test_lines_are_read_as_people_write_lists() -> None:
    text = "# Launch\n- [x] Proof\n* [ ] Texts (optional)\n3. Third\n\n  plain one  \n- \n[ ] boxed\n2024 figures"
    assert read_items(text) == [
        Item("Proof", done=True), Item("Texts", required=False), Item("Third"), Item("plain one"), Item("boxed"),
        Item("2024 figures"),
    ]  # fmt: skip
    with pytest.raises(BadInput, match="too long"):
        read_items("x" * 301)


def test_items_are_ticked_off_by_somebody_and_the_ticks_taken_away(
    workspace: Workspace, ana: Actor, order: int
) -> None:
    assert checklisting.add(workspace, ana, ORDER, order, "proof") == 'Added: "proof"'
    assert checklisting.add(workspace, ana, ORDER, order, "texts\nsample (optional)") == "2 items added"
    assert texts(order) == ["[ ] proof", "[ ] texts", "[ ] sample (optional)"]
    first, second, third = ids(order)
    assert checklisting.tick(workspace, ana, [first, second]) == "1 to go"
    held = business.held("checklist_item", first)
    assert (held["done_by"], held["done_at"]) == (ana.operator_id, clock.now())
    assert checklists.progress(ORDER, [order]) == {order: (2, 3)}
    assert checklisting.tick(workspace, ana, [third]) == "Everything on the checklist is done"
    assert checklisting.tick(workspace, ana, [first]) == "1 to go"
    assert business.held("checklist_item", first)["done_by"] is None
    undo(workspace, ana)
    assert texts(order)[0] == "[x] proof"
    with pytest.raises(BadInput):
        checklisting.add(workspace, ana, ORDER, order, "  ")


def test_items_are_arranged(workspace: Workspace, ana: Actor, order: int) -> None:
    checklisting.add(workspace, ana, ORDER, order, "one\ntwo\nthree")
    one, _two, three = ids(order)
    checklisting.arrange(workspace, ana, one, 1)
    assert texts(order) == ["[ ] two", "[ ] one", "[ ] three"]
    checklisting.arrange(workspace, ana, three, -9)
    assert texts(order) == ["[ ] three", "[ ] two", "[ ] one"]
    with pytest.raises(CrmError, match="the first of the list"):
        checklisting.arrange(workspace, ana, three, -1)
    undo(workspace, ana)
    undo(workspace, ana)
    assert texts(order) == ["[ ] one", "[ ] two", "[ ] three"]


def test_a_checklist_is_applied_once(workspace: Workspace, ana: Actor, order: int) -> None:
    other = business.add(workspace, ana, "order", client="ACME Studio")
    business.add(workspace, ana, "checklist", name="Print", items="proof\nsample (optional)")
    said = checklisting.apply(workspace, ana, ORDER, [order, other], "print")
    assert said == '4 items of "Print" added' and texts(order) == ["[ ] proof", "[ ] sample (optional)"]
    assert checklisting.apply(workspace, ana, ORDER, [order], "Print") == ""
    shipped = checklisting.apply(workspace, ana, ORDER, [order], "website launch")
    assert shipped.endswith('items of "website launch" added')
    assert checklisting.apply(workspace, ana, ORDER, [order], "website launch") == ""
    with pytest.raises(NotFound, match='no checklist "Pritn".*Did you mean "Print"'):
        checklisting.apply(workspace, ana, ORDER, [order], "Pritn")


def test_those_that_come_with_the_program_are_made_ones_own(workspace: Workspace, ana: Actor, order: int) -> None:
    names = list(checklisting.shipped())
    assert {"website launch", "month-end closing", "new client", "print job"} <= set(names)
    for name in names:
        record = checklisting.take_over(workspace, ana, name)
        assert business.held("checklist", record)["name"] == name
    assert [own is not None for _name, own in checklisting.offered()] == [True] * len(names)
    with pytest.raises(InvalidRecord, match="already a checklist"):
        checklisting.take_over(workspace, ana, names[0])


def test_a_product_brings_its_checklist_once(workspace: Workspace, ana: Actor, order: int) -> None:
    business.add(workspace, ana, "checklist", name="Print", items="proof\nsample")
    business.add(workspace, ana, "product", name="Flyer", price="10", checklist="Print")
    business.add(workspace, ana, "order_line", order="ORD-1", product="Flyer", quantity="2")
    assert texts(order) == ["[ ] proof", "[ ] sample"]
    line = business.add(workspace, ana, "order_line", order="ORD-1", product="Flyer", quantity="3")
    business.save(workspace, ana, "order_line", line, quantity="4")
    assert len(texts(order)) == 2
    for _operation in range(3):
        undo(workspace, ana)
    assert texts(order) == []


def test_what_is_open_is_asked_for_before_an_order_is_done(workspace: Workspace, ana: Actor, order: int) -> None:
    other = business.add(workspace, ana, "order", client="ACME Studio")
    checklisting.add(workspace, ana, ORDER, order, "proof\ntexts\nlinks\nbackup\nsample (optional)")
    with pytest.raises(StillOpen) as told:
        ordering.fulfil(workspace, ana, [other, order])
    reason = 'The checklist of ORD-1 has open items: "proof", "texts", "links" and 1 more.'
    assert str(told.value) == f"{reason} anyway=yes does it all the same."
    assert told.value.question == f"{reason} Do it all the same?"
    assert {business.held("order", record)["stage"] for record in (order, other)} == {"new"}, "nothing was half done"
    with pytest.raises(StillOpen):
        business.save(workspace, ana, "order", order, stage="fulfilled")
    with pytest.raises(StillOpen):
        business.save(workspace, ana, "order", order, fulfilled="today")
    ordering.move(workspace, ana, [order], 3)  # to review: only what is done is asked
    assert ordering.move(workspace, ana, [order], 1, anyway=True) == "ORD-1 is fulfilled now"
    business.save(workspace, ana, "order", order, title="changed afterwards")
    undo(workspace, ana)
    undo(workspace, ana)
    business.save(workspace, ana, "order", order, stage="fulfilled", anyway="yes")
    undo(workspace, ana)
    checklisting.tick(workspace, ana, ids(order)[:4])
    ordering.fulfil(workspace, ana, [order])


def test_a_task_has_a_checklist_too(workspace: Workspace, ana: Actor, order: int) -> None:
    task, _said = tasking.add_line(workspace, ana, "draft")
    checklisting.apply(workspace, ana, TASK, [task], "print job")
    with pytest.raises(StillOpen, match="The checklist of draft has open items"):
        tasking.finish(workspace, ana, [task])
    assert tasking.finish(workspace, ana, [task], anyway=True) == '"draft" is done'


def test_the_card_says_how_much_is_done(workspace: Workspace, ana: Actor, order: int) -> None:
    assert board.cards([order])[order].checked is None
    checklisting.add(workspace, ana, ORDER, order, "one\ntwo")
    checklisting.tick(workspace, ana, ids(order)[:1])
    assert board.cards([order])[order].checked == (1, 2)


@pytest.mark.parametrize(
    ("what", "typed", "at", "problem"),
    [
        ("checklist", {"name": "x", "items": " "}, "items", ""),
        ("checklist", {"name": "x", "items": "# only a heading"}, "items", "one a line"),
        ("checklist_item", {"text": "x"}, "order", "name one of them"),
        ("checklist_item", {"text": "x", "order": "ORD-99"}, "order", "no order"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(
    workspace: Workspace, ana: Actor, order: int, what: str, typed: dict[str, str], at: str, problem: str
) -> None:
    with pytest.raises(InvalidRecord) as told:
        business.add(workspace, ana, what, **typed)
    assert problem in told.value.problems[at]


def test_who_only_reads_ticks_nothing(workspace: Workspace, ana: Actor, order: int) -> None:
    checklisting.add(workspace, ana, ORDER, order, "one\ntwo")
    eve = business.operator(workspace, ana, "eve", "viewer")
    for act in (
        lambda: checklisting.tick(workspace, eve, ids(order)),
        lambda: checklisting.add(workspace, eve, ORDER, order, "three"),
        lambda: checklisting.arrange(workspace, eve, ids(order)[0], 1),
        lambda: checklisting.apply(workspace, eve, ORDER, [order], "print job"),
    ):
        with pytest.raises(NotAllowed, match="viewers only read"):
            act()
