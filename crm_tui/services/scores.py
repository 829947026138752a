"""Catching up on lead scores: in slices small enough that nobody waits, or all of them at once."""

from __future__ import annotations

import time

from crm_tui import journal, scoring
from crm_tui.db import Workspace
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.journal import Changed
from crm_tui.scope import Actor, require_change
from crm_tui.services.records import Progress

SLICE_TAKES = 0.006
"""Seconds that a slice is meant to take."""

FEWEST, MOST = 100, 2_000
"""Clients of one slice."""

_AT_A_TIME = 20_000


class Slices:
    """Does slices of what is behind; learns how many clients fit into one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._size, self._pass = workspace, 200, scoring.Pass()

    def step(self) -> bool:
        """Do a slice, if scores are behind, and tell what it changed; return whether there may be more to do."""
        if not scoring.behind():
            self._pass = scoring.Pass()
            return False
        began = time.perf_counter()
        changed = scoring.step(self._workspace, self._size, self._pass)
        if changed is None:
            return False
        took = max(time.perf_counter() - began, 1e-4)
        self._size = max(FEWEST, min(MOST, int(self._size * min(2.0, SLICE_TAKES / took))))
        _announce(changed)
        return True


def rescore_all(workspace: Workspace, actor: Actor, progress: Progress | None = None) -> int:
    """Score every client anew; return how many have another score now. What ``progress`` raises stops it: the rest is
    done in the background. Raises NotAllowed, and CrmError when there are no rules."""
    require_change(actor)
    if not scoring.active():
        raise CrmError(_("There are no score rules, so scores are as they were typed; add one under score rules."))
    scoring.start_over(workspace)
    clients, done, moved = scoring.how_many(), 0, 0
    size = 2_000 if progress else _AT_A_TIME  # somebody who watches is also somebody who types
    question = scoring.Pass()
    while (changed := scoring.step(workspace, size, question)) is not None:
        moved += len(changed)
        done = min(done + size, clients)
        _announce(changed)
        if progress:
            progress(done, clients)
    return moved


def _announce(changed: set[int]) -> None:
    if changed:
        records = frozenset(changed) if len(changed) <= journal.MANY else frozenset()
        journal.announce(Changed(journal.last_operation(), {"client": records}))
