"""Orders: numbers, days, stages, lines and what they come to; what follows for clients; bad input in plain words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from crm_tui import clock
from crm_tui.db import Workspace
from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.models.base import entities
from crm_tui.queries import details, lists, orders
from crm_tui.scope import Actor
from crm_tui.services import ordering, records
from crm_tui.undo import redo, undo
from tests import business


@pytest.fixture
def acme(workspace: Workspace, ana: Actor) -> int:
    return business.client(workspace, ana, "ACME")


@pytest.fixture
def chai(workspace: Workspace, ana: Actor) -> int:
    return business.add(workspace, ana, "product", name="Chai", sku="T-1", price="18", tax="19", external_id="1")


def order(workspace: Workspace, ana: Actor, client: int, **typed: Any) -> int:
    return business.add(workspace, ana, "order", client=client, **typed)


def line(workspace: Workspace, ana: Actor, order: int, **typed: Any) -> int:
    return business.add(workspace, ana, "order_line", order=order, **typed)


def worth(record: int) -> tuple[int | None, int | None]:
    held = business.held("order", record)
    return held["net"], held["total"]


def bought(client: int) -> tuple[Any, ...]:
    held = business.held("client", client)
    return tuple(held[name] for name in ("order_count", "last_order", "lifetime_value", "repeat_rate"))


def found(actor: Actor, text: str, what: str = "order") -> list[int]:
    return lists.ids(actor, lists.listing(actor, entities[what], text))


def test_orders_are_numbered_in_a_series_of_the_workspaces_own(workspace: Workspace, ana: Actor, acme: int) -> None:
    one, two = order(workspace, ana, acme), order(workspace, ana, acme)
    by_hand = order(workspace, ana, acme, number="ORD-3")
    business.add(workspace, ana, "setting", key="order.number", value="{year}/{n:4}")
    next_one = order(workspace, ana, acme)
    numbers = [business.held("order", record)["number"] for record in (one, two, by_hand, next_one)]
    assert numbers == ["ORD-1", "ORD-2", "ORD-3", f"{clock.today().year}/0003"]
    with pytest.raises(InvalidRecord, match='there is already an order "ord-1"'):
        order(workspace, ana, acme, number="ord-1")


def test_a_number_that_was_typed_already_is_passed_over(workspace: Workspace, ana: Actor, acme: int) -> None:
    order(workspace, ana, acme, number="ORD-1")
    assert business.held("order", order(workspace, ana, acme))["number"] == "ORD-2"


def test_lines_take_price_and_tax_from_the_catalogue_and_the_order_adds_them_up(
    workspace: Workspace, ana: Actor, acme: int, chai: int
) -> None:
    record = order(workspace, ana, acme)
    tea = line(workspace, ana, record, product="Chai", quantity="2")
    line(workspace, ana, record, title="Advice", quantity="1.5", unit_price="80.50", discount="5 %")
    assert business.held("order_line", tea)["unit_price"] == 1800
    # 36.00 and 114.7125, rounded; 19 % of 36.00
    assert worth(record) == (3600 + 11471, 3600 + 11471 + 684)
    found = details.detail(ana, entities["order"], record)
    assert [row.cells for row in found.lines] == [
        ("Chai", "2", "€18.00", "", "19 %", "€36.00"),
        ("Advice", "1.5", "€80.50", "5 %", "", "€114.71"),
    ]
    business.save(workspace, ana, "product", chai, price="20")
    business.save(workspace, ana, "order_line", tea, quantity="3")
    assert worth(record)[0] == 5400 + 11471, "an order keeps the price it was ordered at"
    records.archive_many(workspace, ana, entities["order_line"], [tea])
    assert worth(record) == (11471, 11471)
    undo(workspace, ana)
    assert worth(record)[0] == 5400 + 11471
    undo(workspace, ana)
    assert worth(record)[0] == 3600 + 11471
    assert business.replayed() == business.present()


def test_a_line_that_goes_over_to_another_order_changes_both(
    workspace: Workspace, ana: Actor, acme: int, chai: int
) -> None:
    one, two = order(workspace, ana, acme), order(workspace, ana, acme)
    moved = line(workspace, ana, one, product=chai)
    business.save(workspace, ana, "order_line", moved, order=two)
    assert (worth(one), worth(two)) == ((0, 0), (1800, 2142))
    undo(workspace, ana)
    assert (worth(one), worth(two)) == ((1800, 2142), (0, 0))


def test_an_archived_product_stays_on_its_orders_and_is_on_no_new_ones(
    workspace: Workspace, ana: Actor, acme: int, chai: int
) -> None:
    record = order(workspace, ana, acme)
    kept = line(workspace, ana, record, product=chai)
    records.archive_many(workspace, ana, entities["product"], [chai])
    business.save(workspace, ana, "order_line", kept, quantity="4")
    assert worth(record)[0] == 7200
    with pytest.raises(InvalidRecord, match="archived"):
        line(workspace, ana, record, product="Chai")


def test_fulfilled_is_a_stage_and_a_day_and_either_brings_the_other(
    workspace: Workspace, ana: Actor, acme: int
) -> None:
    record = order(workspace, ana, acme, ordered_on="2026-01-10", due_on="2026-01-20")
    business.save(workspace, ana, "order", record, stage="fulfilled")
    assert business.held("order", record)["fulfilled_on"] == clock.today()
    business.save(workspace, ana, "order", record, stage="review")
    assert business.held("order", record)["fulfilled_on"] is None, "it was opened again"
    business.save(workspace, ana, "order", record, fulfilled_on="2026-01-15")
    assert business.held("order", record)["stage"] == "fulfilled"
    with pytest.raises(InvalidRecord, match="move it to another stage to open it again"):
        business.save(workspace, ana, "order", record, fulfilled_on="")
    imported = order(workspace, ana, acme, ordered_on="1996-07-04", fulfilled_on="1996-07-16")
    assert business.held("order", imported)["stage"] == "fulfilled"


def test_what_follows_for_the_client_comes_and_goes_with_its_orders(
    workspace: Workspace, ana: Actor, acme: int, chai: int
) -> None:
    assert bought(acme) == (None, None, None, None)
    first = order(workspace, ana, acme, ordered_on="2026-01-10", fulfilled_on="2026-01-12")
    line(workspace, ana, first, product=chai, tax="0")
    second = order(workspace, ana, acme, ordered_on="2026-02-10")
    line(workspace, ana, second, product=chai)
    assert bought(acme) == (2, date(2026, 2, 10), 1800, 50)
    assert found(ana, "order_count>=2 lifetime_value>=18 last_order<2026-03-01 orders.count>1", "client") == [acme]
    assert found(ana, "client.name:acme stage:fulfilled") == [first]
    business.save(workspace, ana, "order", second, stage="cancelled")
    assert bought(acme) == (1, date(2026, 1, 10), 1800, 0)
    other = business.client(workspace, ana, "Bolido")
    business.save(workspace, ana, "order", first, client=other)
    assert (bought(acme), bought(other)) == ((None, None, None, None), (1, date(2026, 1, 10), 1800, 0))
    undo(workspace, ana)
    assert bought(acme)[0] == 1
    records.archive_many(workspace, ana, entities["order"], [first])
    assert bought(acme)[0] is None


def test_orders_of_another_currency_do_not_count_into_the_value(workspace: Workspace, ana: Actor, acme: int) -> None:
    business.save(workspace, ana, "client", acme, currency="USD")
    dollars = order(workspace, ana, acme, fulfilled_on="today")
    yen = order(workspace, ana, acme, currency="JPY", fulfilled_on="today")
    line(workspace, ana, dollars, title="Logo", unit_price="100.50")
    line(workspace, ana, yen, title="Logo", unit_price="12000")
    assert business.held("order", dollars)["currency"] == "USD", "the client's"
    assert (worth(yen)[0], bought(acme)[2]) == (12000, 10050)
    shown = lists.rows(entities["order"], [yen, dollars], ("total",))
    assert [row.cells[0] for row in shown] == ["¥12,000", "$100.50"]
    assert found(ana, "total>11k") == [yen]
    assert found(ana, "total:100.5") == [dollars]
    with pytest.raises(InvalidRecord, match="more decimals than the money has"):
        line(workspace, ana, yen, title="Icon", unit_price="99.50")
    with pytest.raises(InvalidRecord, match="it has 1 line in JPY"):
        business.save(workspace, ana, "order", yen, currency="EUR")


def test_the_workspaces_currency_is_that_of_whoever_has_none(workspace: Workspace, ana: Actor, acme: int) -> None:
    setting = business.add(workspace, ana, "setting", key="currency", value="pln")
    record = order(workspace, ana, acme)
    product = business.add(workspace, ana, "product", name="Logo", price="900")
    line(workspace, ana, record, product="Logo")
    assert (business.held("order", record)["currency"], business.held("product", product)["currency"]) == ("PLN", "PLN")
    assert lists.rows(entities["order"], [record], ("total",))[0].cells == ("PLN900.00",)
    with pytest.raises(InvalidRecord, match="is not a currency"):
        business.save(workspace, ana, "setting", setting, value="złoty")
    for _operation in range(4):
        undo(workspace, ana)
    assert business.held("order", order(workspace, ana, acme))["currency"] == "EUR"


def test_a_product_in_another_currency_needs_a_price(workspace: Workspace, ana: Actor, acme: int, chai: int) -> None:
    record = order(workspace, ana, acme, currency="USD")
    with pytest.raises(InvalidRecord, match='"Chai" is priced in EUR, the order is in USD: give the price'):
        line(workspace, ana, record, product=chai)
    line(workspace, ana, record, product=chai, unit_price="21")
    assert worth(record)[0] == 2100


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"quantity": "0"}, "0.* is outside 0.001 to 1,000,000"),
        ({"quantity": "-2"}, "is outside 0.001 to 1,000,000"),
        ({"quantity": "2000000"}, "is outside 0.001 to 1,000,000"),
        ({"quantity": "0.0001"}, "more than 3 decimals"),
        ({"quantity": "many"}, "is not a number"),
        ({"discount": "101"}, "is outside 0 to 100"),
        ({"unit_price": "99999999999999999999"}, "more money than can be kept"),
        ({"unit_price": "99999999999999", "quantity": "1000000"}, "more money than an order line can hold"),
        ({"product": "Coffee"}, "there is no product"),
        ({"product": ""}, "name a product, or say in the title what it is"),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_plain_words(
    workspace: Workspace, ana: Actor, acme: int, chai: int, typed: dict[str, str], reason: str
) -> None:
    record = order(workspace, ana, acme)
    before = business.present()
    with pytest.raises(InvalidRecord, match=reason):
        line(workspace, ana, record, **({"product": "Chai"} | typed))
    assert business.present() == before


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"due_on": "2026-01-01"}, "before it was ordered, on 10 Jan 2026"),
        ({"fulfilled_on": "2026-01-01"}, "before it was ordered, on 10 Jan 2026"),
        ({"client": ""}, "it cannot be empty"),
        ({"contact": "Bo Bolido"}, "Bo Bolido is not a contact of this client"),
        ({"stage": "somewhere"}, "is not one of new, confirmed"),
        ({"rank": "zzz"}, "it is kept by the program"),
        ({"total": "12"}, "it is kept by the program"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_plain_words(
    workspace: Workspace, ana: Actor, acme: int, typed: dict[str, str], reason: str
) -> None:
    business.contact(workspace, ana, business.client(workspace, ana, "Bolido"), "Bo Bolido")
    with pytest.raises(InvalidRecord, match=reason):
        order(workspace, ana, **({"client": acme, "ordered_on": "2026-01-10"} | typed))  # type: ignore[arg-type]


def test_a_stage_may_require_what_must_be_known_to_enter_it(workspace: Workspace, ana: Actor, acme: int) -> None:
    business.add(
        workspace, ana, "word", vocabulary="order.stage", value="review", meaning="open", requires="assignee, due on"
    )
    record = order(workspace, ana, acme)
    with pytest.raises(InvalidRecord, match="needed to enter review") as refused:
        business.save(workspace, ana, "order", record, stage="review")
    assert refused.value.problems.keys() == {"assignee", "due_on"}
    business.save(workspace, ana, "order", record, stage="review", assignee="ana", due_on="today")
    assert business.held("order", record)["stage"] == "review"


@pytest.mark.parametrize(
    "vocabulary, typed, reason",
    [
        ("order.stage", {"requires": "due on, asignee"}, 'orders have no field "asignee". Did you mean "assignee"?'),
        ("client.stage", {"requires": "owner"}, "only stages of orders"),
        ("client.stage", {"limit": "3"}, "only stages of orders"),
    ],
)
def test_what_a_stage_cannot_require_is_refused(
    workspace: Workspace, ana: Actor, vocabulary: str, typed: dict[str, str], reason: str
) -> None:
    given = {"vocabulary": vocabulary, "value": "waiting", "meaning": "open" if vocabulary[0] == "o" else "", **typed}
    with pytest.raises(InvalidRecord, match=re.escape(reason)):
        business.add(workspace, ana, "word", **given)


def test_what_a_stage_requires_is_kept_by_the_names_of_the_fields(workspace: Workspace, ana: Actor) -> None:
    record = business.add(
        workspace, ana, "word", vocabulary="order.stage", value="waiting", meaning="open", requires="Due, Notes"
    )
    assert business.held("word", record)["requires"] == "due_on, notes"


def test_new_and_moved_orders_come_first_in_their_stage(workspace: Workspace, ana: Actor, acme: int) -> None:
    made = [order(workspace, ana, acme) for _turn in range(3)]
    for record in made[:2]:
        business.save(workspace, ana, "order", record, stage="review")
    in_place = sorted((business.held("order", record)["rank"], record) for record in made[:2])
    assert [record for _rank, record in in_place] == [made[1], made[0]]
    business.save(workspace, ana, "order", made[0], title="Logo")
    assert business.held("order", made[0])["rank"] == in_place[1][0], "editing moves nothing"


@pytest.mark.parametrize(
    ("text", "what", "quantity", "price", "discount"),
    [
        ("2 x Chai", "Chai", "2", "", ""),
        ("Chai", "Chai", "1", "", ""),
        ("3 hours of advice @80.50 -5%", "hours of advice", "3", "80.50", "5"),
        ("1,5 × Konbu -10 %", "Konbu", "1,5", "", "10"),
        ("10 paper @ 0.10", "paper", "10", "0.10", ""),
        ("7-Up", "7-Up", "1", "", ""),
        ("2 7-Up", "7-Up", "2", "", ""),
    ],
)
def test_a_line_is_typed_as_one(text: str, what: str, quantity: str, price: str, discount: str) -> None:
    assert ordering.read_line(text) == ordering.LineText(what, quantity, price, discount)


@pytest.mark.parametrize("text", ["", "   ", "@80", "-5%"])
def test_a_line_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(CrmError, match="Write what is ordered"):
        ordering.read_line(text)


def test_products_are_found_by_what_is_typed(workspace: Workspace, ana: Actor, chai: int) -> None:
    masala = business.add(workspace, ana, "product", name="Chai masala", price="20")
    assert [record for record, _name, _price in orders.products(ana, "chai")] == [chai], "its very name"
    assert [record for record, _name, _price in orders.products(ana, "T-1")] == [chai]
    assert [record for record, _name, _price in orders.products(ana, "cha")] == [chai, masala]
    assert orders.products(ana, 'cha" or *') == []


def test_two_products_have_no_sku_in_common(workspace: Workspace, ana: Actor, chai: int) -> None:
    with pytest.raises(InvalidRecord, match='"Chai" has the SKU t-1 already'):
        business.add(workspace, ana, "product", name="Tea", sku="t-1")


def test_a_clients_timeline_tells_of_its_orders(workspace: Workspace, ana: Actor, acme: int, chai: int) -> None:
    from crm_tui.queries.story import Story

    record = order(workspace, ana, acme, title="Logo")
    business.save(workspace, ana, "order", record, stage="review")
    told = [one.what for one in Story(entities["client"], acme).window(0, 10)]
    assert told == ["changed stage: new → review (ORD-1)", "added order ORD-1", "added client ACME"]
    line(workspace, ana, record, product=chai)
    own = [one.what for one in Story(entities["order"], record).window(0, 10)]
    assert own == ["added order line Chai", "changed stage: new → review", "added order ORD-1"]


def test_undo_and_redo_of_a_whole_order(workspace: Workspace, ana: Actor, acme: int, chai: int) -> None:
    record = order(workspace, ana, acme)
    line(workspace, ana, record, product=chai)
    before = business.present()
    undo(workspace, ana)
    undo(workspace, ana)
    assert not business.exists("order", record)
    redo(workspace, ana)
    redo(workspace, ana)
    assert {key: value | {"version": 0} for key, value in business.present().items()} == {
        key: value | {"version": 0} for key, value in before.items()
    }
    assert worth(record) == (1800, 2142)


def test_orders_move_together_and_one_undo_takes_them_back(workspace: Workspace, ana: Actor, acme: int) -> None:
    one, two = order(workspace, ana, acme), order(workspace, ana, acme, stage="review")
    assert ordering.move(workspace, ana, [one, two], 1) == "2 orders moved to confirmed, fulfilled"
    assert [business.held("order", record)["stage"] for record in (one, two)] == ["confirmed", "fulfilled"]
    assert business.held("order", two)["fulfilled_on"] == clock.today()
    undo(workspace, ana)
    assert [business.held("order", record)["stage"] for record in (one, two)] == ["new", "review"]
    assert business.held("order", two)["fulfilled_on"] is None
    assert ordering.move(workspace, ana, [one], 2) == "ORD-1 is in progress now"
    assert ordering.move(workspace, ana, [one], -9) == "ORD-1 is new now"
    operations = len(business.operations())
    assert ordering.move(workspace, ana, [one], -1) == ""
    assert ordering.fulfil(workspace, ana, [one, two]) == "2 orders moved to fulfilled"
    assert ordering.fulfil(workspace, ana, [one, two]) == ""
    assert len(business.operations()) == operations + 1, "what moves nothing leaves no trace"
    assert business.replayed() == business.present()


def test_a_stage_over_its_limit_takes_one_more_and_says_so(workspace: Workspace, ana: Actor, acme: int) -> None:
    business.add(workspace, ana, "word", vocabulary="order.stage", value="confirmed", meaning="open", limit="1")
    one, two = order(workspace, ana, acme), order(workspace, ana, acme)
    assert ordering.move(workspace, ana, [one], 1) == "ORD-1 is confirmed now"
    assert ordering.move(workspace, ana, [two], 1) == "ORD-2 is confirmed now; limit of confirmed is 1: 2"
    with pytest.raises(CrmError, match='"confirmed" is that of 2 orders'):
        records.archive_many(workspace, ana, entities["word"], found(ana, 'value="confirmed"', "word"))
    from crm_tui.services.words import replace

    assert replace(workspace, ana, "order.stage.confirmed", "review") == 2
    assert {business.held("order", record)["stage"] for record in (one, two)} == {"review"}


def test_when_one_of_several_may_not_enter_none_moves(workspace: Workspace, ana: Actor, acme: int) -> None:
    business.add(workspace, ana, "word", vocabulary="order.stage", value="confirmed", meaning="open", requires="due on")
    one, two = order(workspace, ana, acme, due_on="today"), order(workspace, ana, acme)
    with pytest.raises(InvalidRecord, match="needed to enter confirmed"):
        ordering.move(workspace, ana, [one, two], 1)
    assert {business.held("order", record)["stage"] for record in (one, two)} == {"new"}
