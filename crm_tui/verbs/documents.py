"""Documents as files for scripts: one Markdown file in, one document out as Markdown, HTML, PDF or text."""

from __future__ import annotations

from pathlib import Path

from crm_tui.errors import BadInput
from crm_tui.i18n import _, ngettext
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request

PAPERS = (".md", ".html", ".htm", ".pdf", ".txt")
"""How files end that hold one document."""


def is_meant(entity: str, file: str | None) -> bool:
    """Whether a file of that name holds one document, and documents are what is exchanged."""
    from crm_tui.models.base import find_entity

    return bool(file) and Path(str(file)).suffix.lower() in PAPERS and find_entity(entity).name == "document"


def import_document(request: Request) -> None:
    """Make a document of a Markdown file; ``--map`` has no say, its front matter has."""
    from crm_tui.services import documenting

    path = Path(request.options.file).expanduser()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = _("{file} cannot be read: {reason}")
        raise BadInput(message.format(file=path, reason=error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise BadInput(_("{file} is no UTF-8 text.").format(file=path)) from error
    if request.options.dry_run:
        written = documenting.read_file(text)
        many = len(written.sections)
        said = ngettext("{n} section would be imported", "{n} sections would be imported", many)
        printing.note(said.format(n=many))
        return
    with request.opened(create=True) as (workspace, actor):
        record = documenting.from_file(workspace, actor, text, {}, name=path.stem)
    if request.json:
        printing.write_json({"entity": "document", "id": record})
    else:
        printing.note(_("document #{id} imported").format(id=record))


def export_document(request: Request) -> None:
    """Write the one document that a query finds to a file."""
    from crm_tui.exporters import papers
    from crm_tui.models.base import entities

    options = request.options
    target = Path(options.to).expanduser()
    with request.opened() as (_workspace, actor):
        ids, _several = asked.find_records(actor, entities["document"], options.query)
        if len(ids) != 1:
            raise BadInput(
                _("A file ending in {ending} holds one document: name it, like {example}.").format(
                    ending=target.suffix, example=f"crm-tui export documents 12 --to {target.name}"
                )
            )
        papers.write(actor, ids[0], target)
    if request.json:
        printing.write_json({"file": str(target), "entity": "document", "records": 1})
    else:
        printing.note(_("written to {path}").format(path=target))
