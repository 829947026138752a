"""Documents, their sections, revisions and approvals; of tasks and checklist items, the document they come from."""

from __future__ import annotations

from typing import Any

from crm_tui.migrations import create_index, create_search, create_table, execute

_DOCUMENT = "BIGINT REFERENCES document (id) ON DELETE RESTRICT"
_OPERATOR = "BIGINT REFERENCES operator (id) ON DELETE RESTRICT"


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the columns."""
    create_table(
        db,
        "document",
        *(f'"{name}" {{text}}' for name in ("title", "kind", "status", "tags")),
        *(f'"{name}_key" {{key}}' for name in ("title", "kind", "tags")),
        "client_id BIGINT REFERENCES client (id) ON DELETE RESTRICT",
        'order_id BIGINT REFERENCES "order" (id) ON DELETE RESTRICT',
        f"owner_id {_OPERATOR}",
        "held_on DATE",
        *(f"{name} BIGINT" for name in ("word_count", "missing", "revision")),
    )
    for name, column in (
        ("title", "title_key"), ("client", "client_id"), ("order", "order_id"), ("status", "status"),
        ("kind", "kind_key"),
    ):  # fmt: skip
        create_index(db, f"document_by_{name}", "document", column, "id", live=True)
    create_search(db, "document")
    create_table(
        db,
        "section",
        *(f'"{name}" {{text}}' for name in ("heading", "kind", "hint", "body")),
        *(f'"{name}_key" {{key}}' for name in ("heading", "hint", "body")),
        "required {flag} NOT NULL",
        f"document_id {_DOCUMENT}",
        "level BIGINT",
        "rank {key}",
    )
    for name, column in (("document", "document_id"), ("heading", "heading_key")):
        create_index(db, f"section_by_{name}", "section", column, "id", live=True)
    _versions(db)
    create_table(
        db,
        "document_template",
        *(f'"{name}" {{text}}' for name in ("name", "text")),
        *(f'"{name}_key" {{key}}' for name in ("name", "text")),
    )
    create_index(db, "document_template_by_name", "document_template", "name_key", "id", live=True)
    create_search(db, "document_template")
    for table in ("document", "section", "revision", "approval", "document_template"):
        create_index(db, f"{table}_archived", table, "archived_at", archived=True)
    for table in ("task", "checklist_item"):
        execute(db, f'ALTER TABLE "{table}" ADD COLUMN document_id {_DOCUMENT}')
        create_index(db, f"{table}_by_document", table, "document_id", "id", live=True)


def _versions(db: Any) -> None:
    create_table(
        db,
        "revision",
        *(f'"{name}" {{text}}' for name in ("status", "note", "content", "content_hash")),
        *(f'"{name}_key" {{key}}' for name in ("note", "content", "content_hash")),
        f"document_id {_DOCUMENT}",
        f"author_id {_OPERATOR}",
        "number BIGINT",
    )
    create_index(db, "revision_by_document", "revision", "document_id", "id", live=True)
    create_table(
        db,
        "approval",
        *(f'"{name}" {{text}}' for name in ("decision", "comment")),
        "comment_key {key}",
        f"document_id {_DOCUMENT}",
        "contact_id BIGINT REFERENCES contact (id) ON DELETE RESTRICT",
        f"operator_id {_OPERATOR}",
        "number BIGINT",
        "decided_at {moment}",
    )
    for name in ("document", "contact"):
        create_index(db, f"approval_by_{name}", "approval", f"{name}_id", "id", live=True)
