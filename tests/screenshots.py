"""Takes the README's screenshots from the real program: ``make screenshots``.

The clock stands and the data are the demo's, so that a picture changes only when the program does.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crm_tui import clock
from tests.screens.crm import program

FOLDER = Path(__file__).parent.parent / "assets" / "screenshots"

PICTURES: dict[str, tuple[tuple[int, int], Sequence[str]]] = {
    "clients": ((160, 40), ["/", *"stage:active score>=60", "enter", "j", "j"]),
    "filter": ((100, 24), ["/", *"country:germany stage:", "tab"]),
    "record": ((120, 30), ["/", *"stage:active has:notes", "enter", "enter"]),
    "form": ((120, 30), ["j", "e"]),
    "help": ((100, 30), ["?"]),
    "board": ((160, 40), ["g", "o", "j", "l", "l"]),
    "month": ((120, 34), ["g", "k", "b", "b"]),
    "today": ((120, 20), ["g", "t"]),
    "document": ((160, 40), ["g", "r", "/", *'status:"in review"', "enter", "enter", *"jjjj"]),
    "compare": ((120, 14), ["g", "r", "/", "ctrl+u", *"status:approved", "enter", "enter", "", "enter",
                            *" It opens in spring.", "esc", "", "y", "", "c", "", "down", "enter", "", "enter", ""]),
    "dashboard": ((160, 45), ["g", "d", "", *"{jj", ""]),
    "workload": ((160, 30), ["g", "H", "", "j", ""]),
    "narrow": ((80, 24), ["/", *"follow-up<=+7d", "enter"]),
}  # fmt: skip
"""Each picture's terminal size, and the keys that lead to it; at "" it is waited until all they cause has happened."""


_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fonts from elsewhere: a picture shows in the reader's own monospaced font, and asks nobody for one."""


def name_of(key: str) -> str:
    """Return a key as a word."""
    return "space" if key == " " else key


async def take(location: str) -> None:
    """Take every picture."""
    for name, (size, keys) in PICTURES.items():
        async with program(location, size=size, query="") as crm:  # not as the picture before left the list
            for several in " ".join(name_of(key) for key in keys).split("  "):
                await crm.press(*(" " if key == "space" else key for key in several.split()))
            if name == "clients":
                await crm.until_shown("timeline")  # the preview waits until the cursor rests
            picture = crm.app.export_screenshot(title="crm-tui", simplify=True)
            (FOLDER / f"{name}.svg").write_text(_FONT.sub("", picture), encoding="utf-8")


def main() -> None:
    """Make a workspace and take the pictures."""
    from crm_tui.cli import main as run

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = folder
        location = str(Path(folder) / "Atelier Norte.db")
        with clock.use(datetime(2026, 11, 22, 14, 2), "Europe/Lisbon"):
            run(["--workspace", location, "--operator", "ana", "demo", "--clients", "1200", "--orders", "1500",
                 "--seed", "7", "--no-open"])  # fmt: skip
            asyncio.run(take(location))


if __name__ == "__main__":
    main()
