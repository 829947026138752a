"""People's own data: giving out all that is held of one, and taking it away for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.commands.context import Choice, Context, needs_record
from crm_tui.commands.files import place_for
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_erase, why_not_export_person

if TYPE_CHECKING:
    from crm_tui.queries.mentions import Place

_SHOWN = 200
"""Places that are offered to look at."""


def _is_person(entity: Entity) -> bool:
    return entity.person


def _may_export(context: Context) -> str:
    return why_not_export_person(context.actor) or needs_record(context)


def _may_erase(context: Context) -> str:
    return why_not_erase(context.actor) or needs_record(context)


async def _only(context: Context) -> int:
    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("One person at a time: choose one."))
    return ids[0]


@command(
    "{entity}.export_person", N_("all that is held"),
    outside=True, scope="list record", of=_is_person, why_not=_may_export,
    rank=110, takes=("to", "files"),
)  # fmt: skip
async def export_person(context: Context) -> None:
    """Write all that is held of the person to a JSON file: the record, what was said, comments, files, the journal.
    files=FOLDER writes the attached files there, too."""
    from crm_tui.exporters import dossiers
    from crm_tui.queries.dossier import dossier

    record = await _only(context)
    named = context.arguments.get("to")
    if named is None:
        named = await context.screen.ask(
            _("Write all that is held of the person where?"),
            f"{context.of.name}-{record}.json",
            help=_("A file that ends in .json"),
        )
    if named is None or not named.strip():
        return
    path = place_for(named, f"{context.of.name}-{record}.json")
    asked = context.ui is not None
    if path.exists() and not (asked and await context.screen.confirm(_("Replace {file}?").format(file=path))):
        raise BadInput(_("{file} is there already; nothing was written.").format(file=path))
    found = await context.call(dossier, context.workspace, context.actor, context.of, record)
    await context.call(dossiers.write, found, path)
    said = [_("All that is held of {person} is in {path}.").format(person=found.title, path=path)]
    folder = await _folder(context, len(found.files))
    if folder is not None:
        problems = await context.call(dossiers.write_files, context.workspace, found, folder)
        n = len(found.files) - len(problems)
        words = ngettext("{n} file written to {path}.", "{n} files written to {path}.", n)
        said += [words.format(n=n, path=folder), *problems]
    context.say(" ".join(said))


async def _folder(context: Context, files: int) -> Path | None:
    """Return where the person's files go; None where they are named only."""
    named = context.arguments.get("files", "")
    if files and not named and context.ui is not None and "to" not in context.arguments:
        question = ngettext("Write {n} file into which folder?", "Write {n} files into which folder?", files)
        named = await context.ui.ask(question.format(n=files), help=_("Empty: they are named only")) or ""
    return Path(named.strip()).expanduser().absolute() if named.strip() else None


def _question(context: Context) -> str:
    """What is asked before ``do`` erases; on the screen it is asked by the command, when the counts have come."""
    from crm_tui.services import erasing

    if context.ui is not None or len(context.ids) != 1:
        return ""
    return str(erasing.plan(context.actor, context.of, context.ids[0]).question())


@command(
    "{entity}.erase_person", N_("erase for good"), scope="list record", of=_is_person, why_not=_may_erase,
    dangerous=_question, rank=110, takes=("reason",),
)  # fmt: skip
async def erase_person(context: Context) -> None:
    """Erase the person for good, as a law may ask: the record, what was said, files and what the journal tells of them
    are emptied, and that somebody was erased stays. It cannot be undone. Then look where others wrote the name."""
    from crm_tui.queries import mentions
    from crm_tui.services import erasing

    record = await _only(context)
    if context.ui is not None:
        planned = await context.call(erasing.plan, context.actor, context.of, record)
        if not await context.ui.confirm(planned.question()):
            return
        context.say(_("Erasing, and cleaning up the storage …"))
    reason = context.arguments.get("reason", "")
    done = await context.call(erasing.erase, context.workspace, context.actor, context.of, record, reason=reason)
    context.say(" ".join([done.in_words(), *done.warnings]))
    places: list[Place] = await context.call(mentions.find, done.names)
    if context.ui is not None:
        await _look_at(context, places)
        return
    context.say(_("Backups made before still hold the person; whoever restores one has them erased again."))
    for place in places:
        context.say(_("still named: {where}").format(where=place.label()))


async def _look_at(context: Context, places: list[Place]) -> None:
    """Offer the places where the person is still named; choosing one opens the record."""
    if not places:
        return
    choices = [
        Choice(
            str(at),
            place.label(),
            why_not=_why_not_open(place),
        )
        for at, place in enumerate(places[:_SHOWN])
    ]
    title = ngettext("{n} place still names the person", "{n} places still name the person", len(places))
    chosen = await context.screen.choose(title.format(n=len(places)), choices)
    if chosen:
        place = places[int(chosen[0])]
        await context.screen.open_record(entities[place.entity], place.record)


def _why_not_open(place: Place) -> str:
    if place.operation is not None:
        return _("the journal is written anew only where it is of the person")
    return "" if entities[place.entity].by_hand else _("nobody writes it by hand")
