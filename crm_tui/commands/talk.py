"""What operators say to each other: comments on any record, and the notifications of those they mention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui.commands.context import Context, Ui, about_record, needs_change, needs_record, needs_record_to_change
from crm_tui.commands.registry import command
from crm_tui.errors import CrmError, InvalidRecord
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import Entity, entities
from crm_tui.scope import why_not_note


def _is(name: str) -> Callable[[Entity], bool]:
    return lambda entity: entity.name == name


def _discussed(entity: Entity) -> bool:
    return entity.discussed


@command(
    "{entity}.comment", N_("comment"), keys=("C",), scope="list record", of=_discussed,
    why_not=needs_record_to_change, rank=25, takes=("text",),
)  # fmt: skip
async def comment(context: Context) -> None:
    """Write a comment on the record or all selected, for your colleagues only; @login tells one of them. An empty line
    opens your editor, for a longer text."""
    await _comment(context, context.of, await context.records())


@command(
    "comment.add", N_("comment"), keys=("a",), scope="record", of=_is("comment"), why_not=needs_change, rank=10,
    takes=("about", "record", "text"),
)  # fmt: skip
async def add(context: Context) -> None:
    """Write a comment on the record; @login tells a colleague. An empty line opens your editor, for a longer text."""
    entity, record = about_record(context)
    await _comment(context, entity, [record])


async def _comment(context: Context, entity: Entity, ids: list[int]) -> None:
    """Write what was given; else ask until it can be written, so that nothing that was typed is lost."""
    from crm_tui.services import comments  # start-up is budgeted

    async def write(text: str) -> None:
        made = await context.call(comments.add, context.workspace, context.actor, entity, ids, text)
        context.say(ngettext("Comment saved", "{n} comments saved", len(made)).format(n=len(made)))

    text = context.arguments.get("text")
    if text is not None:
        await write(text)
        return
    text, problem = "", ""
    while True:
        typed = await _typed(context.screen, text, problem)
        if typed is None or not typed.strip():
            return
        try:
            await write(typed)
        except CrmError as error:
            text, problem = typed, _reason(error)
        else:
            return


async def _typed(screen: Ui, text: str, problem: str) -> str | None:
    """Return what the operator wrote, beginning with what could not be written yet and the problem with it."""
    if "\n" in text:
        question = _("{problem} Edit the comment again?").format(problem=problem)
        return (await screen.edit_outside(text, ".md") or text) if await screen.confirm(question) else None
    typed = await screen.ask(_("Comment"), text, help=problem or _("@login tells an operator; empty opens your editor"))
    if typed is None or typed.strip():
        return typed
    return await screen.edit_outside("", ".md")


def _reason(error: CrmError) -> str:
    return "; ".join(error.problems.values()) if isinstance(error, InvalidRecord) else str(error)


def _may_note(context: Context) -> str:
    return why_not_note(context.actor)


def _may_note_record(context: Context) -> str:
    return _may_note(context) or needs_record(context)


@command(
    "notification.open", N_("open"), keys=("enter", "l", "right"), scope="list", of=_is("notification"),
    in_program=True, why_not=needs_record, rank=1,
)  # fmt: skip
async def open_notification(context: Context) -> None:
    """Open the record that the notification is about; it counts as read then."""
    record = context.ids[0]
    found = await context.detail(record)
    if found.values["read_at"] is None and not _may_note(context):
        await _mark(context, [record])
    await context.screen.open_record(entities[found.values["about"]], found.values["record"])


@command(
    "notification.read", N_("mark read"), keys=("x",), scope="list today", of=_is("notification"),
    why_not=_may_note_record, rank=10,
)  # fmt: skip
async def mark_read(context: Context) -> None:
    """Mark the notification, or all selected, as read: it is no longer counted as new."""
    _say_read(context, await _mark(context, await context.records()))


@command(
    "notification.read_all", N_("mark all read"), keys=("X",), scope="list", of=_is("notification"), why_not=_may_note,
    rank=11,
)  # fmt: skip
async def mark_all_read(context: Context) -> None:
    """Mark all your notifications as read."""
    _say_read(context, await _mark(context, None))


async def _mark(context: Context, ids: list[int] | None) -> Any:
    from crm_tui.services import notifications

    return await context.call(notifications.mark_read, context.workspace, context.actor, ids)


def _say_read(context: Context, n: int) -> None:
    context.say(ngettext("{n} marked as read", "{n} marked as read", n).format(n=n) if n else _("Nothing is new."))
