"""What is asked of a word before it is written, and replacing one by another wherever it stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crm_tui.db import Workspace
from crm_tui.derived import CADENCE
from crm_tui.errors import BadInput, CrmError, InvalidRecord, nearest
from crm_tui.fields import Option, spelled
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation, whole_words
from crm_tui.models import words
from crm_tui.models.base import entities
from crm_tui.models.words import Vocabulary, Word, find_vocabulary, find_word, split_words, vocabularies
from crm_tui.models.workspace import Setting
from crm_tui.scope import Actor, require_change
from crm_tui.services.records import Progress
from crm_tui.services.rules import rule
from crm_tui.text import clean_line, quoted

__all__ = [
    "Vocabulary",
    "begin",
    "find_vocabulary",
    "find_word",
    "keep_used",
    "move",
    "own",
    "replace",
    "used",
    "vocabularies",
]

MOST = 200
"""Words of one vocabulary."""

STAGES = "order.stage"
"""The vocabulary that the columns of the board are."""

_BATCH = 1000


@rule("word", "vocabulary", "value", "label", "meaning", "also", "position", "wip_limit", "requires")
def fits(writer: Writer, record: int | None, values: Values) -> None:
    """A word stands once in its vocabulary, says what it means where that makes a difference, and keeps its name as
    long as records have it."""
    known = vocabularies()[values["vocabulary"]]
    others = _others(known, record)
    _take_what_is_declared(known, values, others)
    if known.fixed:
        values["meaning"] = next((one.meaning for one in known.declared if one.value == values["value"]), "")
    values["label"] = values["label"] or values["value"]
    values["also"] = ", ".join(split_words(values["also"]))
    former: Any = None if record is None else Word.get_or_none(Word.id == record)
    problems = {
        "vocabulary": _check_number(known, former, others),
        "value": _check_value(known, former, values),
        "meaning": _check_meaning(known, values),
        "wip_limit": _of_stages(known) if values["wip_limit"] is not None else "",
        "requires": _take_required(known, values),
    } | _check_doubles(values, others)
    if problems := {name: reason for name, reason in problems.items() if reason}:
        raise InvalidRecord(problems)
    if values["position"] is None:
        values["position"] = min(10_000, _last_position(known) + 1)
    values["name"] = known.called(values["value"])
    if former is not None and former.vocabulary == known.name and former.value != values["value"]:
        _move_cadence(writer, known, former.value, values["value"])


def _live(known: Vocabulary) -> list[Any]:
    """The rows of a vocabulary, those that the operation under way has written, too."""
    return list(Word.select().where((Word.vocabulary == known.name) & Word.archived_at.is_null()))


def _others(known: Vocabulary, record: int | None) -> list[Option]:
    """The other words of a vocabulary; the program's own where they are still to become rows."""
    rows = _live(known)
    found = [Option(row.value, row.label, row.meaning, split_words(row.also)) for row in rows if row.id != record]
    if not known.own:
        there = {row.value for row in rows}
        found += [one for one in known.declared if one.value not in there]
    return found


def _take_what_is_declared(known: Vocabulary, values: Values, others: list[Option]) -> None:
    """Whoever adds a word that the program has already changes that one: it is about to become a row."""
    if known.own:
        return
    wanted = spelled(values["value"])
    own = next((one for one in known.declared if wanted in (spelled(one.value), spelled(_(one.label)))), None)
    if own is not None and own in others:
        others.remove(own)
        values["label"] = values["label"] or (_(own.label) if values["value"] == own.value else values["value"])
        values["value"], values["meaning"] = own.value, values["meaning"] or own.meaning
        if values["position"] is None:
            values["position"] = known.declared.index(own) + 1


def _last_position(known: Vocabulary) -> int:
    declared = 0 if known.own else len(known.declared)
    return max([declared, *(row.position or 0 for row in _live(known))])


def _check_number(known: Vocabulary, former: Any, others: list[Option]) -> str:
    if former is None and len(others) >= MOST:
        return _("{n} words are too many; {most} fit").format(n=len(others) + 1, most=MOST)
    return ""


def _check_value(known: Vocabulary, former: Any, values: Values) -> str:
    value = values["value"]
    if not any(letter.isalnum() for letter in value) or value[0] in "+-" or any(mark in value for mark in "|,"):
        return _("{word} cannot be one: it begins with + or -, holds a comma or |, or no letter").format(
            word=quoted(value)
        )
    if former is not None and (former.vocabulary, former.value) != (values["vocabulary"], value):
        before = vocabularies().get(former.vocabulary)
        if before and (records := words.used_by(before.name, former.value)):
            return words.in_use(before, former.value, records)
    if known.fixed and value not in {option.value for option in known.declared}:
        return _("it is one of {words}; only the label changes").format(
            words=", ".join(option.value for option in known.declared)
        )
    return ""


def _check_meaning(known: Vocabulary, values: Values) -> str:
    meaning = values["meaning"]
    if not known.meanings:
        return (
            _("leave it empty: what this {field} is makes no difference").format(field=known.label) if meaning else ""
        )
    if meaning in known.meanings:
        return ""
    return _("say what it is to the program: {meanings}").format(meanings=", ".join(known.meanings))


def _of_stages(known: Vocabulary) -> str:
    return "" if known.name == STAGES else _("leave it empty: only stages of orders have it")


def _take_required(known: Vocabulary, values: Values) -> str:
    """Take the fields that a stage requires by their names; return what is wrong with them."""
    wanted = split_words(values["requires"])
    if not wanted or (reason := _of_stages(known)):
        return reason if wanted else ""
    order = entities["order"]
    names = {spelled(word): name for name, kind in order.entered.items() for word in (name, kind.label, *kind.aliases)}
    for word in wanted:
        if spelled(word) not in names:
            return _('orders have no field "{field}".').format(field=clean_line(word)) + nearest(word, order.entered)
    values["requires"] = ", ".join(names[spelled(word)] for word in wanted)
    return ""


def _check_doubles(values: Values, others: list[Option]) -> dict[str, str]:
    """Return which of its spellings is that of another word already."""
    taken = {spelling: other for other in others for spelling in other.spellings}
    for name in ("value", "label", "also"):
        for word in split_words(values[name]) if name == "also" else (values[name],):
            if other := taken.get(spelled(word)):
                return {name: _("{word} is the word {other} already").format(
                    word=quoted(word), other=quoted(other.value)
                )}  # fmt: skip
    return {}


def begin(writer: Writer, known: Vocabulary) -> None:
    """Make the words of a vocabulary rows, to be changed, if they are still the program's own."""
    if not known.own:
        whole_words.declare(writer, known)


def used(known: Vocabulary, *, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the program's own words that records have, but for some, each with how many of which records."""
    found = [(one.value, words.used_by(known.name, one.value)) for one in known.declared if one.value not in without]
    return [(value, records) for value, records in found if records]


def keep_used(writer: Writer, known: Vocabulary, *, without: Collection[str]) -> None:
    """Make rows of the program's own words that records have, and of no others: ``without`` are those that were made
    otherwise."""
    kept = {value for value, _records in used(known, without=without)}
    whole_words.declare(writer, known, without={one.value for one in known.declared} - kept)


def move(workspace: Workspace, actor: Actor, record: int, step: int) -> None:
    """Let a word change places with the one ``step`` places on in its vocabulary. Raises NotFound, NotAllowed."""
    word = entities["word"]
    with operation(workspace, actor, "word.move") as op:
        moved = op.read(word, record)
        known = vocabularies()[moved["vocabulary"]]
        order = [row.id for row in sorted(_live(known), key=lambda row: (row.position or 0, row.id))]
        if record not in order:
            return
        here = order.index(record)
        there = max(0, min(len(order) - 1, here + step))
        order.insert(there, order.pop(here))
        op.update_many(word, {one: {"position": at} for at, one in enumerate(order, 1)})
        op.summary = _("move {field} {word}").format(field=known.label, word=moved["value"])


def own(workspace: Workspace, actor: Actor, name: str) -> None:
    """Make the words of a vocabulary rows that an admin can change. Raises BadInput, NotAllowed."""
    known = find_vocabulary(name)
    require_change(actor, entities["word"])
    summary = _("the words of {field}, to be changed").format(field=known.label)
    with operation(workspace, actor, "word.begin", summary=summary) as op:
        begin(op, known)


def replace(workspace: Workspace, actor: Actor, word: str, by: str, progress: Progress | None = None) -> int:
    """Replace a word by another of its vocabulary wherever it stands, in one operation, and put it away; return in how
    many records. The other one is understood where the former is typed, so that queries and files go on.

    Raises NotFound, BadInput, NotAllowed, and CrmError for a word that the program needs.
    """
    require_change(actor, entities["word"])
    known, former = find_word(word)
    _same, new = find_word(by if by.startswith(known.name + ".") else known.called(by))
    if new.value == former.value:
        raise BadInput(_("A word cannot be replaced by itself."), field="by")
    if known.fixed or not known.choices:
        raise CrmError(_("The words of {field} are not replaced by each other.").format(field=known.label))
    with operation(workspace, actor, "word.replace") as op:
        begin(op, known)
        changed = _replace_in_records(op, known, former.value, new.value, progress)
        _move_cadence(op, known, former.value, new.value)
        _put_away(op, known, former, new)
        op.summary = ngettext(
            "replace {field} {word} by {other} in {n} record",
            "replace {field} {word} by {other} in {n} records",
            changed,
        ).format(field=known.label, word=former.value, other=new.value, n=whole(changed))
    return changed


def _replace_in_records(op: Writer, known: Vocabulary, former: str, new: str, progress: Progress | None) -> int:
    found = words.holders(known.name, former)
    total, changed = sum(count for _entity, _kind, count in found), 0
    for owner, kind, _count in found:
        model: Any = owner.model
        ids = [row[0] for row in model.select(model.id).where(kind == former).order_by(model.id).tuples()]
        for start in range(0, len(ids), _BATCH):
            changed += op.update_many(owner, dict.fromkeys(ids[start : start + _BATCH], {kind.name: new}))
            if progress:
                progress(changed, total)
    return changed


def _move_cadence(op: Writer, known: Vocabulary, former: str, new: str) -> None:
    """The days between contacts of a stage go over to the one that takes its place, unless that has its own."""
    if known.name != "client.stage":
        return
    live = Setting.archived_at.is_null()
    cadence: Any = Setting.get_or_none((Setting.key == CADENCE + former) & live)
    there = Setting.select().where(Setting.key == CADENCE + new).exists()
    if cadence is not None and there:
        op.archive(entities["setting"], [cadence.id])
    elif cadence is not None:
        op.update(entities["setting"], cadence.id, {"key": CADENCE + new})


def _put_away(op: Writer, known: Vocabulary, former: Option, new: Option) -> None:
    """Archive the row of a word that was replaced, and let the other be understood in its place."""
    rows = {row.value: row.id for row in _live(known)}
    op.archive(entities["word"], [rows[former.value]])
    also = {spelled(word): word for word in (*new.also, former.value, former.label, *former.also)}
    told = [word for spelling, word in also.items() if spelling not in (spelled(new.value), spelled(new.label))]
    op.update(entities["word"], rows[new.value], {"also": ", ".join(told)})
