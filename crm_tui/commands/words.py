"""The words that a workspace has of its own: stages, roles, channels, sources; looked at, ordered, replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.commands.context import Choice, Context, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_change

if TYPE_CHECKING:
    from crm_tui.models.words import Vocabulary


def _word(entity: Entity) -> bool:
    return entity.name == "word"


def _needs_change_of_words(context: Context) -> str:
    return why_not_change(context.actor, entities["word"])


@command("go.words", N_("words"), keys=("g w",), scope="list record rows dashboard", rank=110, takes=("vocabulary",))
async def go_words(context: Context) -> None:
    """Go to the words of a field, to change them: client stages, contact roles, channels, sources. In a script, print
    them; vocabulary=client.stage prints those of one field."""
    if context.ui is None:
        await _tell(context)
    else:
        await choose_words(context)


async def _tell(context: Context) -> None:
    from crm_tui.services import words

    named = context.arguments.get("vocabulary", "")
    known = [words.find_vocabulary(named)] if named else list(words.vocabularies().values())
    context.found = [
        {
            "vocabulary": one.name,
            "own": one.own,
            "words": [
                {"value": option.value, "label": option.label, "meaning": option.meaning, "also": list(option.also)}
                for option in one.options
            ],
        }
        for one in known
    ]
    for one in known:
        context.say(f"{one.name}: {_listed(one)}")


def _listed(known: Vocabulary) -> str:
    told = [
        option.value if _(option.label) == option.value else f"{option.value} ({_(option.label)})"
        for option in known.options
    ]
    return ", ".join(told) or _("none yet")


async def choose_words(context: Context) -> None:
    """Let the operator choose a field, and show its words; an admin makes the program's own rows first."""
    from crm_tui.services import words

    known = words.vocabularies()
    choices = [
        Choice(one.name, one.label, ", ".join(_(option.label) for option in one.options)) for one in known.values()
    ]
    chosen = await context.screen.choose(_("Words"), choices)
    if not chosen:
        return
    one = known[chosen[0]]
    if one.declared and not one.own:
        if why_not_change(context.actor, entities["word"]):
            told = [Choice(option.value, _(option.label), option.meaning) for option in one.options]
            await context.screen.choose(one.label.capitalize(), told)
            return
        question = _("These are the program's own words: {words}. Make them yours, to change them?")
        if not await context.screen.confirm(question.format(words=", ".join(_(o.label) for o in one.options))):
            return
        await context.call(words.own, context.workspace, context.actor, one.name)
    await context.screen.open_list(entities["word"], f"vocabulary:{one.name} sort:position")


@command(
    "word.begin", N_("change the program's words"), why_not=_needs_change_of_words, rank=110, takes=("vocabulary",)
)
async def begin(context: Context) -> None:
    """Make the program's own words of a field yours, so that each can be called otherwise or taken away: in a script,
    vocabulary=client.stage; on the screen, g w does."""
    from crm_tui.services import words

    if "vocabulary" not in context.arguments:
        if context.ui is None:
            names = ", ".join(words.vocabularies())
            raise BadInput(_("Say which words: vocabulary= one of {names}.").format(names=names), field="vocabulary")
        await choose_words(context)
        return
    name = context.arguments["vocabulary"]
    await context.call(words.own, context.workspace, context.actor, name)
    known = words.find_vocabulary(name)
    context.say(_("{field}: {words}").format(field=known.label, words=_listed(known)))


@command("{entity}.move_down", N_("move down"), keys=("J",), scope="list", of=_word, why_not=needs_record_to_change,
         in_program=True, rank=25)  # fmt: skip
async def move_down(context: Context) -> None:
    """Move the word down among those of its field: forms offer them, and lists sort by them, in this order."""
    await _move(context, 1)


@command("{entity}.move_up", N_("move up"), keys=("K",), scope="list", of=_word, why_not=needs_record_to_change,
         in_program=True, rank=26)  # fmt: skip
async def move_up(context: Context) -> None:
    """Move the word up among those of its field."""
    await _move(context, -1)


async def _move(context: Context, step: int) -> None:
    from crm_tui.services import words

    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Move one word at a time."))
    await context.call(words.move, context.workspace, context.actor, ids[0], step)


@command("{entity}.replace", N_("replace by another"), keys=("R",), scope="list record", of=_word,
         why_not=_needs_change_of_words, rank=24, takes=("word", "by"))  # fmt: skip
async def replace(context: Context) -> None:
    """Replace the word by another of its field wherever records have it, and put it away; one undo takes it back.
    In a script: word=client.stage.lead by=qualified."""
    from crm_tui.services import words

    known, former = await context.call(words.find_word, await _named(context))
    by = context.arguments.get("by")
    if by is None:
        others = [Choice(one.value, _(one.label), one.meaning) for one in known.options if one.value != former.value]
        chosen = await context.screen.choose(_("Replace {word} by").format(word=_(former.label)), others)
        if not chosen:
            return
        by = chosen[0]
    arguments: list[Any] = [words.replace, context.workspace, context.actor, known.called(former.value), by]
    if context.ui is None:
        changed = await context.call(*arguments)
    else:
        async with context.screen.progress(_("Replacing")) as progress:
            changed = await context.call(*arguments, progress)
    context.say(ngettext("Replaced in {n} record", "Replaced in {n} records", changed).format(n=changed))


async def _named(context: Context) -> str:
    """The word meant: named, or the one at the cursor."""
    if "word" in context.arguments:
        return context.arguments["word"]
    from crm_tui.queries import details

    ids = await context.records()
    if len(ids) != 1:
        raise BadInput(_("Replace one word at a time."))
    return str((await context.call(details.detail, context.actor, context.of, ids[0])).values["name"])
