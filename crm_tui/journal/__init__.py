"""The one journal: every change of data happens inside ``operation`` and is recorded with its before and after.

The journal is the audit log, the record's timeline, undo and redo, and what tells other sessions to refresh.
"""

from __future__ import annotations

from crm_tui.journal.new_rows import NewRows, new_rows
from crm_tui.journal.news import DEFINING, MANY, Changed, announce, changed_since, last_operation, listeners
from crm_tui.journal.operations import at_end, operation
from crm_tui.journal.rows import Values, dump
from crm_tui.journal.writer import CHANGE_COLUMNS, ERASE, Writer

__all__ = [
    "CHANGE_COLUMNS",
    "DEFINING",
    "ERASE",
    "MANY",
    "Changed",
    "NewRows",
    "Values",
    "Writer",
    "announce",
    "at_end",
    "changed_since",
    "dump",
    "last_operation",
    "listeners",
    "new_rows",
    "operation",
]
