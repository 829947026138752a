"""What a text leads to: marks behind its lines, and clients and orders named in it as ``#acme``."""

from __future__ import annotations

import contextlib
import re

from crm_tui.errors import CrmError
from crm_tui.models.base import entities
from crm_tui.scope import Actor

_NAMED = re.compile(r'(?<![\w&#])#("[^"\n]+"|\w[\w-]*)')


def places(actor: Actor, text: str) -> list[tuple[str, int, str]]:
    """Return what a text leads to, each once: entity, id, and how it is called. What is not there is left out."""
    from crm_tui.documents.marks import DOCUMENT, ITEM, TASK, marks
    from crm_tui.queries import details
    from crm_tui.services import task_text  # which knows what #acme means, for tasks too

    found: dict[tuple[str, int], str] = {}
    for mark in marks(text):
        name = {TASK: "task", ITEM: "checklist_item", DOCUMENT: "document"}[mark.letter]
        with contextlib.suppress(CrmError):
            title = details.brief(actor, entities[name], mark.id).title
            found.setdefault((name, mark.id), f"{mark.letter}-{mark.id}  {title}")
    for match in _NAMED.finditer(text):
        with contextlib.suppress(CrmError):
            meant = task_text.meant(actor, match[1].strip('"'))
            found.setdefault(meant, match[0])
    return [(name, record, label) for (name, record), label in found.items()]
