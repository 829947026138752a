"""The journal's tables: what was done (operation) and to which records (change)."""

from __future__ import annotations

from typing import Any

import peewee as pw

from crm_tui.models.base import Row


class Operation(Row):
    """One thing an operator did, in one transaction."""

    at: Any = pw.DateTimeField(index=True)
    login: Any = pw.TextField()
    command: Any = pw.TextField()
    """The id of the command, ``client.edit``."""
    summary: Any = pw.TextField(default="")
    cause: Any = pw.TextField(default="")
    """What made it happen when that was not a person: an automation's run, an import's file."""
    kind: Any = pw.TextField(default="do")
    """``do``, ``undo``, ``redo``; ``setup`` for what cannot be undone: the first operator; ``note`` for what nobody
    would want to undo: what an operator has read; ``erase`` for a person erased, which is final."""
    subject: Any = pw.ForeignKeyField("self", null=True)
    """The operation that an undo or redo is of."""
    undone_by: Any = pw.BigIntegerField(null=True)
    """The latest undo of this operation while it stands."""
    records: Any = pw.BigIntegerField(default=0)
    """How many changes there were."""
    touched: Any = pw.TextField(default="{}")
    """JSON object: how many records of which entity it changed."""

    class Meta:
        indexes = ((("login", "id"), False),)


class Change(Row):
    """What an operation did to one record."""

    operation: Any = pw.ForeignKeyField(Operation, lazy_load=False, index=False)
    entity: Any = pw.TextField()
    record: Any = pw.BigIntegerField()
    action: Any = pw.TextField()
    """``create``, ``update``, ``archive``, ``restore``, ``delete`` or ``erase``."""
    version: Any = pw.BigIntegerField()
    """The record's version after the change."""
    before: Any = pw.TextField(default="{}")
    after: Any = pw.TextField(default="{}")
    """JSON objects of the stored values that changed; whole records where one was created or deleted. What they tell of
    a person goes when the person is erased (``journal.wiping``)."""

    class Meta:
        indexes = ((("operation", "id"), False), (("entity", "record", "id"), False))
