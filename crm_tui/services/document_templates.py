"""What documents begin with: the templates that come with the program, and the workspace's own beside them."""

from __future__ import annotations

from typing import Any

from crm_tui.asset_files import asset
from crm_tui.documents import markdown, sections
from crm_tui.documents.markdown import Written
from crm_tui.errors import BadInput, InvalidRecord, NotFound, nearest
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.documents import DocumentTemplate
from crm_tui.services.rules import rule
from crm_tui.text import fold, quoted

_SUFFIX = ".md"


@rule("document_template", "name", "text")
def can_be_read(writer: Writer, record: int | None, values: Values) -> None:
    """A template has a name of its own, and a text that makes sections."""
    model: Any = DocumentTemplate
    same = (model.name_key == fold(values["name"])) & model.archived_at.is_null() & (model.id != (record or 0))
    if model.select().where(same).exists():
        raise InvalidRecord({"name": _("there is one of this name already")})
    try:
        read(values["text"])
    except BadInput as error:
        raise InvalidRecord({"text": str(error)}) from error


def read(text: str) -> Written:
    """Return what a template says. Raises BadInput with a plain reason."""
    try:
        found = markdown.read(text)
        for one in found.sections:
            sections.tidy(one)
    except ValueError as error:
        raise BadInput(str(error)) from error
    if not found.sections:
        raise BadInput(_("write a heading for each section, like ## Project scope"))
    return found


def shipped() -> dict[str, str]:
    """Return the templates that come with the program: the text of each by its name."""
    found = {}
    for path in sorted(asset("templates").glob(f"*{_SUFFIX}")):
        found[path.stem] = path.read_text(encoding="utf-8")
    return found


def offered() -> list[tuple[str, bool]]:
    """Return what templates are called, each with whether it is the workspace's own; of one name, its own counts."""
    model: Any = DocumentTemplate
    own = [row[0] for row in model.select(model.name).where(model.archived_at.is_null())
           .order_by(model.name_key, model.id).tuples()]  # fmt: skip
    taken = {fold(name) for name in own}
    return [*((name, True) for name in own), *((name, False) for name in shipped() if fold(name) not in taken)]


def find(name: str) -> tuple[str, Written]:
    """Return what a template is called and what it says. Raises NotFound, and BadInput for one that is broken."""
    model: Any = DocumentTemplate
    row = model.select(model.name, model.text).where(
        (model.name_key == fold(name)) & model.archived_at.is_null()).tuples().first()  # fmt: skip
    if row is None:
        known = shipped()
        called = next((one for one in known if fold(one) == fold(name)), None)
        if called is None:
            names = [one for one, _own in offered()]
            raise NotFound(_("There is no document template {name}.").format(name=quoted(name)) + nearest(name, names))
        row = called, known[called]
    try:
        return row[0], read(row[1])
    except BadInput as error:
        message = _("The template {name} cannot be used: {reason}.")
        raise BadInput(message.format(name=quoted(row[0]), reason=error)) from error
