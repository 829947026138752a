"""The log: a rotating file in the state folder, for what a person need not see. Passwords never get into it.

Nothing is opened until something is logged, so a verb that goes well costs no file.
"""

from __future__ import annotations

import contextlib
import os
import re
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import config

if TYPE_CHECKING:
    import logging

NAME = "crm_tui"
LARGEST = 1_000_000
"""Bytes of one log file; it is then set aside as ``crm-tui.log.1``, and so on."""

KEPT = 3
"""Files kept beside the one being written."""

_IN_ADDRESS = re.compile(r"(\w+://[^\s:/@'\"]*):\S*@")
_NAMED = re.compile(
    r"""(?ix) \b (?P<name> \w*(?:password|passwd|passfile|pwd|secret|token|api_?key)\w* ["']? \s* [=:] \s* )
        (?P<value> "[^"\n]*" | '[^'\n]*' | [^\s&,;)"']+ )"""
)


def log_file() -> Path:
    """Return the path of the log."""
    return config.state_folder() / "crm-tui.log"


def without_secrets(text: str) -> str:
    """Return ``text`` with the passwords of addresses and of ``password=...`` replaced by ``***``."""
    return _NAMED.sub(r"\g<name>***", _IN_ADDRESS.sub(r"\1:***@", text))


def start(level: str = "INFO") -> logging.Logger:
    """Return the program's logger, writing to the log file; where that cannot be written, nothing is logged."""
    import logging

    logging.raiseExceptions = False  # a full disk must not put a traceback on somebody's screen
    logger = logging.getLogger(NAME)
    logger.setLevel(level)
    path = log_file()
    if all(getattr(handler, "baseFilename", None) != str(path.absolute()) for handler in logger.handlers):
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.addHandler(_handler(path))
        logger.propagate = False
    return logger


def _handler(path: Path) -> logging.Handler:
    import logging
    from logging.handlers import RotatingFileHandler

    class Private(RotatingFileHandler):
        """A log that only its owner reads, also once it was begun anew."""

        def _open(self) -> TextIOWrapper:
            handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            return open(handle, "a", encoding="utf-8")  # noqa: PTH123  # a handle is no path

    class Discreet(logging.Formatter):
        """Formats records, tracebacks included, without secrets."""

        def format(self, record: logging.LogRecord) -> str:
            return without_secrets(super().format(record))

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler: logging.Handler = Private(path, maxBytes=LARGEST, backupCount=KEPT)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(process)d %(message)s"))
    return handler


def record_crash(error: BaseException, doing: str) -> Path | None:
    """Write the traceback of an error nobody expected to the log and return its path, None when it cannot be written.

    ``doing`` says what was asked for: the verb and its entity, no values.
    """
    text = "".join(traceback.format_exception(error))
    logger = start()
    if not any(hasattr(handler, "baseFilename") for handler in logger.handlers):
        return None
    logger.error("%s failed unexpectedly\n%s", doing, text.rstrip())
    for handler in logger.handlers:
        with contextlib.suppress(OSError):
            handler.flush()
    return log_file()
