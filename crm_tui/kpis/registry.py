"""The numbers that have a name. A KPI is one function that returns its question::

@kpi("on-time", N_("On time"), N_("Orders fulfilled by the day they were due, of those fulfilled that had one"))
def on_time() -> Question: ...
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from crm_tui import kpis
from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.kpis.question import Question
from crm_tui.text import quoted


@dataclass(frozen=True)
class Kpi:
    """A number with a name; ``ask`` makes its question from the words the workspace uses now."""

    name: str
    _title: str
    _definition: str
    ask: Callable[[], Question]
    less_is_better: bool = False

    @property
    def title(self) -> str:
        """What people call it."""
        return _(self._title)

    @property
    def definition(self) -> str:
        """What is counted, in a sentence."""
        return _(self._definition)


_kpis: dict[str, Kpi] = {}


def kpi(
    name: str, title: str, definition: str, *, less_is_better: bool = False
) -> Callable[[Callable[[], Question]], Callable[[], Question]]:
    """Register the function that asks for a number. Texts are untranslated (``N_``)."""

    def register(ask: Callable[[], Question]) -> Callable[[], Question]:
        _kpis[name] = Kpi(name, title, definition, ask, less_is_better)
        return ask

    return register


def every() -> dict[str, Kpi]:
    """Return all KPIs by name, in the order of their families."""
    if not _kpis:
        for module in pkgutil.iter_modules(kpis.__path__):
            if module.name.startswith("of_"):
                importlib.import_module(f"{kpis.__name__}.{module.name}")
    return _kpis


def named(name: str) -> Kpi:
    """Return the KPI of a name. Raises BadInput naming the nearest."""
    word = name.strip().lower().replace("_", "-")
    if word not in every():
        message = _("There is no number called {name}.").format(name=quoted(name))
        raise BadInput(message + nearest(word, every()), field="kpi")
    return every()[word]
