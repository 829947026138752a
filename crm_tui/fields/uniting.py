"""Two values of one field put together, where that is a value."""

from __future__ import annotations

from typing import Any

from crm_tui.fields.kind import Kind
from crm_tui.fields.texts import Markdown, Text


def both_of(kind: Kind, mine: Any, theirs: Any) -> Any:
    """Return two values put together: tags united, lines one after the other; None where that is not a value."""
    if not mine or not theirs:
        return None
    if kind.family == "tags":
        joined: Any = (*mine, *theirs)
    elif isinstance(kind, Markdown):
        head, tail = common(mine, theirs)
        ours, others = mine.split("\n"), theirs.split("\n")
        joined = "\n".join([*ours[: len(ours) - tail], *others[head:]])
    elif type(kind) is Text:
        joined = mine if theirs in mine else theirs if mine in theirs else f"{mine}, {theirs}"
    else:
        return None
    try:
        value = kind.check(joined)
    except ValueError:
        return None
    return None if value in (mine, theirs) else value


def common(mine: str, theirs: str) -> tuple[int, int]:
    """Return how many lines two texts have in common at their beginning, and at their end after that."""
    ours, others = mine.split("\n"), theirs.split("\n")
    most = min(len(ours), len(others))
    head = next((at for at in range(most) if ours[at] != others[at]), most)
    most -= head
    tail = next((at for at in range(most) if ours[-1 - at] != others[-1 - at]), most)
    return head, tail
