"""What libraries bring along that a process may do without.

``import peewee`` imports every PostgreSQL and MySQL driver that is installed, 160 ms of start-up and 10 MB, and
``hashlib`` for names of indexes that are too long. ``hashlib`` and asyncio import OpenSSL, 4 MB: asyncio for
connections of its own, of which there are none here. What hashes or speaks TLS (mail, webhooks) imports it itself.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_UNUSED = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb", "pysqlite3")


def import_sparingly(*, postgres: bool) -> None:
    """Import Peewee and asyncio without what this process will not use. Call before anything else imports them."""
    if not postgres:
        for name in _UNUSED:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None is how Python marks "not importable"
    with _instead_of("ssl", None):
        import asyncio  # noqa: F401
    with _instead_of("hashlib", _when_asked("hashlib")):
        import peewee  # noqa: F401


@contextmanager
def _instead_of(name: str, module: ModuleType | None) -> Iterator[None]:
    """Let an import of ``name`` find ``module`` for a while, None being nothing; one that is imported already stays."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def _when_asked(name: str) -> ModuleType:
    """Return what imports a module when something in it is asked for."""
    module = ModuleType(name)
    module.__getattr__ = lambda wanted: getattr(importlib.import_module(name), wanted)  # type: ignore[method-assign]
    return module


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
