"""Values that are there already, offered below the field while one types; nothing is taken that was not chosen."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.text import clean_line, fold
from crm_tui.widgets.form.fields import FormField

MOST_SHOWN = 7


class Completion:
    """The values offered for what is being typed, and which of them is chosen, if any."""

    def __init__(self) -> None:
        self.generation = 0
        self.values: tuple[str, ...] = ()
        self.chosen = -1

    def ask(self, prefix: str) -> int:
        """Begin to wait for the values of another prefix; those shown stay as far as they begin with it."""
        self.generation += 1
        self.chosen = -1
        self.values = tuple(value for value in self.values if fold(value).startswith(fold(prefix)))
        return self.generation

    def take(self, generation: int, values: Sequence[str], prefix: str) -> bool:
        """Show the values asked for with ``generation``; return whether that is still the question.

        Where the only one is what was typed, there is nothing to offer.
        """
        if generation != self.generation:
            return False
        offered = tuple(dict.fromkeys(line for value in values if (line := clean_line(value))))
        self.values = () if [fold(value) for value in offered] == [fold(prefix)] else offered
        self.chosen = -1
        return True

    def close(self) -> None:
        """Offer nothing; values still to come are not wanted."""
        self.generation += 1
        self.values = ()
        self.chosen = -1

    def move(self, step: int) -> bool:
        """Choose the next value, or the one before; return False when that leads out of the list."""
        if not self.values or (step < 0 and self.chosen < 0):
            return False
        self.chosen = min(self.chosen + step, len(self.values) - 1)
        return True

    @property
    def value(self) -> str | None:
        """The value chosen."""
        return self.values[self.chosen] if self.chosen >= 0 else None

    def shown(self) -> range:
        """Return the places of the values that are in view."""
        first = max(0, min(self.chosen - MOST_SHOWN // 2, len(self.values) - MOST_SHOWN))
        return range(first, min(len(self.values), first + MOST_SHOWN))


def part_at(text: str, cursor: int) -> tuple[int, int]:
    """Return where the tag under the cursor begins and ends in ``a, b, c``."""
    start = text.rfind(",", 0, cursor) + 1
    end = text.find(",", cursor)
    return start, len(text) if end < 0 else end


def asked_part(entry: FormField, cursor: int) -> tuple[int, int]:
    """Return where the part of a field's text begins and ends that values are offered for."""
    return part_at(entry.text, cursor) if entry.kind.family == "tags" else (0, len(entry.text))


def unnamed(entry: FormField, start: int, end: int, values: Sequence[str]) -> Sequence[str]:
    """Return the values but for tags that stand in the field already, outside the part that is being typed."""
    if entry.kind.family != "tags":
        return values
    others = f"{entry.text[:start]},{entry.text[end:]}".split(",")
    there = {fold(clean_line(other)) for other in others}
    return [value for value in values if fold(value) not in there]


def with_tag(text: str, cursor: int, tag: str) -> tuple[str, int]:
    """Return the text with the tag under the cursor replaced, ready for the next, and the cursor's place then."""
    start, end = part_at(text, cursor)
    before = text[:start].rstrip(", ")
    head = f"{before}, {tag}, " if before else f"{tag}, "
    return head + text[end:].lstrip(", "), len(head)
