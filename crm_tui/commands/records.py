"""What can be done to records of any entity: open, add, edit, archive, tag, copy."""

from __future__ import annotations

from crm_tui import contacting
from crm_tui.commands.context import Choice, Context, needs_change, needs_record, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.queries import known_values, lists

MANY = 20
"""From this many records on, what cannot be seen at a glance is confirmed first."""


def _any(_entity: Entity) -> bool:
    return True


def _by_hand(entity: Entity) -> bool:
    return entity.by_hand


def _added_in_a_form(entity: Entity) -> bool:
    # A comment is written on its record (commands.talk), and a file attached to it (commands.files).
    # ... orders open once they are added, and their lines are typed as lines (commands.ordering), so are the items
    # of checklists (commands.checklists). Documents begin with a template (commands.documents).
    elsewhere = ("comment", "attachment", "order", "order_line", "checklist_item", "document", "section", "approval")
    return entity.by_hand and entity.name not in elsewhere


def _has(field: str) -> object:
    return lambda entity: field in entity.fields


def _ask_before_many(question: str) -> object:
    def ask(context: Context) -> str:
        n = context.how_many
        return "" if n < MANY else _(question).format(n=n, what=_(context.of.label_plural))

    return ask


async def apply_to_all(context: Context, typed: dict[str, str], title: str) -> int:
    """Give the records the same values, with progress when they are many."""
    from crm_tui.services import records

    ids = await context.records()
    if context.ui is None or len(ids) < 500:
        return int(await context.call(records.change_many, context.workspace, context.actor, context.of, ids, typed))
    async with context.ui.progress(title) as progress:
        return int(
            await context.call(records.change_many, context.workspace, context.actor, context.of, ids, typed, progress)
        )


def say_changed(context: Context, changed: int) -> None:
    label, plural = _(context.of.label), _(context.of.label_plural)
    context.say(
        ngettext("{n} {label} changed", "{n} {plural} changed", changed).format(n=changed, label=label, plural=plural)
        if changed
        else _("Nothing to change: they are so already.")
    )


@command(
    "{entity}.open", N_("open"), keys=("enter", "l", "right"), scope="list", of=_by_hand, in_program=True, rank=1,
    why_not=needs_record,
)  # fmt: skip
async def open_record(context: Context) -> None:
    """Show everything about the record: facts, people, what was done to it."""
    await context.screen.open_record(context.of, context.ids[0])


@command(
    "{entity}.add", N_("add"), keys=("a",), scope="list record", of=_added_in_a_form, why_not=needs_change, rank=10,
    takes=("*",),
)  # fmt: skip
async def add(context: Context) -> None:
    """Add a new record."""
    from crm_tui.services import records

    if context.ui is not None and not context.given.keys() <= context.of.fields.keys():
        from crm_tui.commands.people import join  # what is added to the clients of a person is there already

        await join(context)
        return
    if context.ui is not None:
        await context.ui.open_form(context.of, None, {**context.given, **context.arguments})
        return
    new = await context.call(records.add, context.workspace, context.actor, context.of, context.arguments)
    context.say(_("{label} #{id} added").format(label=_(context.of.label), id=new))


@command(
    "{entity}.edit", N_("edit"), keys=("e",), scope="list record", of=_by_hand, why_not=needs_record_to_change, rank=11,
    takes=("*",),
)  # fmt: skip
async def edit(context: Context) -> None:
    """Edit the record, or give one field of all selected records a value."""
    if context.arguments:
        say_changed(context, await apply_to_all(context, context.arguments, _("Changing")))
    elif context.several:
        await _edit_several(context)
    else:
        await context.screen.open_form(context.of, context.ids[0])


async def _edit_several(context: Context) -> None:
    ui, entity = context.screen, context.of
    fields = [Choice(name, kind.label, kind.help) for name, kind in entity.entered.items() if kind.in_form]
    chosen = await ui.choose(
        _("Which field of {n} {what}?").format(n=context.how_many, what=_(entity.label_plural)), fields
    )
    if not chosen:
        return
    kind = entity.fields[chosen[0]]
    value = await ui.ask(kind.label, help=kind.help or _("Empty clears it"))
    if value is not None:
        say_changed(context, await apply_to_all(context, {chosen[0]: value}, _("Changing")))


@command(
    "{entity}.edit_outside", N_("edit in $EDITOR"), keys=("E",),
    outside=True, scope="list record", of=_has("notes"),  # type: ignore[arg-type]
    in_program=True, why_not=needs_record_to_change, rank=70,
)  # fmt: skip
async def edit_outside(context: Context) -> None:
    """Edit the notes in your own editor ($VISUAL or $EDITOR)."""
    from crm_tui.services import records

    record = context.ids[0]
    found = await context.detail(record)
    text = await context.screen.edit_outside(found.values["notes"], ".md")
    if text is not None:
        saved = {"notes": text}
        await context.call(
            records.save, context.workspace, context.actor, context.of, record, saved, seen=found.version
        )
        context.say(_("Notes saved"))


@command(
    "{entity}.archive", N_("archive"), keys=("d",), scope="list record", of=_by_hand, rank=20,
    why_not=needs_record_to_change, dangerous=_ask_before_many(N_("Archive {n} {what}?")),  # type: ignore[arg-type]
)  # fmt: skip
async def archive(context: Context) -> None:
    """Put records away: they leave the lists and stay in the history. Undo brings them back, so does the query
    has:archived."""
    await _archive(context, back=False)


@command(
    "{entity}.restore",
    N_("bring back"),
    keys=("D",),
    scope="list record",
    of=_by_hand,
    why_not=needs_record_to_change,
    rank=75,
)
async def restore(context: Context) -> None:
    """Bring archived records back; find them with the query has:archived."""
    await _archive(context, back=True)


async def _archive(context: Context, *, back: bool) -> None:
    from crm_tui.services import records

    ids = await context.records()
    if context.of.name == "saved_view" and not back:
        for record in ids:
            await context.call(records.delete, context.workspace, context.actor, context.of, record)
        context.say(_("Deleted; u undoes it"))
        return
    n = await context.call(records.archive_many, context.workspace, context.actor, context.of, ids, back=back)
    words = _("{n} brought back") if back else _("{n} archived; u undoes it")
    context.say(words.format(n=n) if n else _("Nothing to change: they are so already."))


@command(
    "{entity}.tag", N_("tag"), keys=("+",), scope="list record", of=_has("tags"),  # type: ignore[arg-type]
    why_not=needs_record_to_change, rank=22, takes=("tags",),
)  # fmt: skip
async def tag(context: Context) -> None:
    """Add tags to the record or all selected; a minus before a tag takes it away."""
    tags = context.arguments.get("tags")
    if tags is None:
        known = await context.call(known_values.known_values, context.actor, entities["tag"], "name", "")
        tags = await context.screen.ask(
            _("Tags to add"),
            help=_("vip, -cold takes cold away. In use: {tags}").format(tags=", ".join(known[:8]) or "–"),
        )
    if tags is None or not tags.strip():
        return
    signed = [part.strip() for part in tags.split(",") if part.strip()]
    text = ", ".join(part if part[0] in "+-" else f"+{part}" for part in signed)
    say_changed(context, await apply_to_all(context, {"tags": text}, _("Tagging")))


@command(
    "{entity}.copy",
    N_("copy"),
    keys=("y",),
    scope="list record",
    of=_any,
    in_program=True,
    why_not=needs_record,
    rank=65,
)
async def copy(context: Context) -> None:
    """Copy the record, or all selected as lines, to your own clipboard; works over SSH."""

    ids = await context.records()
    if len(ids) == 1 and not context.several:
        found = await context.detail(ids[0])
        lines = [
            f"{kind.label}: {found.shown(name)}"
            for name, kind in context.of.entered.items()
            if not kind.is_empty(found.values[name])
        ]
    else:
        _query, columns = context.screen.listed()
        found_rows = await context.call(lists.rows, context.of, ids[:10_000], columns)
        lines = ["\t".join(row.cells) for row in found_rows]
    context.screen.copy("\n".join(lines))
    said = ngettext("{n} line copied", "{n} lines copied", len(lines)).format(n=len(lines))
    reasons = list((await context.call(contacting.why_not, context.of, ids)).values())
    if len(reasons) == 1:
        said = _("{copied}; do not contact: {reason}").format(copied=said, reason=reasons[0])
    elif reasons:
        words = ngettext("{copied}; do not contact {n} of them", "{copied}; do not contact {n} of them", len(reasons))
        said = words.format(copied=said, n=len(reasons))
    context.say(said)
