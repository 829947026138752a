"""Reading what was asked for: which records, which fields get which values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.errors import BadInput, NotFound
from crm_tui.i18n import _
from crm_tui.verbs.table import cells

if TYPE_CHECKING:
    from crm_tui.models.base import Entity
    from crm_tui.queries.lists import Listing
    from crm_tui.scope import Actor

_IDS = re.compile(r"#?\d{1,18}(?:\s*,\s*#?\d{1,18})*")
_PAIR = re.compile(r"([^\W\d][\w.-]*)=(.*)", re.S)


def read_ids(text: str) -> list[int] | None:
    """Return the ids of ``12``, ``#12`` or ``1,2,3``, each once, or None for anything else."""
    if not _IDS.fullmatch(text.strip()):
        return None
    return list(dict.fromkeys(int(part.strip().lstrip("#")) for part in text.split(",")))


def is_pair(word: str) -> bool:
    """Whether a word is ``name=value``."""
    return _PAIR.fullmatch(word) is not None


def split_pairs(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Cut words into those before the first ``name=value`` (ids or a query) and the pairs.

    The first word is never a pair, so that a query may be ``score=70``.
    """
    at = next((index for index, word in enumerate(words) if index and is_pair(word)), len(words))
    return list(words[:at]), list(words[at:])


def read_pairs(words: Sequence[str]) -> dict[str, str]:
    """Return ``name=value`` words by name. Raises BadInput for anything else, and for a name given twice."""
    pairs: dict[str, str] = {}
    for word in words:
        match = _PAIR.fullmatch(word)
        if match is None:
            raise BadInput(_('"{word}" is not field=value; write it like city=Porto.').format(word=word))
        name = match[1].replace("-", "_").lower()
        if name in pairs:
            raise BadInput(_("{name} is given twice.").format(name=match[1]), field=name)
        pairs[name] = match[2]
    return pairs


def find_record(actor: Actor, entity: Entity, text: str) -> int:
    """Return the id of the one record that ``text`` names: an id, ``#id``, or the text of a field that names records.

    Raises NotFound, naming the nearest, for none or several. An id may be of an archived record, and of none at all.
    """
    from crm_tui.services.references import find_reference

    try:
        return find_reference(actor, entity, text)
    except ValueError as error:
        ids = read_ids(text)
        if ids is not None and len(ids) == 1:
            return ids[0]
        message = str(error)
        raise NotFound(message[:1].upper() + message[1:]) from error


def find_records(actor: Actor, entity: Entity, words: Sequence[str]) -> tuple[list[int], bool]:
    """Return the ids that ids or a query mean, and whether it was a query. Raises BadInput when nothing was named."""
    from crm_tui.queries import lists

    text = " ".join(words).strip()
    if not text:
        raise BadInput(_("Name the {plural}: an id, ids like 1,2,3, or a query.").format(plural=_(entity.label_plural)))
    ids = read_ids(text)
    if ids is not None:
        return ids, False
    return lists.ids(actor, listing(actor, entity, text)), True


def listing(actor: Actor, entity: Entity, text: str, names: Sequence[str] = ()) -> Listing:
    """Return the listing of a query, ``names`` its columns. Raises BadInput that shows where the query is wrong."""
    from crm_tui.queries import lists

    try:
        return lists.listing(actor, entity, text, names)
    except BadInput as error:
        if error.position is None:
            raise
        start, end = error.position
        mark = " " * cells(text[:start]) + "^" * max(cells(text[start:end]), 1)
        raise BadInput(f"{error}\n  {text}\n  {mark}", field=error.field, position=error.position) from error


def columns(text: str | None) -> list[str]:
    """Return the names of ``--columns a,b``. Raises BadInput when it names none."""
    if text is None:
        return []
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise BadInput(_("--columns names no column; write it like --columns name,city."))
    return names
