"""The first workspace: operators, clients, contacts, tags, saved views, settings, the journal, who is here."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table


def _texts(*names: str) -> list[str]:
    """Text columns with their folded companions."""
    return [f'"{name}" {{text}}' for name in names] + [f'"{name}_key" {{key}}' for name in names]


def _people(db: Any) -> None:
    create_table(db, "operator", *_texts("login", "name", "email"), "role {text}", "active {flag} NOT NULL")
    create_index(db, "operator_login", "operator", "login", unique=True)
    create_index(db, "operator_by_login", "operator", "login_key", "id", live=True)
    create_table(
        db,
        "client",
        *_texts(
            "name",
            "email",
            "phone",
            "website",
            "street",
            "city",
            "region",
            "postal_code",
            "country",
            "tax_id",
            "source",
            "tags",
            "notes",
            "currency",
            "external_id",
        ),  # fmt: skip
        "kind {text}",
        "stage {text}",
        "score BIGINT",
        "owner_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "acquired_on DATE",
        "last_contact {moment}",
        "follow_up_on DATE",
        "cadence_days BIGINT",
    )
    create_index(db, "client_owner_id", "client", "owner_id")
    for key in ("name", "city", "country", "external_id", "email", "tags"):
        create_index(db, f"client_by_{key}", "client", f"{key}_key", "id", live=True)
    for key in ("stage", "kind", "score", "last_contact", "acquired_on", "follow_up_on"):
        create_index(db, f"client_by_{key}", "client", key, "id", live=True)
    create_index(db, "client_by_owner", "client", "owner_id", "id", live=True)
    create_table(
        db,
        "contact",
        *_texts("name", "title", "email", "phone", "external_id"),
        "role {text}",
        '"primary" {flag} NOT NULL',
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
    )
    create_index(db, "contact_client_id", "contact", "client_id")
    for key in ("name", "email", "external_id"):
        create_index(db, f"contact_by_{key}", "contact", f"{key}_key", "id", live=True)
    create_index(db, "contact_by_client", "contact", "client_id", "id", live=True)
    create_index(db, "contact_by_role", "contact", "role", "id", live=True)
    create_table(db, "tag", *_texts("name", "description"))
    create_index(db, "tag_name", "tag", "name", unique=True)
    create_index(db, "tag_by_name", "tag", "name_key", "id", live=True)


def _workspace(db: Any) -> None:
    create_table(
        db,
        "saved_view",
        *_texts("name", "screen", "query", "columns"),
        "owner_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        "shared {flag} NOT NULL",
    )
    create_index(db, "saved_view_owner_id", "saved_view", "owner_id")
    create_table(db, "setting", *_texts("key", "value"))
    create_index(db, "setting_key", "setting", "key", unique=True)
    create_table(
        db, "presence", "session {text}", "login {text}", "screen {text}", "seen_at {moment} NOT NULL", record=False
    )
    create_index(db, "presence_session", "presence", "session", unique=True)


def _journal(db: Any) -> None:
    create_table(
        db,
        "operation",
        "at {moment} NOT NULL",
        "login {text}",
        "command {text}",
        "summary {text}",
        "cause {text}",
        "kind {text}",
        "subject_id BIGINT REFERENCES operation (id)",
        "undone_by BIGINT",
        "records BIGINT NOT NULL DEFAULT 0",
        "touched {text}",
        record=False,
    )
    create_index(db, "operation_at", "operation", "at")
    create_index(db, "operation_subject_id", "operation", "subject_id")
    create_index(db, "operation_login_id", "operation", "login", "id")
    create_table(
        db,
        "change",
        "operation_id BIGINT NOT NULL REFERENCES operation (id)",
        "entity {text}",
        "record BIGINT NOT NULL",
        "action {text}",
        "version BIGINT NOT NULL",
        '"before" {text}',
        '"after" {text}',
        record=False,
    )
    create_index(db, "change_operation_id_id", "change", "operation_id", "id")
    create_index(db, "change_entity_record_id", "change", "entity", "record", "id")


def up(migrator: Any, db: Any) -> None:
    """Make everything."""
    _people(db)
    _workspace(db)
    _journal(db)
    for table in ("operator", "client", "contact", "tag", "saved_view", "setting"):
        create_index(db, f"{table}_archived", table, "archived_at", archived=True)
    for entity in ("operator", "client", "contact", "tag"):
        create_search(db, entity)
