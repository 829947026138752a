"""Two records side by side, field by field, before they become one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import ModalScreen

from crm_tui.commands.context import FieldChoices
from crm_tui.i18n import _
from crm_tui.queries.details import Detail
from crm_tui.widgets.conflict import ConflictData, ConflictView, Wording
from crm_tui.widgets.form.collisions import BOTH, MINE, THEIRS


class MergeScreen(ModalScreen[dict[str, str] | None]):
    """Asks what stays of each field that differs; returns ``mine``, ``theirs`` or ``both`` by field name, or None."""

    DEFAULT_CSS = """
    MergeScreen { align: center middle; background: $background 60%; }
    MergeScreen ConflictView { width: 96%; max-width: 140; height: auto; max-height: 90%; background: $surface; }
    """

    def __init__(self, choices: FieldChoices) -> None:
        super().__init__()
        self.choices = choices

    def compose(self) -> ComposeResult:
        """The fields that differ."""
        yield ConflictView(_data(self.choices))

    def on_mount(self) -> None:
        """Give it the keys."""
        self.query_one(ConflictView).focus()

    def on_conflict_view_resolved(self, event: ConflictView.Resolved) -> None:
        """Every field is chosen."""
        self.dismiss(dict(event.view.choices))

    def on_conflict_view_dismissed(self, _event: ConflictView.Dismissed) -> None:
        """They stay two."""
        self.dismiss(None)


def _data(choices: FieldChoices) -> ConflictData:
    kept, other = choices.kept, choices.other
    entity = kept.entity
    titles: dict[str, dict[int, str]] = {}
    for side in (kept, other):
        for name, title in side.titles.items():
            titles.setdefault(name, {})[side.values[name]] = title
    said = _("Merge {label} {other} into {kept}").format(label=_(entity.label), other=_named(other), kept=_named(kept))
    if choices.ways:
        ask = _("j k moves, ← → or m t b chooses; ctrl+s merges, esc leaves, u undoes.")
    else:
        ask = _("They hold the same in every field; ctrl+s merges, esc leaves, u undoes.")
    return ConflictData(
        entity,
        {name: kept.values[name] for name in choices.ways},
        {name: other.values[name] for name in choices.ways},
        kept.version,
        "",
        titles=titles,
        ways=choices.ways,
        wording=Wording(said, ask, {MINE: _named(kept), THEIRS: _named(other), BOTH: _("both")}, remembers=False),
    )


def _named(side: Detail) -> str:
    return f"{side.title} #{side.id}"
