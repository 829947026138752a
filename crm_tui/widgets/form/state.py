"""A form without its screen: its fields, which of them is being filled in, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from crm_tui.fields import Choice
from crm_tui.widgets.form.fields import FormData, FormField


class FormState:
    """The fields of one record; of none before a record is loaded."""

    def __init__(self, data: FormData | None = None, current: str = "") -> None:
        """``current`` names the field to begin with; the first otherwise."""
        self.entity = data.entity.name if data else ""
        self.version = data.version if data else None
        """The version of the record that is being changed."""
        entered = data.entered if data else {}
        self.fields = [FormField(name, kind, data) for name, kind in entered.items() if kind.in_form] if data else []
        self.faceted = data.faceted if data else ""
        self._facets = data.facets if data else {}
        self._whole = not (data and data.only)
        self._declared = list(self.fields)
        self.at = 0
        self.arrange()
        self.at = self.index_of(current) or 0
        """The place of the field being filled in."""
        self.notice = ""
        """What is wrong, but with no field of the form."""
        self.spelt = ""
        """The letters typed in a row to choose a word."""

    def arrange(self) -> bool:
        """Put the fields in the order that fits the kind of record chosen, and call them by the names they have then;
        what is filled in stays. Return whether anything looks different."""
        chosen = next((entry.text for entry in self._declared if entry.name == self.faceted), "")
        facet, current = self._facets.get(chosen), self.current
        first = tuple(facet.first) if facet and self._whole else ()
        place = {name: at for at, name in enumerate(first)}
        before = [(entry.name, entry.called) for entry in self.fields]
        for entry in self._declared:
            entry.called = facet.label(entry.kind) if facet else ""
            entry.group = 0 if entry.name in place else 1
        self.fields = sorted(self._declared, key=lambda entry: place.get(entry.name, len(place)))
        self.at = self.index_of(current) or 0
        return before != [(entry.name, entry.called) for entry in self.fields]

    @property
    def entry(self) -> FormField | None:
        """The field being filled in; None in a form without fields."""
        return self.fields[self.at] if self.fields else None

    @property
    def current(self) -> str:
        """The name of the field being filled in; "" in a form without fields."""
        return self.fields[self.at].name if self.fields else ""

    def index_of(self, name: str) -> int | None:
        """Return the place of a field."""
        return next((at for at, entry in enumerate(self.fields) if entry.name == name), None)

    def typed(self) -> dict[str, str]:
        """Return the text to save, by field name."""
        return {entry.name: text for entry in self.fields if (text := entry.outgoing()) is not None}

    @property
    def touched(self) -> bool:
        """Whether there is something to lose."""
        return any(entry.touched for entry in self.fields)

    def apply(self, typed: Mapping[str, str]) -> tuple[str, ...]:
        """Fill in text by field name; return the names that are no fields."""
        for entry in self.fields:
            if entry.name in typed:
                entry.text = _as_chosen(entry, typed[entry.name])
                entry.problem = ""
        self.arrange()
        return tuple(name for name in typed if self.index_of(name) is None)

    def check(self) -> None:
        """See what is wrong with each field, before it is saved."""
        self.notice = ""
        for entry in self.fields:
            entry.problem = entry.check(saving=True)

    def place(self, problems: Mapping[str, str]) -> None:
        """Put problems to the fields they are about; the others become the notice."""
        for entry in self.fields:
            entry.problem = problems.get(entry.name, "")
        self.notice = "; ".join(text for name, text in problems.items() if self.index_of(name) is None)

    def go_to_problem(self) -> bool:
        """Make the first field with a problem the current one; return whether there is one."""
        faulty = next((at for at, entry in enumerate(self.fields) if entry.problem), None)
        self.at = self.at if faulty is None else faulty
        return faulty is not None


def _as_chosen(entry: FormField, text: str) -> str:
    """Return text as the field keeps it: of a choice or flag, the value that was meant."""
    if not entry.is_choice or not text.strip():
        return "no" if entry.kind.family == "flag" else entry.tidy(text)
    try:
        return entry.kind.edit(entry.kind.parse(text))
    except ValueError:
        return entry.tidy(text) if isinstance(entry.kind, Choice) else entry.text
