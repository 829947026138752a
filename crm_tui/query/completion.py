"""What may be typed next in a query: fields, then comparisons that fit, then the field's values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crm_tui import formats, moments
from crm_tui.errors import BadInput
from crm_tui.fields import DATED, Reference
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.query import names
from crm_tui.query.comparisons import ARCHIVED, MINE, UNORDERED
from crm_tui.query.tokens import Token, read_item, tokens
from crm_tui.query.tree import Referrer, Target
from crm_tui.text import fold, record_id

MOST = 200
"""Completions offered at once: all fields of clients, and of the custom ones more than anybody has."""

Known = Callable[[Entity, str, str], Sequence[str]]
"""Gives the values a text, tags or title field has in the workspace, those beginning with a text first."""

_KEYWORDS = {
    "has": N_("has a value"),
    "no": N_("has no value"),
    "sort": N_("order of the list"),
}
_OPERATORS = {
    ":": N_("is"),
    "=": N_("is exactly"),
    "!=": N_("is not"),
    "<": N_("less than"),
    "<=": N_("at most"),
    ">": N_("more than"),
    ">=": N_("at least"),
}
_TIMES = (
    "today", "yesterday", "tomorrow", "now", "this-week", "last-week", "next-week", "this-month", "last-month",
    "next-month", "this-quarter", "last-quarter", "next-quarter", "this-year", "last-year", "next-year", "-7d", "-30d",
    "+7d", "+30d", "start-of-month", "end-of-month", "start-of-quarter", "end-of-quarter", "start-of-year",
    "end-of-year", *moments.WEEKDAYS,
)  # fmt: skip
_PLAIN = re.compile(r"[^\s\"'\\(),.-]+(?:[.-][^\s\"'\\(),.]+)*")
"""Values that need no quotes."""


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` to put in the place of the characters from ``start`` to ``end``; ``label`` and ``help`` are shown."""

    start: int
    end: int
    text: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class _Offer:
    text: str
    help: str = ""
    key: str = ""
    """Folded words it is found by, besides its text."""
    quote: bool = False


def complete(text: str, cursor: int, entity: Entity, *, values: Known) -> list[Completion]:
    """Return what may stand where the cursor is, most fitting first. Raises nothing of its own, whatever is typed."""
    offers = _offers(text, cursor, entity, values)
    return [offer for offer in offers if text[offer.start : offer.end] != offer.text]


def _offers(text: str, cursor: int, entity: Entity, known: Known) -> list[Completion]:
    token = _at(tokens(text), cursor)
    if token is None or token.sort in ("(", ")", "-"):
        return _chosen(_fields(entity), cursor, cursor, "")
    if token.sort == "phrase":
        return []
    if token.sort == "word":
        typed = text[token.start : cursor]
        exact = _operators(entity, typed) if cursor == token.end else []
        return [
            *_chosen(exact, token.start, token.end, ""),
            *_chosen(_names(entity, typed), token.start, token.end, typed),
        ][:MOST]
    if cursor <= token.operator_start:
        typed = text[token.start : cursor]
        bare = [_Offer(offer.text.rstrip(":"), offer.help, offer.key) for offer in _names(entity, typed)]
        return _chosen(bare, token.start, token.operator_start, typed)
    if cursor < token.operator_end:
        return _chosen(_operators(entity, token.text), token.start, token.operator_end, "")
    return _values(text, cursor, token, entity, known)


def _at(found: list[Token], cursor: int) -> Token | None:
    """The token that the cursor stands in or right behind."""
    touching = [token for token in found if token.start <= cursor <= token.end]
    behind = [token for token in touching if token.start < cursor]
    words = [token for token in behind or touching if token.sort in ("term", "word", "phrase")]
    return words[0] if words else None


def _chosen(offers: Iterable[_Offer], start: int, end: int, typed: str) -> list[Completion]:
    """The offers that fit what was typed, those that begin with it first."""
    wanted = fold(typed)
    begins, holds = [], []
    for offer in offers:
        shown = fold(names.written(offer.text))
        keys = [shown.lstrip("-"), *fold(offer.key).split("\n")]
        if any(key.startswith(names.written(wanted).lstrip("-")) or key.startswith(wanted) for key in keys):
            begins.append(offer)
        elif wanted and any(wanted in key for key in keys):
            holds.append(offer)
    return [
        Completion(start, end, _quoted(offer.text) if offer.quote else offer.text, offer.text, offer.help)
        for offer in [*begins, *holds][:MOST]
    ]


def _quoted(text: str) -> str:
    """A value as it must be typed to be read to the letter."""
    if _PLAIN.fullmatch(text) and text.lower() != "me" and record_id(text) is None:
        return text
    return names.exactly(text)


def _names(entity: Entity, typed: str) -> list[_Offer]:
    """The names that may begin a term, or go on behind the dot of one."""
    first, dot, _rest = typed.partition(".")
    if not dot:
        return _fields(entity)
    found = names.find(entity, first)
    if isinstance(found, Referrer):
        inner, count = found.other, [_Offer(f"{first}.{names.COUNT}", _("how many there are"))]
    elif found is not None and found.name in entity.references:
        inner, count = entity.references[found.name], []
    else:
        return []
    return count + [_Offer(f"{first}.{offer.text}", offer.help, offer.key) for offer in _own(inner)]


def _fields(entity: Entity) -> list[_Offer]:
    others = {referrer.other.name: referrer.other for referrer in names.referrers(entity).values()}
    related = [_Offer(f"{names.written(name)}:", _heading(other)) for name, other in others.items()]
    return [*_own(entity), *related, *(_Offer(f"{word}:", _(help)) for word, help in _KEYWORDS.items())]


def _heading(entity: Entity) -> str:
    plural = _(entity.label_plural)
    return plural[:1].upper() + plural[1:]


def _own(entity: Entity) -> list[_Offer]:
    """An entity's fields; those that are mostly asked for equality come with their colon."""
    found = []
    for name, kind in entity.fields.items():
        if kind.internal:
            continue
        colon = ":" if kind.family in (*UNORDERED, "text", "choice") or name == ARCHIVED else ""
        keys = "\n".join((kind.label, *map(names.written, kind.aliases)))
        shown = "archived" if name == ARCHIVED else names.written(name)
        found.append(_Offer(shown + colon, kind.label, keys))
    return [*found, _Offer("id", _("Number of the record"))]


def _operators(entity: Entity, name: str) -> list[_Offer]:
    """The comparisons that fit the field of a name, and the dot that leads on from it."""
    try:
        path = names.resolve(entity, name, (0, 0))
    except BadInput:
        return []
    last = path[-1]
    if isinstance(last, Referrer):
        if len(path) == 2:
            return [_Offer(name + sign, _(help)) for sign, help in _OPERATORS.items() if sign != ":"]
        return [_Offer(name + ":", _("is")), _Offer(name + ".", _("whose ...")), _Offer(f"{name}.{names.COUNT}")]
    found = []
    for sign, help in _OPERATORS.items():
        if last.family in UNORDERED and sign not in (":", "=", "!="):
            continue
        if last.family == "text" and sign == ":":
            help = N_("contains")
        elif last.family in DATED:
            help = {"<": N_("before"), ">": N_("after"), "<=": N_("until"), ">=": N_("since")}.get(sign, help)
        found.append(_Offer(name + sign, _(help)))
    if len(path) == 1 and last.name in entity.references:
        found.append(_Offer(name + ".", _("whose ...")))
    return found


def _values(text: str, cursor: int, token: Token, entity: Entity, known: Known) -> list[Completion]:
    item = next((item for item in token.items if item.start <= cursor <= item.end), None)
    if item is None:
        return []
    typed = read_item(text[:cursor], item.start).text
    word = token.text.lower()
    if word in names.KEYWORDS:
        offers = _keyword_values(entity, word, typed)
    else:
        try:
            last = names.resolve(entity, token.text, (0, 0))[-1]
        except BadInput:
            return []
        offers = _field_values(last, typed, known, counted="." in token.text)
    return _chosen(offers, item.start, item.end, typed)


def _keyword_values(entity: Entity, word: str, typed: str) -> list[_Offer]:
    offers = _names(entity, typed) if "." in typed else _fields(entity)
    bare = [_Offer(offer.text.rstrip(":"), offer.help, offer.key) for offer in offers]
    found = [offer for offer in bare if offer.text not in _KEYWORDS and not offer.text.endswith(f".{names.COUNT}")]
    if word in ("sort", "changed"):
        found = [offer for offer in found if isinstance(names.find(entity, offer.text), Target)]
    if word == "sort" and typed.startswith("-"):
        return [_Offer(f"-{offer.text}", offer.help, offer.key) for offer in found]
    return found


def _field_values(last: Target | Referrer, typed: str, known: Known, *, counted: bool) -> list[_Offer]:
    if isinstance(last, Referrer):
        return [] if counted else _records(last.other, typed, known)
    if last.name == "id":
        return []
    kind, family = last.kind, last.family
    if last.name == ARCHIVED:
        return [*_yes_no(), *_times()]
    if isinstance(kind, Reference):
        return _records(last.entity.references[last.name], typed, known)
    if family == "choice":
        options = getattr(kind, "options", ())
        return [_Offer(option.value, _(option.label), _(option.label), quote=True) for option in options]
    if family == "flag":
        return _yes_no()
    if family in DATED:
        return _times()
    if family in ("text", "tags"):
        return [_Offer(found, quote=True) for found in known(last.entity, last.name, typed)]
    return []


def _records(entity: Entity, typed: str, known: Known) -> list[_Offer]:
    me = [_Offer("me", _("you"))] if entity is entities["operator"] else []
    if entity is entities["team"]:
        me = [_Offer(MINE, _("the teams you are in"))]
    return [*me, *(_Offer(found, quote=True) for found in known(entity, entity.title, typed))]


def _yes_no() -> list[_Offer]:
    return [_Offer("yes", _("yes"), _("yes")), _Offer("no", _("no"), _("no"))]


def _times() -> list[_Offer]:
    return [_Offer(word, _covered(word)) for word in _TIMES]


def _covered(word: str) -> str:
    """The days a time word covers now."""
    try:
        span = moments.read_span(word)
    except ValueError:
        return ""
    if span is None:
        return ""
    first = formats.long_day(span.first)
    return first if span.first == span.last else f"{first} – {formats.long_day(span.last)}"
