"""Nothing writes around the journal: neither when it runs (``db``'s guard) nor anywhere in the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "crm_tui"

WRITERS = {
    "automation": "that an automation ran stays when what it did is undone: it does not run twice for one change",
    "db": "the guard itself",
    "derived.py": "what follows from the records written, in the same transaction",
    "file_store.py": "contents never change: they are written once, inside the operation that attaches them",
    "journal": "the one place that writes records",
    "migrations": "they make the tables",
    "mail": "that a message is on its way, and when it is tried again, is nobody's history",
    "recurring.py": "when rules come due follows from the rules and tasks written, in the same transaction",
    "scoring.py": "scores follow from the records written, in the same transaction or a later slice",
    "search.py": "the index follows what the journal wrote, in the same transaction",
    "totals.py": "what follows from the lines written, in the same transaction",
    "waiting.py": "what follows from the tasks written, in the same transaction",
    "lengths.py": "what follows from the sections written, in the same transaction",
    "services/erasing.py": "what is left of a person is noted beside the journal's own tombstone",
    "services/recurring.py": "that an occurrence was made stays when what it made is undone: it is not made twice",
    "services/messages.py": "when a message is tried again is nobody's history",
    "services/notifications.py": "that somebody was reminded stays: nobody is reminded twice",
    "services/outbox.py": "whether mail goes out from this place is of the place",
    "services/presence.py": "who is here is nobody's history",
    "worker/keeping.py": "numbers kept by the day follow from the records",
    "worker/lease.py": "who does the background work is nobody's history",
    "workspaces.py": "marks a new file as ours",
    "verbs/attached.py": "puts files into copies that become backups, and takes them out of such copies",
    "verbs/copying.py": "backup, restore and move copy whole databases, journal included",
    "verbs/keeping.py": "backup, restore and move copy whole databases, journal included",
    "verbs/soundness.py": "doctor makes indexes and companions anew",
}
"""Who may touch the database's tables other than through ``journal.operation``, and why."""

PEEWEE = frozenset(
    {"save", "create", "insert", "insert_many", "insert_from", "replace", "replace_many", "update", "delete"}
    | {"delete_instance", "delete_by_id", "set_by_id", "bulk_create", "bulk_update", "get_or_create"}
    | {"truncate_table", "drop_table", "create_table"}
)
SQL = ("insert", "update", "delete", "replace", "truncate", "create", "drop", "alter", "copy", "vacuum")
CURSORS = {"execute", "execute_sql", "executemany", "executescript", "insert_rows", "update_rows", "copy"}


def test_only_the_journal_writes() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {what}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not any(path.relative_to(PACKAGE).as_posix().startswith(writer) for writer in WRITERS)
        for line, what in writes(ast.parse(path.read_text()))
    ]
    assert not found, f"Writes go through journal.operation: {found}"


def test_every_exception_still_exists() -> None:
    assert all((PACKAGE / writer).exists() for writer in WRITERS)


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a module writes to the database by itself."""
    models = imported_models(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        method, owner = node.func.attr, node.func.value
        if method in PEEWEE and (root(owner) in models or is_model(owner)):
            yield node.lineno, ast.unparse(node.func)
        if method in ("save", "delete_instance") and not node.args and not node.keywords:
            yield node.lineno, ast.unparse(node.func)
        if method in CURSORS and (
            method in ("executemany", "executescript", "insert_rows", "update_rows") or changes(node)
        ):
            yield node.lineno, ast.unparse(node)[:80]


def imported_models(tree: ast.Module) -> set[str]:
    """The names of models that a module imports."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crm_tui.models")
        for alias in node.names
        if alias.name[:1].isupper() and alias.name not in ("Entity", "Record")
    }


def root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def is_model(node: ast.expr) -> bool:
    """Whether this is ``entity.model`` or a local name for it."""
    return (isinstance(node, ast.Attribute) and node.attr == "model") or (
        isinstance(node, ast.Name) and node.id == "model"
    )


def changes(node: ast.Call) -> bool:
    """Whether a statement that is spelled out changes data."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.JoinedStr):
        first = first.values[0] if first.values else None
    return isinstance(first, ast.Constant) and str(first.value).strip().lower().startswith(SQL)


def test_the_search_for_writes_finds_them() -> None:
    source = """
from crm_tui.models.people import Client
Client.update(name="x").where(Client.id == 1).execute()
Client.create(name="x")
entity.model.delete().execute()
model.insert(x=1).execute()
client.save()
workspace.database.execute_sql(f"DELETE FROM {table}")
workspace.insert_rows("client", [], [])
values.update(other)
found.delete(entity, ids)
"""
    assert sorted(line for line, _what in writes(ast.parse(source))) == [3, 4, 5, 6, 7, 8, 9]
