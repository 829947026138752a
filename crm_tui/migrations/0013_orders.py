"""The catalogue, orders and their lines; of clients, what follows from their orders; of stages, limits."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import KEY, TEXT, create_index, create_search, create_table, execute

_OPERATOR = "BIGINT REFERENCES operator (id) ON DELETE RESTRICT"


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    _make_products(db)
    _make_orders(db)
    _make_lines(db)
    for table in ("product", "order", "order_line"):
        create_index(db, f"{table}_archived", table, "archived_at", archived=True)
        create_search(db, table)
    for name, form in (
        ("order_count", "BIGINT"), ("last_order", "DATE"), ("lifetime_value", "BIGINT"), ("repeat_rate", "BIGINT"),
    ):  # fmt: skip
        execute(db, f'ALTER TABLE "client" ADD COLUMN "{name}" {form}')
    for name in ("order_count", "last_order", "lifetime_value"):
        create_index(db, f"client_by_{name}", "client", name, "id", live=True)
    key = KEY.replace(' COLLATE "C"', "") if "Sqlite" in type(db).__name__ else KEY
    for name, form in (("wip_limit", "BIGINT"), ("requires", TEXT), ("requires_key", key)):
        execute(db, f'ALTER TABLE "word" ADD COLUMN "{name}" {form}')


def _texts(*names: str) -> list[str]:
    return [*(f'"{name}" {{text}}' for name in names), *(f'"{name}_key" {{key}}' for name in names)]


def _make_products(db: Any) -> None:
    create_table(
        db,
        "product",
        *_texts("name", "sku", "currency", "unit", "category", "description", "external_id"),
        "kind {text}",
        "price BIGINT",
        "tax BIGINT",
        "billing {text}",
    )
    for name in ("name", "sku", "external_id"):
        create_index(db, f"product_by_{name}", "product", f"{name}_key", "id", live=True)


def _make_orders(db: Any) -> None:
    create_table(
        db,
        "order",
        *_texts("number", "title", "blocked", "currency", "notes", "external_id"),
        '"tags" {text}',
        '"tags_key" {key}',
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        "contact_id BIGINT REFERENCES contact (id) ON DELETE RESTRICT",
        "stage {text}",
        "priority {text}",
        "team_id BIGINT REFERENCES team (id) ON DELETE RESTRICT",
        f"assignee_id {_OPERATOR}",
        *(f"{name} DATE" for name in ("ordered_on", "due_on", "fulfilled_on")),
        *(f"{name} BIGINT" for name in ("net", "total", "serial")),
        "entered_at {moment}",
        "rank {key}",
    )
    for name, column in (
        ("number", "number_key"), ("external_id", "external_id_key"), ("client", "client_id"), ("team", "team_id"),
        ("assignee", "assignee_id"), ("ordered_on", "ordered_on"), ("due_on", "due_on"),
        ("fulfilled_on", "fulfilled_on"),
    ):  # fmt: skip
        create_index(db, f"order_by_{name}", "order", column, "id", live=True)
    create_index(db, "order_contact_id", "order", "contact_id")
    create_index(db, "order_serial", "order", "serial", unique=True)
    create_index(db, "order_stage_rank", "order", "stage", "rank")


def _make_lines(db: Any) -> None:
    create_table(
        db,
        "order_line",
        *_texts("title", "currency", "external_id"),
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        "product_id BIGINT REFERENCES product (id) ON DELETE RESTRICT",
        *(f'"{name}" BIGINT' for name in ("quantity", "unit_price", "discount", "tax", "amount", "position")),
    )
    for name, column in (("order", "order_id"), ("product", "product_id"), ("external_id", "external_id_key")):
        create_index(db, f"order_line_by_{name}", "order_line", column, "id", live=True)
