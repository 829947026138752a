"""Beginning with a template: the words, fields, rules and views of a trade, looked at and applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.commands.context import Choice, Context
from crm_tui.commands.registry import command
from crm_tui.errors import BadInput
from crm_tui.i18n import N_, _, ngettext
from crm_tui.models.base import entities
from crm_tui.scope import why_not_change

if TYPE_CHECKING:
    from crm_tui.templates import Applied, Template

_APPLY = "apply"


def _needs_change_of_words(context: Context) -> str:
    return why_not_change(context.actor, entities["word"])


@command("workspace.template", N_("template"), keys=("g W",), scope="list record rows dashboard", rank=110,
         takes=("template",), why_not=_needs_change_of_words)  # fmt: skip
async def choose_template(context: Context) -> None:
    """Begin with a template of your trade: stages, roles, fields, score rules, tags and views. What is there already
    stays as it is; one undo takes all of it back. In a script: template=agency, or a file of your own."""
    from crm_tui import templates

    named = context.arguments.get("template")
    if named is None and context.ui is None:
        raise BadInput(_("Say which: template=agency; crm-tui init --list names them."), field="template")
    template = await context.call(templates.find, named) if named else await _choose(context)
    if template is None:
        return
    if context.ui is not None and not await _preview(context, template):
        return
    applied = await context.call(templates.apply, context.workspace, context.actor, template)
    n = len(applied.added)
    words = ngettext("{title}: {n} thing added; u takes it back", "{title}: {n} things added; u takes them back", n)
    context.say(words.format(title=template.title, n=n) if n else _("All of it is there already."))


async def _choose(context: Context) -> Template | None:
    from crm_tui import templates

    known = {one.name: one for one in await context.call(templates.shipped)}
    choices = [Choice(one.name, one.title, one.description) for one in known.values()]
    chosen = await context.screen.choose(_("Begin with a template"), choices)
    return known[chosen[0]] if chosen else None


async def _preview(context: Context, template: Template) -> bool:
    """Show what the template adds and leaves alone; return whether it shall."""
    from crm_tui import templates

    found: Applied = await context.call(templates.look, context.actor, template)
    if not found.added:
        context.say(_("All of {title} is there already.").format(title=template.title))
        return False
    lines = [(f"{heading} ({len(titles)})", ", ".join(titles)) for heading, titles in found.groups()]
    lines += [(_("left alone: {reason}").format(reason=why), ", ".join(titles)) for why, titles in found.left_alone()]
    told = [Choice(str(at), label, why_not=text) for at, (label, text) in enumerate(lines)]
    apply = Choice(_APPLY, _("Add all of this"), _("one undo takes it back"))
    return bool(await context.screen.choose(_("{title} adds").format(title=template.title), [apply, *told]))
