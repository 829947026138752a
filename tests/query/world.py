"""A small workspace full of awkward values, and the queries people may ask of it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from crm_tui import journal
from crm_tui.db import Workspace
from crm_tui.fields import Kind, Stored
from crm_tui.models.base import Entity, entities
from crm_tui.query import Snapshot
from crm_tui.scope import Actor
from crm_tui.services import records
from tests.conftest import NOW

TEXTS = (
    "",
    "ACME Studio",
    "acme",
    "Bólido Comidas",
    "Łódź Żabka",
    "Que Delícia",
    "Blondésddsl père",
    'B\'s "Beverages"',
    "東京デザイン",
    "100% [b]bold[/b]",
    "a|b, c.d..e",
    "Straße 7",
    "back\\slash",
    "MÜLLER & Söhne",
    "中",
    "x",
)
"""What text fields hold; queries ask for pieces of it."""

TAGS = ("vip", "long term", "Łódź", "press", "b's", "zażółć")
DAYS = tuple(NOW.date() + timedelta(days=days) for days in (-400, -31, -30, -8, -7, -1, 0, 1, 7, 8, 39, 40, 400))
MOMENTS = tuple(
    NOW + timedelta(hours=hours) for hours in (-9000, -744, -720, -169, -24, -15, -14, -2, 0, 1, 9, 10, 24, 900)
)
TIME_WORDS = (
    "today", "yesterday", "now", "-30d", "-2h", "+7d", "+1w", "this-month", "last-week", "next-quarter", "this-year",
    "end-of-year", "start-of-month", "2026", "2026-11", "2026-11-22", "-1m", "monday",
)  # fmt: skip
TIMES_OF_DAY = ('"2026-11-22 14:02"', "13:00", '"yesterday 14h"', "2026-11-22T14:02:00Z")


def value_of(kind: Kind, rnd: random.Random, ids: Mapping[str, Sequence[int]], references: Mapping[str, Entity]) -> Any:
    """A value that a field may hold, often none."""
    empty = rnd.random() < 0.25
    match kind.family:
        case "number":
            return None if empty else rnd.choice((0, 1, 5, 9, 10, 69, 70, 99, 100))
        case "duration":
            return None if empty else rnd.choice((0, 1, 45, 60, 90, 1200))
        case "day":
            return None if empty else rnd.choice(DAYS)
        case "moment":
            return None if empty else rnd.choice(MOMENTS)
        case "choice":
            return "" if empty else rnd.choice([option.value for option in getattr(kind, "options")])  # noqa: B009
        case "flag":
            return rnd.random() < 0.5
        case "tags":
            names = [option.value for option in getattr(kind, "options", ())] or TAGS
            return kind.check(rnd.sample(names, rnd.choice((0, 0, 1, 2))))
        case "money":
            return None if empty else rnd.choice((0, 1, 999, 1000, 123_456, -500))
        case "reference":
            known = ids.get(references[kind.name].name, ())
            return None if empty or not known else rnd.choice(known)
    longest: int = getattr(kind, "longest", 500)
    text = f"+{rnd.randrange(10, 60)} {rnd.randrange(1000)}-7" if type(kind).__name__ == "Phone" else rnd.choice(TEXTS)
    return "" if empty else text[:longest]


CUSTOM = (
    "client industry text", "client kickoff day", "client nda flag", "client budget money", "client share percent",
    "client floors number", "client portal link", "client partner reference", "client lead_source choice",
    "client channels choices", "contact introducer reference", "contact dialect text",
)  # fmt: skip
OPTIONS = "Łódź fair, web, b's, Zażółć"


def add_custom_fields(workspace: Workspace, actor: Actor) -> None:
    """Add a custom field of every kind."""
    for text in CUSTOM:
        entity, name, kind = text.split()
        typed = {"entity": entity, "name": name, "kind": kind}
        if kind == "reference":
            typed["target"] = "client" if name == "introducer" else "operator"
        elif kind in ("choice", "choices"):
            typed["options"] = OPTIONS
        elif kind == "money":
            typed["currency"] = "PLN"
        records.add(workspace, actor, entities["custom_field"], typed)


def fill(workspace: Workspace, actor: Actor, seed: int) -> None:
    """Write records of every entity with random values, some of them archived."""
    rnd = random.Random(seed)
    ids: dict[str, list[int]] = {"operator": [actor.operator_id]}
    with journal.operation(workspace, actor, "test.fill") as op:
        for name, count in (
            ("operator", 4),
            ("team", 3),
            ("membership", 7),
            ("client", 14),
            ("contact", 20),
            ("affiliation", 12),
            ("tag", 4),
            ("saved_view", 6),
        ):
            entity = entities[name]
            rows = []
            for number in range(count):
                row = {key: value_of(kind, rnd, ids, entity.references) for key, kind in entity.entered.items()}
                for key, kind in entity.entered.items():
                    if kind.unique:
                        row[key] = f"{row[key]} {number}".strip()
                row["archived_at"] = rnd.choice(MOMENTS[:6]) if rnd.random() < 0.2 else None
                row["created_at"] = rnd.choice(MOMENTS)
                rows.append(row)
            ids.setdefault(name, []).extend(op.create_many(entity, rows))


def snapshots(entity: Entity) -> dict[int, Snapshot]:
    """Every record's stored values as the journal and the automations see them."""
    names = ["id", *entity.fields]
    model: Any = entity.model
    columns = [model.id, *entity.fields.values()]
    found: dict[int, Snapshot] = {}
    for row in model.select(*columns).tuples():
        values: dict[str, Stored] = {"id": row[0]}
        for name, value in zip(names[1:], row[1:], strict=True):
            values[name] = entity.fields[name].to_stored(value)
        found[row[0]] = values
    return found


class Snapshots:
    """The related records of a workspace, read once."""

    def __init__(self) -> None:
        self.all = {name: snapshots(entity) for name, entity in entities.items()}

    def one(self, entity: Entity, id: int) -> Snapshot | None:
        return self.all[entity.name].get(id)

    def many(self, entity: Entity, field: str, id: int, *, archived: bool = False) -> Sequence[Snapshot]:
        found = [record for _id, record in sorted(self.all[entity.name].items()) if record[field] == id]
        return [record for record in found if archived or record["archived_at"] is None]


# Queries


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def pieces() -> st.SearchStrategy[str]:
    """Parts of the texts the workspace holds, in any case, with and without accents."""

    def piece(text: str, start: int, size: int, upper: bool) -> str:
        cut = text[start : start + size]
        cut = cut if cut.strip() else "a"
        return cut.upper() if upper else cut

    whole = st.sampled_from([text for text in TEXTS if text] + ["operator", "+30", "Söhne", "no such"])
    return st.builds(piece, whole, st.integers(0, 4), st.integers(1, 9), st.booleans())


def values(entity: Entity, name: str) -> st.SearchStrategy[str]:
    """Values to compare a field with, as they are typed."""
    if name == "id":
        return st.integers(0, 22).map(str)
    kind = entity.fields[name]
    match kind.family:
        case "number":
            return st.sampled_from(["0", "5", "9", "69.5", "70", "100", "1k", "-1", "99999999999999999999"])
        case "duration":
            return st.sampled_from(["0", "45m", "1h", "1h30", "1:30", "1.5h", "20h", "90"])
        case "day":
            return st.sampled_from(TIME_WORDS)
        case "moment":
            return st.sampled_from([*TIME_WORDS, *TIMES_OF_DAY])
        case "choice":
            return st.sampled_from([quoted(option.value) for option in getattr(kind, "options")])  # noqa: B009
        case "flag":
            return st.sampled_from(["yes", "no", "true", "0"])
        case "tags" if options := getattr(kind, "options", ()):
            return st.sampled_from([quoted(option.value) for option in options])
        case "tags":
            return st.sampled_from([*map(quoted, TAGS), "lodz", "VIP", "none"])
        case "money":
            return st.sampled_from(["0", "10", "9.99", "1234.56", "1k", "-5", "0.005"])
        case "reference":
            return st.one_of(st.sampled_from(["me", "mine", "1", "#2", "3", "99"]), pieces().map(quoted))
    if type(kind).__name__ == "Phone":
        return st.sampled_from(["30", "7", "+4", "50"])
    return pieces().map(quoted)


def comparisons(prefix: str, entity: Entity, name: str) -> st.SearchStrategy[str]:
    """Terms that compare one field, with every comparison that fits it."""
    value = values(entity, name)
    family = "number" if name == "id" else entity.fields[name].family
    one = st.builds(lambda op, text: f"{prefix}{name}{op}{text}", st.sampled_from([":", "=", "!="]), value)
    listed = st.lists(st.one_of(value, st.just('""')), min_size=1, max_size=3).map(
        lambda texts: f"{prefix}{name}:{','.join(texts)}"
    )
    has = st.sampled_from(["has", "no"]).map(lambda word: f"{word}:{prefix}{name}")
    ways = [one, one, listed, has]
    if family not in ("tags", "flag", "reference"):
        ways.append(
            st.builds(lambda op, text: f"{prefix}{name}{op}{text}", st.sampled_from(["<", "<=", ">", ">="]), value)
        )
        ways.append(st.builds(lambda low, high: f"{prefix}{name}:{low}..{high}", value, value))
        ways.append(st.builds(lambda low: f"{prefix}{name}:{low}..", value))
        ways.append(st.builds(lambda high: f"{prefix}{name}:..{high}", value))
    return st.one_of(ways)


def terms(entity: Entity) -> st.SearchStrategy[str]:
    """One term about a record of an entity, about what it refers to, or about what refers to it."""
    own = _fields(entity).flatmap(partial(comparisons, "", entity))
    words = st.one_of(st.sampled_from(["a", "acme", "LODZ", "京", "b", "deli", "&"]), pieces().map(quoted))
    ways = [own, own, own, words, st.sampled_from(["archived:yes", "archived:no", "has:archived"])]
    for name, other in entity.references.items():
        ways.append(_fields(other).flatmap(partial(comparisons, f"{name}.", other)))
    for other, _via in entity.referrers:
        ways.append(_fields(other).flatmap(partial(comparisons, f"{other.name}.", other)))
        signs = st.sampled_from(["=", "!=", "<", "<=", ">", ">=", ":"])
        ways.append(st.builds(f"{other.plural}.count{{}}{{}}".format, signs, st.integers(0, 3)))
        if other.title in other.fields:
            ways.append(pieces().map(quoted).map(f"{other.name}:{{}}".format))
        ways.append(st.sampled_from([f"has:{other.name}", f"no:{other.plural}"]))
    return st.one_of(ways)


def _fields(entity: Entity) -> st.SearchStrategy[str]:
    return st.sampled_from(["id", *entity.fields])


def queries(entity: Entity) -> st.SearchStrategy[str]:
    """Queries of terms with ``and``, ``or``, ``not`` and brackets."""
    return st.recursive(
        terms(entity),
        lambda inner: st.one_of(
            inner.map(lambda text: f"-({text})"),
            inner.map(lambda text: f"not ({text})"),
            st.builds(lambda a, b: f"({a}) ({b})", inner, inner),
            st.builds(lambda a, b: f"({a} or {b})", inner, inner),
            st.builds(lambda a, b: f"{a} and -({b})", inner, inner),
        ),
        max_leaves=5,
    )
