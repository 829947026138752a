"""``crm-tui`` and ``python -m crm_tui``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # what is imported lives as long as the process: looking for garbage in it is a tenth of start-up
    try:
        from crm_tui.cli import main as run

        code = run()
    except KeyboardInterrupt:  # while the program was still being read
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
