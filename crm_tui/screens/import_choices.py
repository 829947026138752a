"""What can be chosen of an import before it begins: where a column goes, the key, the mode, how days are written."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.commands.context import Choice
from crm_tui.i18n import _
from crm_tui.importers.mapping import keys_of, targets
from crm_tui.importers.plan import ImportPlan, Mode
from crm_tui.importers.source import Source
from crm_tui.models.base import Entity
from crm_tui.screens import import_lines
from crm_tui.screens.base import CrmScreen
from crm_tui.values import DayOrder
from crm_tui.widgets.record_list import RecordList

_NOWHERE = "-"


class ImportChoices(CrmScreen):
    """A screen with the plan of an import."""

    sort: Entity
    """What the rows become."""
    source: Source
    plan: ImportPlan | None
    """None while the file is read for the first time."""
    file_columns: RecordList
    """The columns of the file; the ids of its rows are their places, from 1."""

    async def replan(self, make: Callable[[], ImportPlan]) -> None:
        """Make another plan and show what it leads to."""

    async def map_column(self) -> None:
        """Let the operator choose the field of the column at the cursor."""
        made, number = self.plan, self.file_columns.cursor_id
        if made is None or number is None:
            return
        column = made.columns[number - 1]
        present = column.target.name if column.target else _NOWHERE
        holders = {other.target.name: other.name for other in made.columns if other.target and other is not column}
        choices = [Choice(_NOWHERE, _("leave it out"), chosen=present == _NOWHERE)]
        for name, target in targets(self.sort).items():
            hint = _("now {column}").format(column=holders[name]) if name in holders else name
            choices.append(Choice(name, target.label, hint, chosen=name == present))
        chosen = await self.choose(_("Where does {column} go?").format(column=column.name), choices)
        if chosen and chosen[0] != present:
            target_name = None if chosen[0] == _NOWHERE else chosen[0]
            await self.replan(lambda: made.with_column(column.name, target_name))

    async def choose_key(self) -> None:
        """Let the operator choose the key."""
        made = self.plan
        if made is None:
            return
        mapped = {column.target.name for column in made.columns if column.target}
        choices = [Choice("", _("none: every row is new"), chosen=not made.key)]
        for name in keys_of(self.sort):
            label = self.sort.fields[name].label if name in self.sort.fields else _("Id")
            there = name in mapped or name in self.source.columns
            why = "" if there else _("no column goes there")
            choices.append(Choice(name, label, chosen=name == made.key, why_not=why))
        chosen = await self.choose(_("By which field do rows find records that exist?"), choices)
        if chosen and chosen[0] != made.key:
            await self.replan(lambda: made.with_key(chosen[0]))

    async def choose_mode(self) -> None:
        """Let the operator choose the mode."""
        made = self.plan
        if made is None:
            return
        why = "" if made.key else _("choose a key first, with K")
        choices = [
            Choice(mode, _(text), chosen=mode is made.mode, why_not="" if mode is Mode.CREATE else why)
            for mode, text in import_lines.MODES.items()
        ]
        chosen = await self.choose(_("What do rows do?"), choices)
        if chosen and chosen[0] != made.mode:
            await self.replan(lambda: made.with_mode(Mode(chosen[0])))

    async def choose_dates(self) -> None:
        """Let the operator say how days are written."""
        made = self.plan
        if made is None:
            return
        present = made.wishes.days
        choices = [
            Choice("", _("found out from all rows"), chosen=present is None),
            Choice(DayOrder.DMY, _("day first"), "25/11/2026", chosen=present is DayOrder.DMY),
            Choice(DayOrder.MDY, _("month first"), "11/25/2026", chosen=present is DayOrder.MDY),
            Choice(DayOrder.YMD, _("year first"), "26/11/25", chosen=present is DayOrder.YMD),
        ]
        chosen = await self.choose(_("How are days written?"), choices)
        if chosen:
            days = DayOrder(chosen[0]) if chosen[0] else None
            await self.replan(lambda: made.with_days(days))
