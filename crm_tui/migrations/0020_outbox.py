"""Message templates, messages, whether anything may be sent, reminders, and in what language and how people want to be
told."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import KEY, TEXT, create_index, create_search, create_table, execute

_TEMPLATE = "BIGINT REFERENCES message_template (id) ON DELETE RESTRICT"


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the columns."""
    sqlite = "Sqlite" in type(db).__name__
    texts = ("name", "language", "about", "subject", "body")
    create_table(
        db,
        "message_template",
        *(f'"{name}" {{text}}' for name in texts),
        *(f'"{name}_key" {{key}}' for name in texts),
    )
    create_index(db, "message_template_by_name", "message_template", "name_key", "id", live=True)
    create_index(db, "message_template_archived", "message_template", "archived_at", archived=True)
    create_search(db, "message_template")
    of_message = ("to", "subject", "body", "problem")
    create_table(
        db,
        "message",
        *(f'"{name}" {{text}}' for name in (*of_message, "status", "claimed_by")),
        *(f'"{name}_key" {{key}}' for name in of_message),
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        "contact_id BIGINT REFERENCES contact (id) ON DELETE RESTRICT",
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        f"template_id {_TEMPLATE}",
        "owner_id BIGINT REFERENCES operator (id) ON DELETE RESTRICT",
        f"message_id TEXT NOT NULL DEFAULT ({'lower(hex(randomblob(16)))' if sqlite else 'gen_random_uuid()::text'})",
        "sent_at {moment}",
        "tries INTEGER NOT NULL DEFAULT 0",
        "try_at {moment}",
        "claimed_at {moment}",
    )
    for name, column in (("client", "client_id"), ("status", "status"), ("to", "to_key")):
        create_index(db, f"message_by_{name}", "message", column, "id", live=True)
    create_index(db, "message_archived", "message", "archived_at", archived=True)
    create_search(db, "message")
    create_table(
        db,
        "outbox_state",
        *(f'"{name}" {{text}}' for name in ("place", "problem")),
        "try_at {moment}",
        record=False,
    )
    create_table(db, "reminder", "task BIGINT NOT NULL", "due_at {moment} NOT NULL", record=False)
    create_index(db, "reminder_task_due_at", "reminder", "task", "due_at", unique=True)
    execute(db, "CREATE INDEX task_timed ON task (due_on, due_time) WHERE archived_at IS NULL AND due_time <> ''")
    key = KEY.replace(' COLLATE "C"', "") if sqlite else KEY
    for table in ("client", "contact"):
        execute(db, f'ALTER TABLE "{table}" ADD COLUMN "language" {TEXT}')
        execute(db, f'ALTER TABLE "{table}" ADD COLUMN "language_key" {key}')
    flag = "INTEGER NOT NULL DEFAULT 0" if sqlite else "BOOLEAN NOT NULL DEFAULT FALSE"
    execute(db, f'ALTER TABLE "operator" ADD COLUMN "by_mail" {flag}')
    execute(db, f'ALTER TABLE "recurring_rule" ADD COLUMN "template_id" {_TEMPLATE}')
