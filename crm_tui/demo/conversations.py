"""Conversations with one client after another, the newest at the client's last contact."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_tui.asset_files import asset
from crm_tui.demo.sheets import read_lines
from crm_tui.demo.words import Roll, pick

EARLIER = (0, 0, 0, 0, 1, 1, 2, 3)
"""How many conversations there were before the last one."""

CHANNELS = (
    ("call", "both"), ("call", "both"), ("call", "out"), ("email", "out"), ("email", "in"), ("meeting", "both"),
    ("video", "both"), ("sms", "in"), ("letter", "out"),
)  # fmt: skip
MINUTES = (3, 5, 8, 10, 12, 15, 20, 25, 30, 45, 60)
SPOKEN = ("call", "meeting", "video")
APART = tuple(timedelta(days=days, hours=hours) for days in (3, 6, 9, 14, 21, 30, 42, 60) for hours in (-1, 0, 2))


class Conversations:
    """Draws what was said to one client after another."""

    def __init__(self, roll: Roll) -> None:
        """Raises BadInput when the file was edited and cannot be understood."""
        self._roll = roll
        lines = read_lines(asset("demo", "conversations.txt"))
        self._said = tuple(
            (said.strip(), step.strip()) for said, _arrow, step in (line.partition("->") for line in lines)
        )

    def draw(self, last: datetime) -> list[dict[str, object]]:
        """Return interactions by the names of their fields, the newest first: that one is no note and at ``last``."""
        roll, at, found = self._roll, last, []
        for _turn in range(1 + pick(roll, EARLIER)):
            channel, direction = pick(roll, CHANNELS)
            outcome, step = pick(roll, self._said)
            found.append(
                {
                    "channel": channel,
                    "direction": direction,
                    "at": at,
                    "minutes": pick(roll, MINUTES) if channel in SPOKEN else None,
                    "outcome": outcome,
                    "next_step": step,
                }
            )
            at -= pick(roll, APART)
        return found
