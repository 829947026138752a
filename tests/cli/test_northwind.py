"""The figures of a real order book, beside what plain SQL over the same files says."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from crm_tui import cli, clock
from crm_tui.dashboards import answers
from crm_tui.dashboards.answers import Answer
from crm_tui.db import Workspace
from crm_tui.kpis import periods, registry
from crm_tui.models.base import entities
from crm_tui.queries import lists
from crm_tui.scope import Actor
from crm_tui.services.operators import sign_in
from tests import postgres
from tests.conftest import NOW

DATA = Path(__file__).parents[1] / "kpis/data"
YEAR = periods.read("1997")


@pytest.fixture(scope="module")
def plain() -> sqlite3.Connection:
    """The files as they are, in tables of SQL."""
    found = sqlite3.connect(":memory:")
    for name in ("customers", "orders", "order_details"):
        heading, *rows = csv.reader((DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines())
        found.execute(f"CREATE TABLE {name} ({', '.join(heading)})")
        found.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(heading))})", rows)
    found.execute("""
        CREATE VIEW value AS
        SELECT orderID, SUM((CAST(ROUND(unitPrice * 100) AS INTEGER) * quantity
            * CAST(ROUND(100 - discount * 100) AS INTEGER) + 50) / 100) AS net
        FROM order_details GROUP BY orderID
    """)
    return found


FILES = (
    ("clients", "customers.csv", "customerID=external_id"),
    ("products", "products.csv", "productID=external_id"),
    ("orders", "orders.csv", "orderID=external_id"),
    ("order-lines", "order_details.csv", "orderID=order.external_id", "productID=product.external_id"),
)


def _imported(location: str) -> None:
    """Import the files into a new workspace, as anybody would."""
    with clock.use(NOW):
        for what, name, *columns in FILES:
            mapped = [word for column in columns for word in ("--map", column)]
            words = ["--workspace", location, "--operator", "ana", "import", what, str(DATA / name), *mapped]
            assert cli.main(words) == 0


@pytest.fixture(scope="module")
def imported_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is copied by every test."""
    path = tmp_path_factory.mktemp("northwind") / "workspace.db"
    _imported(str(path))
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def northwind(request: pytest.FixtureRequest, tmp_path: Path, open_at: Callable[[str], Workspace]) -> Iterator[Actor]:
    """The files imported, once on each database."""
    if request.param == "postgres":
        with postgres.database(postgres.template("northwind", _imported)) as url:
            yield sign_in(open_at(url), "ana")
    else:
        path = tmp_path / "workspace.db"
        shutil.copy(request.getfixturevalue("imported_file"), path)
        yield sign_in(open_at(str(path)), "ana")


def _asked(actor: Actor, name: str) -> Answer:
    return answers.answer(actor, registry.named(name).ask(), YEAR)


def _amounts(answer: Answer) -> dict[str, Decimal | None]:
    return {part.label: part.figures[0].value for part in answer.parts}


def test_value_by_month_country_and_client_is_what_sql_says(northwind: Actor, plain: sqlite3.Connection) -> None:
    months = plain.execute("""
        SELECT substr(orderDate, 6, 2), SUM(net) FROM orders JOIN value USING (orderID)
        WHERE orderDate LIKE '1997%' GROUP BY 1 ORDER BY 1
    """).fetchall()
    value = _asked(northwind, "orders-value")
    assert [part.figures[0].value for part in value.parts] == [net for _month, net in months]
    assert value.whole.figures[0].value == sum(net for _month, net in months) == 61708535  # noqa: PLR2004

    joined = "orders JOIN value USING (orderID) JOIN customers USING (customerID)"
    by = f"FROM {joined} WHERE orderDate LIKE '1997%' GROUP BY 1"
    countries = dict(plain.execute(f"SELECT country, SUM(net) {by} ORDER BY 2 DESC LIMIT 20").fetchall())
    assert _amounts(_asked(northwind, "value-by-country")) == countries
    clients = dict(plain.execute(f"SELECT companyName, SUM(net) {by} ORDER BY 2 DESC LIMIT 10").fetchall())
    assert _amounts(_asked(northwind, "best-clients")) == clients


def test_the_share_on_time_and_the_days_taken_are_what_sql_says(northwind: Actor, plain: sqlite3.Connection) -> None:
    shipped = "FROM orders WHERE shippedDate LIKE '1997%'"
    on_time, all_of_them = plain.execute(f"SELECT SUM(shippedDate <= requiredDate), COUNT(*) {shipped}").fetchone()
    answer = _asked(northwind, "on-time")
    assert answer.whole.counted == on_time
    assert answer.whole.figures[0].value == round(Decimal(100 * on_time) / all_of_them, 1)
    taken = sorted(row[0] for row in plain.execute(f"SELECT julianday(shippedDate) - julianday(orderDate) {shipped}"))
    middle = (taken[(len(taken) - 1) // 2] + taken[len(taken) // 2]) / 2
    assert _asked(northwind, "days-to-fulfil").whole.figures[0].value == Decimal(str(middle))
    nearest = taken[-(-85 * len(taken) // 100) - 1]
    assert _asked(northwind, "days-to-fulfil-85").whole.figures[0].value == Decimal(str(nearest))


def test_each_opens_into_what_it_counted(northwind: Actor) -> None:
    for name in ("orders-value", "value-by-country", "best-clients", "on-time", "days-to-fulfil"):
        answer = _asked(northwind, name)
        for part in (answer.whole, *answer.parts):
            listing = lists.listing(northwind, entities[answer.question.entity], part.query)
            assert lists.count(northwind, listing) == part.counted, (name, part.label)
