"""Vocabularies stay whole: one that gets words of its own keeps the program's, and no word goes that is needed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crm_tui.errors import CrmError
from crm_tui.journal.writer import Writer
from crm_tui.models import words
from crm_tui.models.base import entities
from crm_tui.models.words import Vocabularies, Vocabulary, Word


def complete(writer: Writer, before: Vocabularies) -> None:
    """Make rows of the program's words in vocabularies that had none before and have some now, but for those that the
    operation said are all there are (``Writer.whole_vocabularies``)."""
    model: Any = Word
    live = model.select(Word.vocabulary, Word.value).where(Word.archived_at.is_null())
    there: dict[str, set[str]] = {}
    for name, value in live.tuples():
        there.setdefault(name, set()).add(value)
    known = words.vocabularies()
    for name in there.keys() & known.keys() - before.keys() - writer.whole_vocabularies:
        declare(writer, known[name], without=there[name])


def declare(writer: Writer, known: Vocabulary, *, without: Collection[str] = ()) -> None:
    """Make rows of the program's words of a vocabulary, at their places in it, but for some."""
    rows = [
        {
            "vocabulary": known.name, "value": option.value, "label": option.label, "meaning": option.meaning,
            "also": ", ".join(option.also), "position": at, "name": known.called(option.value),
        }
        for at, option in enumerate(known.declared, 1)
        if option.value not in without
    ]  # fmt: skip
    writer.create_many(entities["word"], rows)
    writer.whole_vocabularies.add(known.name)


def require_whole(before: Vocabularies) -> None:
    """Take up the words as they are now. Raises CrmError, saying what to do, when one is missing that records have or
    that the program needs."""
    words.load()
    if reason := words.lacking(before):
        raise CrmError(reason)
