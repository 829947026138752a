"""What every verb is given: its options, the configuration, and the workspace once it asks for it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.config import Config
from crm_tui.errors import CannotOpen, CrmError
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.db import Workspace
    from crm_tui.scope import Actor


@dataclass
class Request:
    """One run of the program."""

    options: argparse.Namespace
    """What was asked for, by the names of ``cli``'s arguments."""
    config: Config = field(default_factory=Config)
    config_problem: CrmError | None = None
    """What is wrong with the configuration, for the verbs that run in spite of it; ``config`` is then the defaults."""

    @property
    def json(self) -> bool:
        """Whether the output is for a program."""
        return bool(getattr(self.options, "json", False))

    @property
    def readonly(self) -> bool:
        """Whether ``--readonly`` was given."""
        return bool(getattr(self.options, "readonly", False))

    @property
    def named(self) -> str:
        """The workspace that the command line or the environment names, or ""."""
        return getattr(self.options, "workspace", "") or os.environ.get("CRM_TUI_WORKSPACE", "")

    @property
    def location(self) -> str:
        """The path or address of the workspace: as named, else as configured, else the default."""
        from crm_tui.workspaces import default_location

        return self.named or self.config.workspace or default_location()

    @property
    def login(self) -> str:
        """The operator named on the command line or in the configuration, or ""."""
        return getattr(self.options, "operator", "") or self.config.operator

    @contextmanager
    def opened(self, *, create: bool = False, location: str = "") -> Iterator[tuple[Workspace, Actor]]:
        """Open the workspace and sign in; both end with the block.

        A workspace that was named and does not exist is made only with ``create``: a mistyped path must not become a
        new workspace that is empty. Raises CannotOpen.
        """
        from crm_tui.services.operators import sign_in

        with self.opened_unsigned(create=create, location=location) as workspace:
            yield workspace, sign_in(workspace, self.login, readonly=self.readonly)

    @contextmanager
    def opened_unsigned(self, *, create: bool = False, location: str = "") -> Iterator[Workspace]:
        """Open the workspace without signing in, as the upkeep of a damaged or foreign one needs."""
        from crm_tui import db
        from crm_tui.drivers import is_postgres
        from crm_tui.workspaces import open_workspace

        wanted = location or self.location
        make = create or not (self.named or self.config.workspace)
        if not make and not is_postgres(wanted) and not Path(wanted).expanduser().exists():
            raise CannotOpen(
                _(
                    "There is no workspace at {path}; crm-tui add, import and demo make one, and so does opening it."
                ).format(path=wanted)
            )
        before = db.proxy.obj
        workspace = open_workspace(wanted, readonly=self.readonly, create=make)
        try:
            with workspace.explained():
                yield workspace
        finally:
            workspace.close()
            if before is not None:
                db.proxy.initialize(before)
