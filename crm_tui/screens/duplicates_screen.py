"""The pairs of records that are likely the same: looked through one by one, merged or told apart."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from crm_tui.commands.context import Context
from crm_tui.commands.registry import registry
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.models.base import Entity
from crm_tui.queries import duplicates, likeness
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.list_moves import ListMoves
from crm_tui.session import Session
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_list import RecordList


class DuplicatesScreen(ListMoves, CrmScreen):
    """Likely duplicates among the records of one entity."""

    scopes: ClassVar[tuple[str, ...]] = ("pairs", "rows")
    records: RecordList
    DEFAULT_CSS = "DuplicatesScreen RecordList { height: 1fr; }"

    def __init__(self, session: Session, entity: Entity) -> None:
        super().__init__(session)
        self._entity = entity
        self.title_of_place = _("{plural} that look alike").format(plural=_(entity.label_plural).capitalize())
        self.generation = 0
        self._pairs: list[duplicates.Pair] = []
        columns = [
            Column("one", _("One"), width=30, min_width=16, flex=2, priority=9),
            Column("other", _("Other"), width=30, min_width=16, flex=2, priority=8),
            Column("why", _("Why"), width=34, min_width=16, flex=1, priority=7),
        ]
        self.records = RecordList(columns, empty=_("Looking for pairs …"))

    @property
    def entity(self) -> Entity:
        """The entity of the records."""
        return self._entity

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield self.records

    def on_mount(self) -> None:
        """Look for the pairs."""
        super().on_mount()
        self.focus_body()
        self.background(self._read())

    async def _read(self) -> None:
        at = self.records.cursor_id
        self._pairs = await self.session.database.newest(
            "duplicates", duplicates.pairs, self.session.actor, self._entity
        )
        self.generation += 1
        self.records.empty = _("No two {plural} look alike").format(plural=_(self._entity.label_plural))
        self.records.reset(self.generation)
        rows = [
            Row(number, (*self._named(pair), likeness.reasons_text(pair.reasons)))
            for number, pair in enumerate(self._pairs)
        ]
        self.records.set_window(self.generation, 0, rows)
        self.records.set_count(len(rows))
        if at and rows:
            self.records.go_to(min(at, len(rows) - 1))
        self._status.update(counts=str(len(rows)) if rows else "")
        self.show_keys()

    @staticmethod
    def _named(pair: duplicates.Pair) -> tuple[str, str]:
        one, other = (f"{title} #{record}" for title, record in zip(pair.titles, pair.ids, strict=True))
        return one, other

    def context(self) -> Context:
        """Commands act on the two records of the pair at the cursor."""
        context = super().context()
        at = self.records.cursor_id
        if at is not None and at < len(self._pairs):
            context.ids, context.several = self._pairs[at].ids, True
        return context

    def on_record_list_cursor_moved(self, _event: RecordList.CursorMoved) -> None:
        """Another pair: other keys."""
        self.show_keys()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        """A double click merges, as enter does."""
        self.background(self.run(registry.get("pairs.merge")))

    def data_changed(self, changed: Changed) -> None:
        """Pairs may have come or gone."""
        if {self._entity.name, "distinction"} & set(changed.records):
            self.background(self._read())

    def escape(self) -> None:
        """Back."""
        self.close()
