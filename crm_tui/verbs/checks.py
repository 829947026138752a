"""What ``doctor`` looks at outside the workspace's contents: configuration, keys, terminal, files."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm_tui import config
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.verbs import printing

OK, WARNING, PROBLEM, FIXED = "ok", "warning", "problem", "fixed"

LEAST_ROOM = 200_000_000
"""Bytes that should be free on the workspace's disk."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to."""

    name: str
    """Stable: scripts look for it."""
    state: str
    """``ok``, ``warning`` (works, could be better), ``problem`` or ``fixed``."""
    text: str


def check_configuration(problem: CrmError | None) -> Iterator[Finding]:
    """Check the configuration file and the keys in it."""
    path = config.config_file()
    if problem is not None:
        yield Finding("config", PROBLEM, str(problem))
        return
    yield Finding("config", OK, str(path) if path.exists() else _("no configuration, the defaults hold"))
    from crm_tui.commands import keymap

    try:
        commands = keymap.build(config.load().keys).commands
    except CrmError as error:
        yield Finding("keys", PROBLEM, str(error))
    else:
        yield Finding("keys", OK, _("{n} commands, no two on one key").format(n=len(commands)))


def check_terminal() -> Iterator[Finding]:
    """Say what the program will find of the terminal it is started in."""
    name = os.environ.get("TERM", "")
    facts = [name or _("TERM is not set"), "x".join(map(str, printing.size()))]
    facts += [f"{key}={os.environ[key]}" for key in ("COLORTERM", "NO_COLOR", "LANG", "LC_ALL") if os.environ.get(key)]
    facts += [_("over SSH")] if os.environ.get("SSH_CONNECTION") else []
    if name in ("", "dumb"):
        yield Finding(
            "terminal", WARNING, ", ".join(facts) + ": " + _("the full-screen program needs a capable terminal")
        )
    else:
        yield Finding("terminal", OK, ", ".join(facts))
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    if encoding == "utf8":
        yield Finding("encoding", OK, "UTF-8")
    else:
        text = _("{encoding}: set a UTF-8 locale, like LANG=C.UTF-8, or ascii = true in the configuration")
        yield Finding("encoding", WARNING, text.format(encoding=encoding or "?"))


def check_files(path: Path) -> Iterator[Finding]:
    """Check who may read and write a SQLite workspace's files, and the room on its disk."""
    shared = bool(path.parent.stat().st_mode & stat.S_ISGID)
    wrong = []
    for suffix in ("", "-wal", "-shm", "-lock"):
        file = path.with_name(path.name + suffix)
        if not file.exists():
            continue
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o007:
            wrong.append(_("anyone may open {file} ({mode:o})").format(file=file, mode=mode))
        elif mode & 0o070 and not shared:
            wrong.append(_("its group may open {file} ({mode:o})").format(file=file, mode=mode))
        elif shared and mode & 0o060 != 0o060:
            wrong.append(_("its group may not write {file} ({mode:o})").format(file=file, mode=mode))
        if not os.access(file, os.W_OK):
            wrong.append(_("{file} is read-only for you").format(file=file))
    if not os.access(path.parent, os.W_OK):
        wrong.append(_("the folder {path} is read-only for you").format(path=path.parent))
    right = _("chmod 660 in a shared folder, 600 elsewhere")
    if wrong:
        yield Finding("permissions", WARNING, "; ".join(wrong) + ". " + right)
    else:
        yield Finding("permissions", OK, _("shared with its group") if shared else _("private to your account"))
    free = shutil.disk_usage(path.parent).free
    state = OK if free > max(LEAST_ROOM, 2 * path.stat().st_size) else WARNING
    yield Finding("room", state, _("{n} MB are free on its disk").format(n=free // 1_000_000))
