"""Which database drivers a process needs.

``import peewee`` imports every PostgreSQL and MySQL driver that is installed, 160 ms of start-up and 10 MB. A process
that only opens a SQLite workspace says so before the first import of Peewee.
"""

from __future__ import annotations

import re
import sys

_UNUSED = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb", "pysqlite3")


def only_sqlite() -> None:
    """Keep Peewee from importing drivers that this process will not use. Call before anything imports Peewee."""
    for name in _UNUSED:
        if name not in sys.modules:
            sys.modules[name] = None  # type: ignore[assignment]  # None is how Python marks "not importable"


def is_postgres(workspace: str) -> bool:
    """Whether a ``--workspace`` names a PostgreSQL database and not a file."""
    return workspace.startswith(("postgresql://", "postgres://"))


def shown(workspace: str) -> str:
    """Return a ``--workspace`` as it may be shown and logged: without its password."""
    if not is_postgres(workspace):
        return workspace
    address, mark, options = workspace.partition("?")
    address = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", address)
    return address + mark + re.sub(r"(\b(?:ssl)?password=)[^&]*", r"\1***", options)
