"""The verb ``init``: a workspace that begins with the words, fields, rules and views of a trade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.verbs import printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.templates import Applied, Template


def begin(request: Request) -> None:
    """Make a workspace if there is none, add what it lacks of a template, and give it a name; or list the templates.

    Raises BadInput for a template that cannot be read, with nothing written.
    """
    import crm_tui.models  # noqa: F401  # every entity has a name
    from crm_tui import templates

    options = request.options
    if options.list:
        _list(request, templates.shipped())
        return
    template = templates.find(options.template) if options.template else None
    name = _name(options.name)
    with request.opened(create=True) as (workspace, actor):
        applied = templates.Applied()
        if template is not None or name:
            applied = templates.apply(workspace, actor, template, name)
        _say(request, str(workspace), template, applied)


def _name(text: str | None) -> str:
    from crm_tui.text import clean_line

    name = clean_line(text or "")
    if text is not None and not name:
        raise BadInput(_("--name needs a name that can be read."), field="name")
    return name


def _list(request: Request, known: list[Template]) -> None:
    from crm_tui.verbs.table import Column

    if request.json:
        printing.write_json_list(
            {
                "name": one.name,
                "title": one.title,
                "description": one.description,
                "adds": [{"what": item.entity, "title": item.title} for item in one.items],
            }
            for one in known
        )
        return
    columns = [Column(_("Template")), Column(_("For")), Column(_("What it is"))]
    printing.write_table(columns, ((one.name, one.title, one.description) for one in known))
    printing.note(_("Begin with one: crm-tui init --template NAME. A file of your own does too: --template mine.toml"))


def _say(request: Request, location: str, template: Template | None, applied: Applied) -> None:
    if request.json:
        left: list[dict[str, Any]] = [
            {"what": one.entity, "title": one.title, "reason": one.reason} for one in applied.left
        ]
        printing.write_json(
            {
                "workspace": location,
                "template": template.name if template else None,
                "added": [{"what": item.entity, "title": item.title} for item in applied.added],
                "left": left,
            }
        )
        return
    printing.note(_("The workspace {path} is ready.").format(path=location))
    if template is None:
        printing.note(_("crm-tui init --list names the templates to begin with."))
    for heading, titles in applied.groups():
        printing.note(_("Added {heading}: {titles}").format(heading=heading, titles=", ".join(titles)))
    if template is not None and not applied.added:
        printing.note(_("All of the template {title} was there already.").format(title=template.title))
        return
    for reason, titles in applied.left_alone():
        printing.note(_("Left alone, {reason}: {titles}").format(reason=reason, titles=", ".join(titles)))
