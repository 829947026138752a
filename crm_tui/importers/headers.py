"""Which column of a file goes to which field: guessed from the words of its heading, or as the person maps it.

The words are in ``assets/import/headers.toml``, which anyone may extend. Nothing is matched by likeness of letters:
``County`` and ``Country``, ``Contact`` and ``Contract`` are one letter apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from crm_tui.asset_files import asset
from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.text import clean_line, fold

SUB = "contact."
"""Before the fields of a client's contact that come in the client's own row."""

REFERENCE_KEYS = ("id", "name", "external_id", "email", "login", "number", "sku")
"""By what a reference may be mapped, as in ``client.external_id``."""

_OURS, _FIRST, _OWN_NAME, _WORD, _PARTS, _NEUTRAL, _LAST = 1.1, 1.05, 1.0, 0.95, 0.9, 0.8, 0.5
_LONGEST = 200
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")

FieldSpec = tuple[str, str, str]
"""A field that a column may go to: its name, its label, the family of its kind."""

_Phrase = tuple[str, ...]


class Guess(NamedTuple):
    """Where a column most likely goes: a field's name or None, how sure that is (0 to 1), and why."""

    target: str | None
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    target: str
    reason: str


@dataclass(slots=True)
class _Words:
    """The words of one kind of record: for each field, the joined words of a heading and how well they mean it."""

    fields: dict[str, dict[str, float]] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    neutral: frozenset[str] = frozenset()
    contact: frozenset[_Phrase] = frozenset()
    key: frozenset[str] = frozenset()
    part_of_name: frozenset[str] = frozenset()

    def phrase(self, text: str) -> _Phrase:
        """Return the folded words of a heading: ``companyName``, ``Company-name`` -> (company, name)."""
        words = tuple(_WORD_OR_DIGITS.findall(fold(_HUMP.sub(" ", text[:_LONGEST]))))
        return tuple(word for word in words if word not in self.fillers) or words

    def meant(self, phrase: _Phrase, names: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Yield the fields that a phrase means as it stands, with the score of each."""
        joined = "".join(phrase)
        for name in names:
            if score := self.fields.get(name, {}).get(joined):
                yield name, score

    def bare(self, phrase: _Phrase) -> list[_Phrase]:
        """Return what is left of a phrase without its neutral words: without one of them, and without all."""
        shorter = [
            phrase[:at] + phrase[at + 1 :] for at, word in enumerate(phrase) if word in self.neutral and len(phrase) > 1
        ]
        without = tuple(word for word in phrase if word not in self.neutral)
        return [*shorter, without] if without and len(without) < len(phrase) - 1 else shorter

    def of_contact(self, phrase: _Phrase) -> _Phrase | None:
        """Return what is left of ``contact phone`` without the words for a contact; None when it has none."""
        for length in range(len(phrase) - 1, 0, -1):
            if phrase[:length] in self.contact:
                return phrase[length:]
            if phrase[-length:] in self.contact:
                return phrase[:-length]
        return None


@cache
def _assets() -> dict[str, Any]:
    return tomllib.loads(asset("import", "headers.toml").read_text(encoding="utf-8"))


@cache
def _words(entity: str) -> _Words:
    """Return the words for a kind of record: its own section over those for every kind."""
    read = _assets()
    common = read["words"]
    words = _Words(fillers=frozenset(fold(word) for word in common["fillers"]))
    for name in ("neutral", "key"):
        setattr(words, name, frozenset(fold(word) for word in common[name]))
    words.neutral |= {fold(entity)}  # productName is the name of a product
    words.contact = frozenset(words.phrase(word) for word in common["contact"])
    words.part_of_name = frozenset("".join(words.phrase(word)) for word in common["part_of_name"])
    for section in ("any", entity):
        for name, languages in read.get(section, {}).items():
            known = words.fields.setdefault(name, {})
            for language, phrases in languages.items():
                score = {"first": _FIRST, "last": _LAST}.get(language, _WORD)
                for phrase in phrases:
                    joined = "".join(words.phrase(phrase))
                    known[joined] = max(score, known.get(joined, 0.0))
    return words


def guess(columns: Sequence[str], fields: Sequence[FieldSpec], entity: str = "") -> dict[str, Guess]:
    """Return a guess for each column. No two columns go to one field: the better match wins, then the earlier column.

    ``fields`` lists (name, label, family of the kind); for clients also ``contact.name`` and the like. ``entity`` is
    the kind of record whose words are used, by default ``client`` when there are such fields.
    """
    names = [name for name, _label, _kind in fields]
    entity = entity or ("client" if any(name.startswith(SUB) for name in names) else "")
    found = [
        (match, column)
        for column in columns
        for match in (*_own_matches(column, fields, entity), *_word_matches(column, fields, entity))
    ]
    found.sort(key=lambda pair: -pair[0].score)  # stable: of equals the earlier column and the earlier field
    guesses: dict[str, Guess] = {}
    taken: dict[str, str] = {}
    for match, column in found:
        if column not in guesses and match.target not in taken:
            taken[match.target] = column
            guesses[column] = Guess(match.target, min(1.0, match.score), match.reason)
    best = {column: match.target for match, column in reversed(found)}
    for column in columns:
        if column not in guesses:
            guesses[column] = Guess(None, 0.0, _why_not(column, best.get(column), taken, names))
    return {column: guesses[column] for column in columns}


def _own_matches(column: str, fields: Sequence[FieldSpec], entity: str) -> Iterator[_Match]:
    """Yield the fields that have the column's very name; that is how our own exports come back."""
    words = _words(entity)
    wanted = words.phrase(column)
    names = {name for name, _label, _kind in fields}
    part = column.removeprefix(SUB)
    if part != column and part in names and not any(name.startswith(SUB) for name in names):
        yield _Match(_OURS, part, _("the contact's own field"))
    for name, label, _kind in fields:
        if wanted and wanted in (words.phrase(name), words.phrase(label)):
            yield _Match(_OWN_NAME, name, _("the field's own name"))


def _word_matches(column: str, fields: Sequence[FieldSpec], entity: str) -> Iterator[_Match]:
    """Yield the fields that the column's words mean, with or without words that add nothing."""
    words = _words(entity)
    phrase = words.phrase(column)
    names = [name for name, _label, _kind in fields]
    named = any(True for _match in _own_matches(column, fields, entity))
    for name, score in words.meant(phrase, names):
        if score == _LAST or not named:
            yield _Match(score, name, _("a known word for it"))
    if named or "".join(phrase) in words.part_of_name:
        return
    rest = words.of_contact(phrase)
    if rest is not None:
        subs = [name.removeprefix(SUB) for name in names if name.startswith(SUB)]
        for name, _score in (*_words("contact").meant(rest, subs or names), *_same_name(rest, subs)):
            yield _Match(_PARTS, (SUB if subs else "") + name, _("a word for a contact and one for this field"))
    for shorter in words.bare(phrase):
        for name, score in (*words.meant(shorter, names), *_same_name(shorter, names)):
            yield _Match(_NEUTRAL * score, name, _("a known word for it, with others that add nothing"))
    if len(phrase) > 1 and phrase[-1] in words.key:
        references = [name for name, _label, kind in fields if kind.lower() == "reference"]
        meant = (*words.meant(phrase[:-1], references), *_same_name(phrase[:-1], references))
        for name, _score in meant:
            keyed = f"{name}.external_id"
            yield _Match(_PARTS, keyed if keyed in names else name, _("the key of another record"))


def _same_name(phrase: _Phrase, names: Iterable[str]) -> Iterator[tuple[str, float]]:
    joined = "".join(phrase)
    return ((name, _WORD) for name in names if joined and joined == name.replace("_", ""))


def _why_not(column: str, best: str | None, taken: dict[str, str], names: Sequence[str]) -> str:
    if best is not None:
        return _('"{other}" fits {field} better').format(other=taken[best], field=best)
    words = _words("")
    if "".join(words.phrase(column)) in words.part_of_name:
        return _("part of a person's name; put the whole name into one column")
    return _("no field is known by this name.") + nearest(clean_line(column), names)


def parse_mapping(pairs: Sequence[str], columns: Sequence[str], fields: Sequence[FieldSpec]) -> dict[str, str | None]:
    """Return which column goes to which field, of ``column=field`` pairs; an empty field (``column=``) is None: ignore.

    A column is named as in the file, capitals and accents aside; a field by its name or label; a reference also by
    the key that finds its record (``client.external_id``). Raises BadInput, naming the nearest, for what is unknown.
    """
    chosen: dict[str, str | None] = {}
    taken: dict[str, str] = {}
    for pair in pairs:
        left, equals, right = pair.rpartition("=")
        if not equals:
            raise BadInput(
                _('"{pair}" maps nothing; write column=field, or column= to leave it out').format(pair=clean_line(pair))
            )
        column = _column_named(left.strip(), columns)
        target = _field_named(right.strip(), fields) if right.strip() else None
        if column in chosen:
            raise BadInput(_('the column "{column}" is mapped twice').format(column=column))
        if target is not None and target in taken:
            raise BadInput(
                _('both "{one}" and "{other}" are mapped to {field}').format(
                    one=taken[target], other=column, field=target
                )
            )
        chosen[column] = target
        if target is not None:
            taken[target] = column
    return chosen


def _column_named(text: str, columns: Sequence[str]) -> str:
    if text in columns:
        return text
    alike = [column for column in columns if fold(column) == fold(text)]
    if len(alike) == 1:
        return alike[0]
    close = nearest(text, columns)
    raise BadInput(
        _('the file has no column "{column}".').format(column=clean_line(text))
        + (close or " " + _("It has {columns}.").format(columns=", ".join(columns[:20])))
    )


def _field_named(text: str, fields: Sequence[FieldSpec]) -> str:
    wanted = fold(text).replace("-", "_")
    for name, label, _kind in fields:
        if wanted in (name, fold(label)) or wanted.replace(" ", "_") == name:
            return name
    base, dot, key = wanted.rpartition(".")
    if dot and key in REFERENCE_KEYS and any(name == base and kind.lower() == "reference" for name, _l, kind in fields):
        return wanted
    raise BadInput(
        _('there is no field "{field}".').format(field=clean_line(text))
        + nearest(wanted, [name for name, _l, _k in fields])
    )
