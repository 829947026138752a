"""What a list shows: its query, order, columns, and saved views of all three."""

from __future__ import annotations

from crm_tui import query
from crm_tui.commands.context import Choice, Context, needs_change
from crm_tui.commands.registry import command
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.queries import extra_columns, lists

_SAVE = "save"
"""Stands for saving among the views to choose from."""


@command("list.filter", N_("filter"), keys=("/",), scope="list", in_program=True, instant=True, rank=5)
async def filter_list(context: Context) -> None:
    """Filter the list by a query: words, field:value, and more; completion shows what is possible."""
    context.screen.start_filter()


@command("list.sort", N_("sort"), keys=("s",), scope="list", in_program=True, rank=62)
async def sort(context: Context) -> None:
    """Sort the list by a column; choosing the present one turns the order round."""
    from crm_tui.query.edit import with_sort

    text, columns = context.screen.listed()
    entity = context.of
    fields = [*(name for name in columns if name in entity.fields), *(n for n in entity.fields if n not in columns)]
    present = query.parse(text, entity, me=context.actor, lenient=True).sort
    first = present[0] if present else None
    choices = [
        Choice(name, entity.fields[name].label, _direction(first, name), first is not None and first.name == name)
        for name in fields
        if not (entity.fields[name].multiline or entity.fields[name].internal)
    ]
    chosen = await context.screen.choose(_("Sort by"), choices)
    if chosen:
        down = first is not None and first.name == chosen[0] and not first.descending
        context.screen.change_list(query=with_sort(text, chosen[0], descending=down))


def _direction(present: query.SortKey | None, name: str) -> str:
    return _("descending") if present is not None and present.name == name and present.descending else ""


@command("list.columns", N_("columns"), keys=("c",), scope="list", in_program=True, rank=63)
async def columns(context: Context) -> None:
    """Choose the list's columns and their order."""
    _text, present = context.screen.listed()
    labels = column_labels(context.of)
    ordered = [*present, *(name for name in labels if name not in present)]
    choices = [Choice(name, labels[name], chosen=name in present) for name in ordered if name in labels]
    chosen = await context.screen.choose(_("Columns"), choices, several=True)
    if chosen:
        context.screen.change_list(columns=chosen)


def column_labels(entity: Entity) -> dict[str, str]:
    """Return every column a list of the entity may have, with its heading."""
    extras = {name: column.label for name, column in extra_columns.of(entity).items()}
    shown = {name: kind for name, kind in entity.fields.items() if not kind.internal}
    return {**{name: kind.label for name, kind in shown.items()}, **extras, "id": _("Id")}


@command("list.views", N_("views"), keys=("v",), scope="list", in_program=True, rank=61)
async def open_view(context: Context) -> None:
    """Open a view: its query, order and columns. Those you saved come first, then those that are always there; the last
    entry saves what the list shows now."""
    from crm_tui.queries import shipped_views

    shown = await context.call(
        lists.listing,
        context.actor,
        entities["saved_view"],
        f'screen="{context.of.plural}"',
        ("name", "query", "columns"),
    )
    saved = await context.call(lambda: list(lists.values(context.actor, shown)))
    offered = {str(record): (cells[0], cells[1], cells[2].split(",")) for record, cells in saved}
    offered |= {view.query: (view.name, view.query, []) for view in shipped_views.of(context.of)}
    choices = [Choice(view, name, text) for view, (name, text, _names) in offered.items()]
    if not needs_change(context):
        choices.append(Choice(_SAVE, _("save this view…"), context.screen.key_of("list.save_view")))
    if not choices:
        context.say(_("No views saved yet."))
        return
    chosen = await context.screen.choose(_("Views"), choices)
    if chosen == [_SAVE]:
        await save_view(context)
    elif chosen:
        _name, text, names = offered[chosen[0]]
        context.screen.change_list(query=text, columns=[name for name in names if name])


@command("list.save_view", N_("save view"), keys=("V",), scope="list", in_program=True, why_not=needs_change, rank=64)
async def save_view(context: Context) -> None:
    """Save the query, order and columns of this list under a name; an existing name of yours is replaced."""
    from crm_tui.services import records

    text, names = context.screen.listed()
    name = await context.screen.ask(_("Save this view as"), help=text or _("every record"))
    if not name or not name.strip():
        return
    entity = entities["saved_view"]
    values = {"name": name, "screen": context.of.plural, "query": text, "columns": ",".join(names)}
    from crm_tui.query.names import exactly

    mine = f'name={exactly(name.strip())} screen="{context.of.plural}" owner:me'
    shown = await context.call(lists.listing, context.actor, entity, mine)
    known = await context.call(lists.ids, context.actor, shown, 1)
    if known:
        await context.call(records.save, context.workspace, context.actor, entity, known[0], values)
    else:
        await context.call(records.add, context.workspace, context.actor, entity, values)
    key = context.screen.key_of("list.views")
    context.say(_('View "{name}" saved; {key} opens it').format(name=name.strip(), key=key))
