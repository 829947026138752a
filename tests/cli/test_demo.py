"""demo: a workspace full of plausible data."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_the_demo_fills_a_workspace_in_one_operation(crm: Run) -> None:
    said = crm("demo", "--clients", 120, "--seed", 7, "--no-open", "--json").json
    clients = crm("list", "clients", "--json").json
    assert len(clients) == said["clients"] == 120
    assert len(crm("list", "contacts", "--json").json) == said["contacts"] >= 120
    tags = {tag["name"] for tag in crm("list", "tags", "--json").json}
    assert {tag for one in clients for tag in one["tags"]} == tags
    assert len({one["owner"]["name"] for one in clients if one["owner"]}) > 2
    assert all(one["contacts"] for one in [crm("show", "client", 1, "--json").json])
    assert len({one["operation"] for one in crm("log", "clients", "--json").json}) == 1
    assert crm("doctor", "--json").json["ok"] is True
    crm("undo")
    assert crm("list", "clients", "--json").json == []


def test_the_demos_orders_are_of_its_clients_and_add_up(crm: Run) -> None:
    crm("demo", "--clients", 60, "--orders", 300, "--seed", 7, "--no-open")
    orders = crm("list", "orders", "sort:id", "--json").json
    assert [one["number"] for one in orders[:2]] == ["ORD-1", "ORD-2"]
    assert len(orders) == 300
    assert {one["stage"] for one in orders[:240]} == {"fulfilled", "cancelled"}
    assert {"new", "in progress"} <= {one["stage"] for one in orders[-40:]}
    assert all(one["ordered_on"] <= (one["fulfilled_on"] or one["due_on"]) for one in orders)
    assert [one["ordered_on"] for one in orders] == sorted(one["ordered_on"] for one in orders)
    lines = crm("list", "order-lines", "order=ORD-1", "--json").json
    assert sum(float(one["amount"]) for one in lines) == float(orders[0]["net"]) > 0
    assert crm("list", "clients", "order_count>3 lifetime_value>100", "--format", "ids").lines
    assert len({one["operation"] for one in crm("log", "orders", "--json").json}) == 1
    assert crm("doctor", "--json").json["ok"] is True
    assert crm("add", "order", "client=#1").out.strip() == "301"
    assert crm("show", "order", 301, "--json").json["number"] == "ORD-301"
    crm("undo")
    crm("undo")
    assert crm("list", "orders", "--json").json == []


def test_the_same_seed_gives_the_same_data(run: Run, tmp_path: Path) -> None:
    def names(file: str, seed: int) -> list[str]:
        run("demo", "-w", tmp_path / file, "--clients", 30, "--seed", seed, "--no-open")
        return run("list", "clients", "-w", tmp_path / file, "--columns", "name", "--format", "csv").lines

    assert names("one.db", 3) == names("two.db", 3) != names("three.db", 4)


def test_the_demo_is_not_mixed_into_a_filled_workspace(crm: Run) -> None:
    crm("add", "client", "name=mine")
    assert "--yes" in crm("demo", "--clients", 3, "--no-open", code=1).err
    assert len(crm("list", "clients", "--json").json) == 1
    crm("demo", "--clients", 3, "--no-open", "--yes")
    assert len(crm("list", "clients", "--json").json) == 4


def test_unnamed_the_demo_has_a_throw_away_workspace_of_its_own(run: Run, tmp_path: Path) -> None:
    run("add", "client", "name=mine")
    for count in (3, 5):
        said = run("demo", "--clients", count, "--no-open")
        path = tmp_path / "xdg_data_home" / "crm-tui" / "demo.db"
        assert str(path) in said.err
        assert len(run("list", "clients", "-w", path, "--json").json) == count
    assert len(run("list", "clients", "--json").json) == 1


def test_orders_need_clients(run: Run) -> None:
    assert "Orders are of clients" in run("demo", "--clients", 0, "--orders", 5, "--no-open", code=2).err
    assert "terminal" in run("demo", "--orders", 0, code=2).err
