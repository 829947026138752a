"""The screens that are not lists of records, opened by their names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.commands.context import Choice
from crm_tui.commands.registry import Command
from crm_tui.i18n import _
from crm_tui.models.base import Entity, entities
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.listed import ListedScreen

if TYPE_CHECKING:
    from crm_tui.app import CrmApp
    from crm_tui.screens.form_screen import FormScreen


async def open_other(app: CrmApp, name: str, given: Mapping[str, str]) -> None:
    """Open ``help``, ``palette``, ``find``, ``log``, ``import`` or ``duplicates``; ``given`` are the arguments of its
    command."""
    if not isinstance(app.screen, CrmScreen):
        return
    if name == "import":
        await _import(app, app.screen, given)
    elif name == "compare":
        from crm_tui.screens.compare_screen import CompareScreen

        await app.push_screen(CompareScreen(app.screen.session, given))
    elif name == "record":
        from crm_tui.screens.record_screen import RecordScreen

        await RecordScreen(app.screen.session, entities[given["entity"]], int(given["record"]), None).open()
    elif name == "duplicates":
        from crm_tui.screens.duplicates_screen import DuplicatesScreen

        await app.push_screen(DuplicatesScreen(app.screen.session, entities[given["entity"]]))
    else:
        await _OPENERS[name](app, app.screen)


async def open_record(app: CrmApp, entity: Entity, record: int) -> None:
    """Show everything about one record; a document is worked on."""
    if entity.name == "document":
        from crm_tui.screens.document_screen import DocumentScreen

        await DocumentScreen(app.session, record).open()
        return
    from crm_tui.screens.record_screen import RecordScreen

    came_from = app.screen if isinstance(app.screen, ListedScreen) and app.screen.entity is entity else None
    await RecordScreen(app.session, entity, record, came_from).open()


def form_of(entity: Entity) -> type[FormScreen]:
    """Return the screen on which records of an entity are added and changed."""
    if entity.name == "card":
        from crm_tui.screens.card_form import CardFormScreen

        return CardFormScreen
    from crm_tui.screens.form_screen import FormScreen

    return FormScreen


async def open_found(app: CrmApp, entity: Entity, query: str) -> None:
    """Show what a query finds in a list of its own over the screen; the entity's list stays as it was left."""
    from crm_tui.screens.listings import listed_as

    screen = listed_as("list", app.session, entity, query)
    screen.passing = True
    await app.push_screen(screen)


async def _help(app: CrmApp, screen: CrmScreen) -> None:
    from crm_tui.screens.commanding import known_commands
    from crm_tui.screens.help_screen import HelpScreen
    from crm_tui.widgets.help_view import HelpGroup

    commands = {command.id: command for command in screen.usable_commands()}
    known = known_commands(screen)
    here = tuple(entry for entry in known if "everywhere" not in commands[entry.id].scopes and entry.keys)
    everywhere = tuple(entry for entry in known if entry not in here)
    groups = [HelpGroup(_("Here"), here), HelpGroup(_("Everywhere"), everywhere)]
    chosen = await screen.show_dialog(HelpScreen(groups))
    if chosen:
        await screen.run(commands[chosen])


async def _palette(app: CrmApp, screen: CrmScreen) -> None:
    context = screen.context()
    usable = [command for command in screen.usable_commands() if command.rank != 101]
    choices = [
        Choice(
            command.id,
            title_in_palette(command),
            ", ".join(command.keys),
            why_not=command.why_not(screen.context_of(command, context)),
        )
        for command in usable
    ]
    chosen = await screen.choose(_("Commands"), choices)
    if chosen:
        await screen.run(next(command for command in usable if command.id == chosen[0]))


def title_in_palette(command: Command) -> str:
    """Return a command's title with what it acts on."""
    title = _(command.title)
    return f"{_(entities[command.entity].label)}: {title}" if command.entity else title


async def _find(app: CrmApp, screen: CrmScreen) -> None:
    from crm_tui.screens.find_screen import FindScreen

    found = await screen.show_dialog(FindScreen(screen.session))
    if found is not None:
        await app.open_record(found.entity, found.id)


async def _log(app: CrmApp, screen: CrmScreen) -> None:
    from crm_tui.screens.log_screen import LogScreen

    await app.push_screen(LogScreen(screen.session))


async def _import(app: CrmApp, screen: CrmScreen, given: Mapping[str, str]) -> None:
    from crm_tui.importers import open_source
    from crm_tui.screens.import_screen import ImportScreen

    entity = screen.entity if screen.entity and screen.entity.exchanged else entities["client"]
    path = given.get("file") or await screen.ask(
        _("Import which file?"), help=_("CSV, XLSX, JSON or vCard, as {plural}").format(plural=_(entity.label_plural))
    )
    if path is None or not path.strip():
        return
    # A big file is read once to find out how it is written: neither the screen nor the database waits for that.
    source = await asyncio.to_thread(open_source, Path(path.strip()).expanduser())
    await app.push_screen(ImportScreen(screen.session, entity, source))


async def _today(app: CrmApp, _screen: CrmScreen) -> None:
    await app.open_today()


async def _dashboard(app: CrmApp, _screen: CrmScreen) -> None:
    if app.dashboard is None:
        from crm_tui.screens.dashboard_screen import DashboardScreen

        app.dashboard = DashboardScreen(app.session)
        app.install_screen(app.dashboard, "dashboard")  # kept: what it counted is there when one comes back
    await app.show_first(app.dashboard)


async def _goals(app: CrmApp, screen: CrmScreen) -> None:
    from crm_tui.screens.goals_screen import GoalsScreen

    await app.push_screen(GoalsScreen(screen.session))


async def _workload(app: CrmApp, screen: CrmScreen) -> None:
    from crm_tui.screens.workload_screen import WorkloadScreen

    await app.push_screen(WorkloadScreen(screen.session))


_OPENERS: dict[str, Callable[[CrmApp, CrmScreen], Awaitable[None]]] = {
    "help": _help,
    "palette": _palette,
    "find": _find,
    "log": _log,
    "today": _today,
    "dashboard": _dashboard,
    "goals": _goals,
    "workload": _workload,
}
