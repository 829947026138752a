"""Records that are twice there: merging two of them, looking through likely pairs, saying that two are not the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.commands.context import Choice, Context, FieldChoices, needs_change, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity

if TYPE_CHECKING:
    from crm_tui.queries.duplicates import Likely


def _mergeable(entity: Entity) -> bool:
    return bool(entity.alike)


@command(
    "{entity}.merge", N_("merge"), keys=("M",), scope="list record pairs", of=_mergeable,
    why_not=needs_record_to_change, rank=71, takes=("*",),
)  # fmt: skip
async def merge(context: Context) -> None:
    """Merge two selected records, or this one with a likely duplicate of it: field by field; what belonged to the
    other one moves along, and it is archived. With do, "3 7" merges 7 into 3, and name=mine, theirs or both says what
    stays."""
    from crm_tui.services import merge_records

    ids = await context.records()
    if len(ids) == 1 and context.ui is not None:
        chosen = await _choose_duplicate(context, ids[0])
        if chosen is None:
            return
        ids = [ids[0], chosen]
    if len(ids) != 2:
        raise BadInput(_("Merging takes two records: name or select them; the second goes into the first."))
    kept, other = ids
    choices: dict[str, str] = context.arguments
    versions: tuple[int | None, int | None] = (None, None)
    if context.ui is not None:
        found = await _choose_fields(context, kept, other)
        if found is None:
            return
        choices, versions = found
    merged = await context.call(
        merge_records.merge,
        context.workspace,
        context.actor,
        merge_records.Side(context.of, kept, versions[0]),
        merge_records.Side(context.of, other, versions[1]),
        choices,
    )
    moved = ngettext("{n} record moved along", "{n} records moved along", merged.moved).format(n=merged.moved)
    context.say(f"{merged.summary}; {moved}" if merged.moved else merged.summary)


async def _choose_duplicate(context: Context, record: int) -> int | None:
    """Let the operator choose which of its likely duplicates a record is merged with."""
    from crm_tui.queries import duplicates, likeness

    found: list[Likely] = await context.call(duplicates.likely_of, context.actor, context.of, record)
    if not found:
        context.say(_("Nothing here looks like it; select two records to merge them."))
        return None
    choices = [Choice(str(one.id), f"{one.title} #{one.id}", likeness.reasons_text(one.reasons)) for one in found]
    chosen = await context.screen.choose(_("Merge which one into it?"), choices)
    return int(chosen[0]) if chosen else None


async def _choose_fields(
    context: Context, kept: int, other: int
) -> tuple[dict[str, str], tuple[int | None, int | None]] | None:
    """Let the operator choose field by field what stays; None when they thought better of it."""
    from crm_tui.services import merge_records

    one, two = [await context.detail(record) for record in (kept, other)]
    ways = {
        name: merge_records.way_by_default(kind, one.values[name], two.values[name])
        for name, kind in context.of.entered.items()
        if one.values[name] != two.values[name]
    }
    chosen = await context.screen.choose_fields(FieldChoices(one, two, ways))
    return None if chosen is None else (chosen, (one.version, two.version))


@command(
    "{entity}.duplicates", N_("duplicates"), keys=("=",), scope="list record", of=_mergeable, rank=72,
)  # fmt: skip
async def show_duplicates(context: Context) -> None:
    """Look through the pairs of records that are likely the same, each with its reason, and merge them or tell them
    apart."""
    from crm_tui.queries import duplicates, likeness

    if context.ui is not None:
        await context.ui.open_screen("duplicates", {"entity": context.of.name})
        return
    pairs: Sequence[duplicates.Pair] = await context.call(duplicates.pairs, context.actor, context.of)
    context.found = [
        {"ids": list(pair.ids), "names": list(pair.titles), "reasons": list(pair.reasons)} for pair in pairs
    ]
    for pair in pairs:
        (one, other), (name, other_name) = pair.ids, pair.titles
        context.say(f"{one}\t{other}\t{name}\t{other_name}\t{likeness.reasons_text(pair.reasons)}")
    if not pairs:
        context.say(_("No two {plural} look alike.").format(plural=_(context.of.label_plural)))


@command(
    "{entity}.tell_apart", N_("not the same"), keys=("N",), scope="list record pairs", of=_mergeable,
    why_not=needs_record_to_change, rank=73,
)  # fmt: skip
async def tell_apart(context: Context) -> None:
    """Remember of two records that they are not the same: they are no longer shown as a likely pair."""
    from crm_tui.services import merge_records

    ids = await context.records()
    if len(ids) != 2:
        raise BadInput(_("Telling apart takes two records: name or select them."))
    await context.call(merge_records.tell_apart, context.workspace, context.actor, context.of, *ids)
    context.say(_("Remembered: #{one} and #{other} are not the same").format(one=ids[0], other=ids[1]))


@command("pairs.merge", N_("merge"), keys=("enter",), scope="pairs", in_program=True, why_not=needs_change, rank=1)
async def merge_pair(context: Context) -> None:
    """Merge the pair at the cursor, field by field."""
    await merge(context)
