"""What is selected in a list: some records, or all that match except some."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected records: those in ``ids``, or with ``all_matching`` every match of the list but ``excluded``."""

    ids: frozenset[int] = frozenset()
    all_matching: bool = False
    excluded: frozenset[int] = frozenset()

    def __contains__(self, row_id: int) -> bool:
        return row_id not in self.excluded if self.all_matching else row_id in self.ids

    def __bool__(self) -> bool:
        return self.all_matching or bool(self.ids)

    def size(self, matching: int | None) -> int | None:
        """Return how many are selected of ``matching`` records; None while that number is not known."""
        if not self.all_matching:
            return len(self.ids)
        return None if matching is None else max(0, matching - len(self.excluded))

    def toggled(self, row_id: int) -> Selection:
        """Return the selection with one record put in, or taken out."""
        if self.all_matching:
            return Selection(all_matching=True, excluded=self.excluded ^ {row_id})
        return Selection(ids=self.ids ^ {row_id})
