"""Lists, records, forms, the board and the month, as they look in a small and in a large terminal.

`make test ARGS="tests/snapshots --snapshot-update"` takes the pictures anew; look at what changed before keeping it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from tests.screens.crm import Crm

SIZES = {"80x24": (80, 24), "160x45": (160, 45)}

LOOKS: dict[str, tuple[Sequence[str], str]] = {
    "list": ((), "ACME Studio"),
    "record": (("enter",), "Draft of the site"),
    "form": (("e",), "ctrl+s save"),
    "merge": (("=", "enter"), "Merge client"),
    "log": (("m",), "log contact with ACME Studio"),
    "board": (("g", "o", "l", "l"), "Brand refresh"),
    "order": (("g", "o", "l", "l", "j", "enter", "tab"), "[Checklist 3/5]"),
    "agenda": (("g", "k"), "call about photos"),
    "month": (("g", "k", "b", "b"), "Nov 2026"),
    "today": (("g", "t"), "for you"),
    "document": (("g", "r", "enter"), "Functional requ"),
    "dashboard": (("g", "d"), "records"),
    "goals": (("g", "O"), "goals"),
    "workload": (("g", "H"), "nobody"),
    "automations": (("g", "a"), "Order fulfilled"),
}
"""Of each look the keys that lead to it, and what stands there then."""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES)
def test_it_looks_as_it_did(app: CrmApp, snap_compare: Callable[..., bool], look: str, size: str) -> None:
    keys, shown = LOOKS[look]

    async def walk(pilot: Pilot[None]) -> None:
        crm = Crm(app, pilot)
        await crm.settle()
        for key in keys:
            await crm.press(key)
            await crm.settle()  # a board's cards come behind it: the next key is meant for them
        await crm.until_shown(shown)
        if look == "list" and size == "160x45":
            await crm.until_shown("timeline")  # the preview waits until the cursor rests
        await crm.settle()

    assert snap_compare(app, terminal_size=SIZES[size], run_before=walk), "the look changed: see snapshot_report.html"
