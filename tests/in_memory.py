"""Where the files of a run are: in memory where there is room. Nothing of them is worth a disk's time: a PostgreSQL
database is made in a twentieth of it there."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 2 << 30
"""Bytes that are to be free there; a run takes a quarter of it. Containers often have next to nothing."""


def temporary_folder() -> Path:
    """Return the folder for files of this run: one in memory, or where the system, or TMPDIR, has temporary files."""
    if "TMPDIR" not in os.environ and os.access(SHARED_MEMORY, os.W_OK):
        flags = os.statvfs(SHARED_MEMORY).f_flag
        if not flags & os.ST_NOEXEC and shutil.disk_usage(SHARED_MEMORY).free >= ENOUGH:
            return SHARED_MEMORY
    return Path(tempfile.gettempdir())
