"""Documents as files: Markdown, HTML, PDF and plain text, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from crm_tui.documents import layout, markdown
from crm_tui.documents.html import Paper
from crm_tui.documents.html import page as html_page
from crm_tui.errors import BadInput
from crm_tui.exporters.target import ExportColumn, Format, Target
from crm_tui.i18n import _
from crm_tui.queries import documents
from crm_tui.scope import Actor
from crm_tui.text import quoted

WIDTH = 78
"""Characters of a line of plain text."""


def write(actor: Actor, record: int, path: Path, number: int = 0) -> Path:
    """Write a document as it is now, or a revision of it, to a file whose ending says as what; return the file. Raises
    BadInput, NotFound, StorageFailed."""
    return save(path, {ending: partial(made, actor, record, number) for ending, made in _MAKERS.items()})


def save(path: Path, makers: Mapping[str, Callable[[], bytes]]) -> Path:
    """Write to a file what the maker of its ending makes, whole or not at all; return the file. Raises BadInput,
    StorageFailed."""
    made = makers.get(path.suffix.lower())
    if made is None:
        known = ", ".join(makers)
        message = _("{file} does not say as what it is to be written: let it end with one of {known}")
        raise BadInput(message.format(file=quoted(path.name), known=known))
    content = made()
    with Target(path, Format("document", (path.suffix,), _Stream), ()) as target:
        target.write((content,))
    return path


class _Stream:
    """Writes what is whole already."""

    def __init__(self, stream: BinaryIO, _columns: Sequence[ExportColumn]) -> None:
        self._stream = stream

    def write(self, row: Sequence[object]) -> None:
        """Write it."""
        content = row[0]
        assert isinstance(content, bytes)  # the makers below
        self._stream.write(content)

    def finish(self) -> None:
        """Nothing comes after it."""

    def abandon(self) -> None:
        """Nothing was taken."""


def _markdown(actor: Actor, record: int, number: int) -> bytes:
    found = documents.paper(actor, record, number)
    facts = documents.facts(record) | {"title": found.title}
    return markdown.write(facts, found.sections).encode()


def _html(actor: Actor, record: int, number: int) -> bytes:
    return html_page(documents.paper(actor, record, number)).encode()


def _pdf(actor: Actor, record: int, number: int) -> bytes:
    from crm_tui.documents import pdf  # and the library behind it

    return pdf.page(documents.paper(actor, record, number))


def _plain(actor: Actor, record: int, number: int) -> bytes:
    return plain(documents.paper(actor, record, number)).encode()


def plain(paper: Paper) -> str:
    """Return a document as plain text."""
    facts = " · ".join(f"{name} {value}".strip() for name, value in paper.facts if value)
    lines = [paper.title, "=" * min(WIDTH, max(3, len(paper.title))), *([facts] if facts else []), ""]
    for one in paper.sections:
        first, *others = layout.section(one, WIDTH, with_marks=False)
        heading = layout.text_of(first)
        lines += [heading, ("-" if not one.level else "·") * min(WIDTH, len(heading)), *map(layout.text_of, others), ""]
    return "\n".join([*lines, *paper.signed, *([paper.footer] if paper.footer else [])]).rstrip() + "\n"


_MAKERS: dict[str, Callable[[Actor, int, int], bytes]] = {
    ".md": _markdown, ".html": _html, ".htm": _html, ".pdf": _pdf, ".txt": _plain,
}  # fmt: skip


def name_for(title: str, suffix: str) -> str:
    """Return what the file of a document may be called."""
    plain_title = re.sub(r"[^\w\s.-]+", " ", title).strip(" .")
    return f"{' '.join(plain_title.split())[:80] or 'document'}{suffix}"
