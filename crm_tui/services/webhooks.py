"""Telling a program of somebody else about a record: what is posted, and to which addresses it may be."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from crm_tui import clock
from crm_tui.formats import iso_moment
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer
from crm_tui.models.base import Entity, entities, stored
from crm_tui.services import messages, records
from crm_tui.text import quoted

LONGEST = 2_000


def check_url(text: str) -> str:
    """Return the address of a webhook. Raises ValueError with a plain reason."""
    refused = ValueError(
        _("{text} is no address to call; write it like https://example.com/hook").format(text=quoted(text, 60))
    )
    if len(text) > LONGEST or re.search(r"[^\x21-\x7e]", text):
        raise refused
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # a port that is none, brackets that do not close
        raise refused from error
    if not usable or parts.username is not None or parts.fragment:
        raise refused
    return text


def queue(op: Writer, url: str, entity: Entity, record: int, values: Values, owner: int | None) -> int:
    """Queue a call that tells about a record, inside the operation that causes it; return its message's id.
    ``owner`` is told when it fails."""
    told = {
        "at": iso_moment(clock.now()), "because": op.cause, "entity": entity.plural, "id": record,
        "values": {name: value for name, value in stored(entity.model, values).items() if name in entity.fields},
    }  # fmt: skip
    body = json.dumps(told, ensure_ascii=False, indent=1)
    subject = _("{title} ({plural})").format(title=values[entity.title], plural=_(entity.label_plural))
    message = {"url": check_url(url), "subject": subject, "body": body, "owner": owner}
    return records.write_new(op, entities["message"], messages.whom_of(entity, record, values) | message)
