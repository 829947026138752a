"""Files written beside their place and put there in one step: whole and safe from a power cut, or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def unfinished(final: Path) -> Path:
    """Return where a file is written until it is whole: in the same folder, hidden, under a name of its own."""
    return final.with_name(f".{final.name[:80]}.{os.urandom(4).hex()}.part")


def put_in_place(written: Path, final: Path) -> None:
    """Put a file whose contents are on the disk in its place, so that also its name survives a power cut."""
    written.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
