"""Interactions; of clients, what is derived from them, and why one left; of contacts, who is not to be contacted."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table, execute

_NOTED = "Last contact noted before conversations were kept"


def up(migrator: Any, db: Any) -> None:
    """Make the table, and one interaction of every last contact that was typed: it is derived from now on."""
    texts = ("subject", "body", "outcome", "next_step", "external_id")
    create_table(
        db,
        "interaction",
        "channel {text}",
        "direction {text}",
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        "contact_id BIGINT REFERENCES contact (id) ON DELETE RESTRICT",
        "at {moment}",
        "minutes BIGINT",
        *(f'"{name}" {{text}}' for name in texts),
        *(f'"{name}_key" {{key}}' for name in texts),
        "follow_up_on DATE",
        "operator_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
    )
    for reference in ("contact", "operator"):
        create_index(db, f"interaction_{reference}_id", "interaction", f"{reference}_id")
    create_index(db, "interaction_client_id_at", "interaction", "client_id", "at")
    create_index(db, "interaction_by_at", "interaction", "at", "id", live=True)
    create_index(db, "interaction_by_client", "interaction", "client_id", "id", live=True)
    create_index(db, "interaction_by_contact", "interaction", "contact_id", "id", live=True)
    create_index(db, "interaction_by_external_id", "interaction", "external_id_key", "id", live=True)
    create_index(db, "interaction_archived", "interaction", "archived_at", archived=True)
    create_search(db, "interaction")
    sqlite = "Sqlite" in type(db).__name__
    moment, flag = (
        ("DATETIME", "INTEGER NOT NULL DEFAULT 0") if sqlite else ("TIMESTAMP", "BOOLEAN NOT NULL DEFAULT FALSE")
    )
    key = "TEXT NOT NULL DEFAULT ''" if sqlite else "TEXT COLLATE \"C\" NOT NULL DEFAULT ''"
    for table, name, form in (
        ("client", "last_contact_by_id", "BIGINT REFERENCES operator (id) ON DELETE RESTRICT"),
        ("client", "last_channel", "TEXT NOT NULL DEFAULT ''"),
        ("client", "heard_at", moment),
        ("client", "due_on", "DATE"),
        ("client", "churn_reason", "TEXT NOT NULL DEFAULT ''"),
        ("client", "churn_reason_key", key),
        ("contact", "do_not_contact", flag),
    ):
        execute(db, f'ALTER TABLE "{table}" ADD COLUMN "{name}" {form}')
    create_index(db, "client_by_due_on", "client", "due_on", "id", live=True)
    _keep_last_contacts(db)


def _keep_last_contacts(db: Any) -> None:
    execute(
        db,
        'INSERT INTO "interaction" (version, created_at, updated_at, custom, channel, direction, client_id, at, '
        "subject, subject_key, operator_id) "
        f"SELECT 1, updated_at, updated_at, '{{}}', 'call', 'both', id, last_contact, '{_NOTED}', "
        f"'{_NOTED.lower()}', owner_id FROM client WHERE last_contact IS NOT NULL ORDER BY id",
    )
    execute(
        db,
        "UPDATE client SET last_channel = 'call', heard_at = last_contact, last_contact_by_id = owner_id "
        "WHERE last_contact IS NOT NULL",
    )
    execute(db, "UPDATE client SET due_on = follow_up_on WHERE follow_up_on IS NOT NULL")
