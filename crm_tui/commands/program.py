"""The program itself: help, palette, undo, going places, themes, leaving."""

from __future__ import annotations

from crm_tui.commands.context import Choice, Context, needs_change, needs_record
from crm_tui.commands.registry import command
from crm_tui.commands.words import choose_words
from crm_tui.config import THEMES, require_theme
from crm_tui.i18n import N_, _
from crm_tui.models.base import entities


@command(
    "undo",
    N_("undo"),
    keys=("u",),
    scope="list record rows dashboard",
    why_not=needs_change,
    rank=50,
    takes=("operation",),
)
async def undo(context: Context) -> None:
    """Undo your last operation, whatever it was: an edit, a bulk change, an import."""
    from crm_tui import undo as undoing  # start-up is budgeted

    context.say(await _through(context, undoing.undo))


@command(
    "redo",
    N_("redo"),
    keys=("ctrl+r",),
    scope="list record rows dashboard",
    why_not=needs_change,
    rank=90,
    takes=("operation",),
)
async def redo(context: Context) -> None:
    """Do again what you undid last."""
    from crm_tui import undo as undoing

    context.say(await _through(context, undoing.redo))


async def _through(context: Context, function: object) -> str:
    named = context.arguments.get("operation", "")
    number = int(named) if named.isdecimal() else None
    return str(await context.call(function, context.workspace, context.actor, number))


@command("program.help", N_("help"), keys=("?", "f1"), in_program=True, rank=99)
async def help_screen(context: Context) -> None:
    """Show what can be done here, searchable; every line runs."""
    await context.screen.open_screen("help")


@command("program.palette", N_("palette"), keys=("ctrl+p",), in_program=True, rank=95)
async def palette(context: Context) -> None:
    """Find any command by a few letters and run it."""
    await context.screen.open_screen("palette")


@command(
    "program.command_line", N_("command"), keys=(":",), scope="list record rows dashboard", in_program=True, rank=96
)
async def command_line(context: Context) -> None:
    """Type a command with its arguments, as in scripts."""
    context.screen.start_command_line()


@command("program.find", N_("find"), keys=("ctrl+k",), in_program=True, rank=60)
async def find(context: Context) -> None:
    """Find anything by its words: clients, contacts and the rest."""
    await context.screen.open_screen("find")


@command("program.theme", N_("theme"), in_program=True, rank=110)
async def theme(context: Context) -> None:
    """Choose another theme; put theme = "..." into the configuration to keep it."""
    named = context.arguments.get("name")
    if named is None:
        chosen = await context.screen.choose(_("Theme"), [Choice(name, name) for name in THEMES])
        named = chosen[0] if chosen else None
    if named is not None:
        require_theme(named)
        context.screen.set_theme(named)


@command("go.today", N_("today"), keys=("g t",), scope="list record rows dashboard", in_program=True, rank=102)
async def go_today(context: Context) -> None:
    """Go to what needs you: tasks, follow-ups, orders and mentions in one queue, what is late first."""
    await context.screen.open_screen("today")


@command("program.log", N_("journal"), keys=("g j",), scope="list record rows dashboard", in_program=True, rank=110)
async def log(context: Context) -> None:
    """Show what was done in this workspace, by whom, newest first."""
    await context.screen.open_screen("log")


@command(
    "entry.open",
    N_("open"),
    keys=("enter", "l", "right"),
    scope="log today",
    in_program=True,
    why_not=needs_record,
    rank=1,
)
async def open_entry(context: Context) -> None:
    """Open the record that the entry of the journal, or what needs you, is about."""
    if context.of.name == "notification":
        from crm_tui.commands.talk import open_notification

        await open_notification(context)
        return
    await context.screen.open_record(context.of, context.ids[0])


@command("program.close", N_("close"), keys=("q",), scope="list record rows dashboard", in_program=True, rank=98)
async def close(context: Context) -> None:
    """Close what is on top; on the first screen, ask before leaving."""
    context.screen.close()


async def _go(context: Context, name: str) -> None:
    await context.screen.open_list(entities[name])


@command("go.clients", N_("clients"), keys=("g c", "1"), scope="list record rows dashboard", in_program=True, rank=103)
async def go_clients(context: Context) -> None:
    """Go to the clients, as you left them."""
    await _go(context, "client")


@command("go.contacts", N_("people"), keys=("g P",), scope="list record rows dashboard", in_program=True, rank=106)
async def go_contacts(context: Context) -> None:
    """Go to the people at all clients."""
    await _go(context, "contact")


@command(
    "go.interactions", N_("conversations"), keys=("g l",), scope="list record rows dashboard", in_program=True, rank=110
)
async def go_interactions(context: Context) -> None:
    """Go to what was said, with everyone, newest first."""
    await _go(context, "interaction")


@command("go.due", N_("who is due"), keys=("g f",), scope="list record rows dashboard", in_program=True, rank=107)
async def go_due(context: Context) -> None:
    """List the clients that are due for contact, the longest overdue first; enter opens one, ] goes on to the next."""
    await context.screen.open_list(entities["client"], "due<=today sort:due")


@command("go.tags", N_("tags"), keys=("g T",), scope="list record rows dashboard", in_program=True, rank=110)
async def go_tags(context: Context) -> None:
    """Go to the tags."""
    await _go(context, "tag")


@command(
    "go.notifications",
    N_("notifications"),
    keys=("g n",),
    scope="list record rows dashboard",
    in_program=True,
    rank=110,
)
async def go_notifications(context: Context) -> None:
    """Go to what you are told of, newest first: enter opens what it is about, x marks it read."""
    await _go(context, "notification")


@command(
    "go.settings", N_("settings"), keys=("g s", "2"), scope="list record rows dashboard", in_program=True, rank=110
)
async def go_settings(context: Context) -> None:
    """Go to what is set for everybody: operators, teams, tags, words, score rules, saved views, custom fields, message
    templates, settings; and to the list of people who were erased."""
    names = ("operator", "team", "tag", "score_rule", "saved_view", "custom_field", "word", "message_template",
             "distinction", "erasure", "setting")  # fmt: skip
    choices = [Choice(name, _(entities[name].label_plural)) for name in names]
    chosen = await context.screen.choose(_("Settings"), choices)
    if chosen and chosen[0] == "word":
        await choose_words(context)
    elif chosen:
        await _go(context, chosen[0])
