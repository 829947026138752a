"""Files that are handed to an editor, or keep what was typed in one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def keep_text(text: str, suffix: str) -> Path:
    """Write text to a new file that only its owner reads; return the file. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix="crm-tui-", suffix=suffix)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)
