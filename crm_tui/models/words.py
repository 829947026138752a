"""Words that a workspace may have of its own: stages, roles, channels, sources. ``load`` gives them to the fields.

A vocabulary without rows has the words that its field declares; an agency's first change of it makes them rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.db import ask
from crm_tui.errors import BadInput, NotFound, nearest
from crm_tui.fields import Choice, Kind, Number, Option, Text, spelled, vocabulary
from crm_tui.formats import whole
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, Record, entities, entity
from crm_tui.text import quoted

Vocabularies = Mapping[str, tuple[Option, ...]]
"""The options of vocabularies that have rows, by their names."""

MEANINGS = (
    Option("new", N_("new")),
    Option("qualified", N_("qualified")),
    Option("won", N_("won")),
    Option("quiet", N_("quiet")),
    Option("gone", N_("gone")),
    Option("spoken", N_("spoken")),
    Option("written", N_("written")),
    Option("note", N_("note")),
    Option("client", N_("client")),
    Option("customer", N_("customer")),
    Option("open", N_("open")),
    Option("done", N_("done")),
    Option("dropped", N_("dropped")),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A set of words and the fields that are filled in with them."""

    name: str
    """As in ``client.stage``: the entity and the field it was made for."""
    fields: tuple[tuple[Entity, Kind], ...]

    @property
    def label(self) -> str:
        """What people call it, in the session's language: ``client stage``."""
        owner, _dot, field = self.name.partition(".")
        return f"{_(entities[owner].label)} {entities[owner].fields[field].label.lower()}"

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The fields that take no other word."""
        return tuple(kind for _entity, kind in self.fields if isinstance(kind, Choice))

    @property
    def declared(self) -> tuple[Option, ...]:
        """The program's own words."""
        return next((kind.declared for kind in self.choices), ())

    @property
    def options(self) -> tuple[Option, ...]:
        """The words there are now, in their order."""
        return vocabulary.get(self.name, self.declared)

    @property
    def own(self) -> bool:
        """Whether the workspace has words of its own."""
        return self.name in vocabulary

    @property
    def meanings(self) -> tuple[str, ...]:
        """What its words may mean to the program; none when it makes no difference."""
        return next((kind.meanings for kind in self.choices), ())

    @property
    def needs(self) -> tuple[str, ...]:
        """The meanings that it must have a word of."""
        return tuple(dict.fromkeys(meaning for kind in self.choices for meaning in kind.needs))

    @property
    def fixed(self) -> bool:
        """Whether words are neither added nor taken away."""
        return any(kind.fixed for kind in self.choices)

    def called(self, value: str) -> str:
        """Return how a word is named: ``client.stage.lead``."""
        return f"{self.name}.{value}"


def vocabularies() -> dict[str, Vocabulary]:
    """Return every vocabulary by its name: those that fields are declared with."""
    found: dict[str, list[tuple[Entity, Kind]]] = {}
    for one in entities.values():
        for kind in one.fields.values():
            if name := getattr(kind, "words", ""):
                found.setdefault(name, []).append((one, kind))
    return {name: Vocabulary(name, tuple(fields)) for name, fields in sorted(found.items())}


def find_vocabulary(name: str) -> Vocabulary:
    """Return a vocabulary by its name. Raises BadInput naming the nearest."""
    known = vocabularies()
    kind = entities["word"].fields["vocabulary"]
    try:
        return known[kind.check(name)]
    except ValueError as error:
        raise BadInput(str(error), field="vocabulary") from error


def find_word(text: str) -> tuple[Vocabulary, Option]:
    """Return the word that ``client.stage.lead`` names. Raises NotFound naming the nearest."""
    for known in vocabularies().values():
        if text.startswith(known.name + "."):
            wanted = spelled(text.removeprefix(known.name + "."))
            for option in known.options:
                if wanted in option.spellings:
                    return known, option
    every = [one.called(option.value) for one in vocabularies().values() for option in one.options]
    raise NotFound(_("There is no word {word}.").format(word=quoted(text)) + nearest(text, every))


class VocabularyName(Choice):
    """The name of a vocabulary."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, options=(), **options)

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(Option(name, one.label) for name, one in vocabularies().items())


@entity(
    "word",
    "words",
    label=N_("word"),
    label_plural=N_("words"),
    title="value",
    order="position",
    columns=("value", "label", "meaning", "also", "vocabulary", "position"),
    search=("name", "label", "also"),
    unique=("name", "value"),
    aliases=("option", "options"),
    admin=True,
)
class Word(Record):
    """A word that a workspace has of its own."""

    vocabulary: Any = VocabularyName(N_("Of"), required=True, width=20, help=N_("Which field is filled in with it"))
    value: Any = Text(
        N_("Word"), required=True, longest=60, width=20, help=N_("What records keep; in queries, files and commands")
    )
    label: Any = Text(N_("Label"), longest=60, width=20, help=N_("On the screen; the word itself unless given"))
    meaning: Any = Choice(
        N_("Meaning"), options=MEANINGS, width=10,
        help=N_("What it is to the program, whatever it is called: a stage that is won, a channel that is written"),
    )  # fmt: skip
    also: Any = Text(
        N_("Also"), longest=1_000, width=26,
        help=N_("Other words for it, with commas between them, that forms, queries and imports understand"),
    )  # fmt: skip
    position: Any = Number(N_("Position"), least=0, most=10_000, width=8, help=N_("Lower numbers come first"))
    wip_limit: Any = Number(
        N_("Limit"), least=1, most=100_000, width=6, aliases=("limit",),
        help=N_("Of a stage of orders: how many may be in it at once before the board warns"),
    )  # fmt: skip
    requires: Any = Text(
        N_("Requires"), longest=500, width=20,
        help=N_("Of a stage of orders: the fields that must be filled in to enter it, with commas between them"),
    )  # fmt: skip
    name: Any = Text(N_("Name"), longest=130, width=28, in_form=False)
    """The vocabulary and the word, which names one of them only."""


_READ = ("vocabulary", "value", "label", "meaning", "also", "wip_limit", "requires")

_loaded: list[tuple[Any, ...]] = []
"""The words that the fields have now, as they were read."""


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that has commas between them."""
    return tuple(word for part in text.split(",") if (word := " ".join(part.split())))


def load(*, anew: bool = False) -> bool:
    """Read the words of the open workspace and give them to the fields; return whether any changed. ``anew`` forgets
    those of another workspace."""
    model: Any = Word

    def query() -> Any:
        read = model.select(*(model._meta.fields[name] for name in _READ)).where(model.archived_at.is_null())
        return read.order_by(model.position, model.id)

    found = ask("words", query)
    if found == _loaded and not anew:
        return False
    read: dict[str, list[Option]] = {}
    for name, value, label, meaning, also, limit, requires in found:
        option = Option(value, label or value, meaning, split_words(also), limit, split_words(requires))
        read.setdefault(name, []).append(option)
    vocabulary.update({name: tuple(options) for name, options in read.items()})
    for name in vocabulary.keys() - read.keys():  # whoever asks on another thread finds the declared words then
        del vocabulary[name]
    _loaded[:] = found
    return True


def holders(name: str, value: str) -> list[tuple[Entity, Kind, int]]:
    """Return which records have a word, archived ones too: each entity and field with how many do."""
    found: list[tuple[Entity, Kind, int]] = []
    known = vocabularies().get(name)
    for owner, kind in known.fields if known else ():
        if isinstance(kind, Choice) and not kind.readonly:
            model: Any = owner.model
            count = int(model.select().where(kind == value).count())
            if count:
                found.append((owner, kind, count))
    return found


def used_by(name: str, value: str) -> str:
    """Return how many records have a word, in words; "" when none does."""
    return _(" and ").join(
        f"{whole(count)} {_(owner.label if count == 1 else owner.label_plural)}"
        for owner, _kind, count in holders(name, value)
    )


def lacking(before: Vocabularies) -> str:
    """Return why the words may not be what they are now, having been those of ``before``: one is gone that records
    have, or that the program needs. "" when they may."""
    for name, known in vocabularies().items():
        former, present = before.get(name, known.declared), known.options
        if former != present and (reason := _lacking(known, former, present)):
            return reason
    return ""


def _lacking(known: Vocabulary, former: Sequence[Option], present: Sequence[Option]) -> str:
    values = {option.value for option in present}
    if known.fixed and values != {option.value for option in known.declared}:
        words = _("{field} has the words {words} and no others: their labels may change, but not what there is.")
        return words.format(field=known.label.capitalize(), words=", ".join(one.value for one in known.declared))
    for option in former:
        if option.value not in values and (records := used_by(known.name, option.value)):
            return in_use(known, option.value, records)
    for meaning in known.needs:
        if not any(option.meaning == meaning for option in present):
            words = _("{field} needs a word that means {meaning}; add another one before you take the last away.")
            return words.format(field=known.label.capitalize(), meaning=meaning)
    return ""


def in_use(known: Vocabulary, value: str, records: str) -> str:
    """Return why a word stays that records have, and what to do."""
    words = _(
        'The {field} "{word}" is that of {records}: give them another one first, or replace it everywhere (R on the '
        "list of words, or crm-tui do word.replace word={name} by=...)."
    )
    return words.format(field=known.label, word=value, records=records, name=known.called(value))
