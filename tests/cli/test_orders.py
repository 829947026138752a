"""Orders on the command line: a catalogue, orders and lines from files of another system; an order made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

CUSTOMERS = (
    "customerID,companyName,contactName,country\n"
    "ALFKI,Alfreds Futterkiste,Maria Anders,Germany\n"
    "BONAP,Bon app',Laurence Lebihan,France\n"
)
PRODUCTS = "productID,productName,quantityPerUnit,unitPrice\n1,Chai,10 boxes x 20 bags,18.00\n2,Konbu,2 kg box,6.00\n"
ORDERS = (
    "orderID,customerID,employeeID,orderDate,requiredDate,shippedDate\n"
    "10248,ALFKI,5,1996-07-04 00:00:00.000,1996-08-01 00:00:00.000,1996-07-16 00:00:00.000\n"
    "10249,BONAP,6,1996-07-05 00:00:00.000,1996-08-16 00:00:00.000,NULL\n"
)
DETAILS = (
    "orderID,productID,unitPrice,quantity,discount\n"
    "10248,1,14.40,3,0.15\n"
    "10248,2,4.80,5,0\n"
    "10249,2,4.85,1,0.05\n"
    "10249,99,4.85,1,0\n"
    "10250,2,4.85,1,0\n"
    "10249,2,4.85,0,0\n"
)


@pytest.fixture
def shop(crm: Run, tmp_path: Path) -> Run:
    """A workspace with the files of another system imported, but for the lines."""
    for name, text in (("customers", CUSTOMERS), ("products", PRODUCTS), ("orders", ORDERS), ("details", DETAILS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    crm("import", "clients", tmp_path / "customers.csv")
    crm("import", "products", tmp_path / "products.csv")
    mapped = ("--map", "orderID=external_id", "--map", "customerID=client.external_id")
    crm("import", "orders", tmp_path / "orders.csv", "--key", "external_id", *mapped)
    return crm


def test_what_was_shipped_is_fulfilled_and_the_rest_is_open(shop: Run) -> None:
    found = shop("list", "orders", "--json").json
    told = {one["external_id"]: (one["stage"], one["ordered_on"], one["due_on"], one["fulfilled_on"]) for one in found}
    assert told == {
        "10248": ("fulfilled", "1996-07-04", "1996-08-01", "1996-07-16"),
        "10249": ("new", "1996-07-05", "1996-08-16", None),
    }
    assert shop("list", "orders", "client.country:germany", "--format", "ids").lines == ["1"]
    assert shop("list", "products", "--columns", "name,price,unit", "--json").json[0] == {
        "name": "Chai", "price": "18.00", "unit": "10 boxes x 20 bags",
    }  # fmt: skip


def test_lines_are_rounded_alone_and_rows_that_cannot_be_are_told(shop: Run, tmp_path: Path) -> None:
    mapped = ("--map", "orderID=order.external_id", "--map", "productID=product.external_id")
    said = shop("import", "order-lines", tmp_path / "details.csv", *mapped, code=1)
    told = said.err + said.out
    assert "nothing is above 1, so 0.15 is read as 15 %" in told
    assert "3 created, 0 updated, 0 unchanged, 3 rejected" in told
    assert "there is no product with the external id" in told
    assert "there is no order with the external id" in told
    assert "0 is outside 0.001 to 1,000,000" in told or '"0" is outside 0.001 to 1,000,000' in told
    # 3 x 14.40 less 15 % and 5 x 4.80; 4.85 less 5 % is 4.6075
    assert [one["net"] for one in shop("list", "orders", "sort:id", "--columns", "net", "--json").json] == [
        "60.72",
        "4.61",
    ]
    client = shop("list", "clients", "lifetime_value>60", "--columns", "name,order_count,lifetime_value", "--json").json
    assert client == [{"name": "Alfreds Futterkiste", "order_count": 1, "lifetime_value": "60.72"}]
    assert shop("list", "clients", "orders.count>0 last_order<1996-07-05", "--format", "ids").lines == ["1"]
    lines = shop("list", "order-lines", "discount>=5", "--columns", "quantity,discount,amount", "--json").json
    assert lines == [
        {"quantity": 3, "discount": 15, "amount": "36.72"},
        {"quantity": 1, "discount": 5, "amount": "4.61"},
    ]
    shop("undo")
    assert shop("list", "order-lines", "--format", "ids").lines == []
    assert [one["net"] for one in shop("list", "orders", "--columns", "net", "--json").json] == ["0.00", "0.00"]


def test_an_order_is_made_and_fulfilled_by_hand(shop: Run) -> None:
    shop("do", "client.order", 2, "title=Spring campaign", "due_on=+30d")
    number = shop("show", "order", 3, "--json").json["number"]
    said = shop("do", "order_line.add", f"order={number}", "line=2 x Chai -10%")
    assert "Added: 2 x Chai, €32.40" in said.err + said.out
    shop("do", "order_line.add", f"order={number}", "line=3 hours of advice @80.50")
    shop("do", "order_line.add", f"order={number}", "line=coffee", code=2)
    assert shop("show", "order", 3, "--json").json["total"] == "273.90"
    shop("set", "order", 3, "stage=fulfilled")
    assert shop("list", "orders", "stage:fulfilled fulfilled:today", "--format", "ids").lines == ["3"]
    shop("undo")
    assert shop("show", "order", 3, "--json").json["stage"] == "new"
    shop("set", "order", 3, "due_on=1990-01-01", code=2)
    shop("add", "order", "client=Nobody", code=2)


def test_imported_amounts_are_of_their_orders_currency(shop: Run, tmp_path: Path) -> None:
    shop("set", "order", 2, "currency=JPY")
    lines = "order,title,price,quantity\n10249,Logo,1200,2\n10249,Icon,99.5,1\n10248,Text,99.5,1\n"
    (tmp_path / "lines.csv").write_text(lines)
    said = shop("import", "order-lines", tmp_path / "lines.csv", "--map", "order=order.external_id", code=1)
    assert "more decimals than the money has" in said.err + said.out
    assert [(one["unit_price"], one["amount"]) for one in shop("list", "order-lines", "sort:id", "--json").json] == [
        ("1200", "2400"), ("99.50", "99.50"),
    ]  # fmt: skip
    assert shop("show", "order", 2, "--json").json["total"] == "2400"
