"""What the tests of importing share: a file written, planned and imported in one line, and what is there afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_tui.db import Workspace
from crm_tui.importers import headers, importing, open_source
from crm_tui.importers.importing import ImportReport
from crm_tui.importers.mapping import specs, targets
from crm_tui.importers.plan import ImportPlan, plan
from crm_tui.models.base import entities, find_entity
from crm_tui.scope import Actor

CUSTOMERS = """\
customerID,companyName,contactName,contactTitle,address,city,region,postalCode,country,phone,fax
ALFKI,Alfreds Futterkiste,Maria Anders,Sales Rep,Obere Str. 57,Berlin,NULL,12209,Germany,030-0074321,030-0076545
BERGS,Berglunds snabbköp,Christina Berglund,Administrator,Berguvsvägen  8,Luleå,NULL,S-958 22,Sweden,0921-12 34 65,NULL
LAMAI,La maison d'Asie,Annette Roulet,Sales Manager,1 rue Alsace,Toulouse,NULL,31000,France,61.77.61.10,61.77.61.11
RATTC,Rattlesnake Canyon Grocery,Paula Wilson,Assistant,2817 Milton Dr.,Albuquerque,NM,87110,USA,(505) 555-5939,NULL
"""
"""Companies as a well-known sample has them: NULL for nothing, accents, a column that no field takes."""


@dataclass
class Desk:
    """Somebody who imports files into a workspace."""

    workspace: Workspace
    actor: Actor
    folder: Path

    def file(self, content: str | bytes, name: str = "customers.csv") -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def plan(self, file: Path | str, entity: str = "clients", maps: tuple[str, ...] = (), **wishes: Any) -> ImportPlan:
        """Plan the import of a file, or of text as if it were one."""
        source = open_source(self.file(file) if isinstance(file, str) else file)
        known = find_entity(entity)
        mapping = headers.parse_mapping(maps, source.columns, specs(targets(known)))
        return plan(self.actor, known, source, mapping, **wishes)

    def take(
        self,
        file: Path | str,
        entity: str = "clients",
        maps: tuple[str, ...] = (),
        *,
        progress: Any = None,
        dry_run: bool = False,
        all_or_nothing: bool = False,
        **wishes: Any,
    ) -> ImportReport:
        """Import a file, or text as if it were one."""
        planned = self.plan(file, entity, maps, **wishes)
        return importing.run(
            self.workspace, self.actor, planned, progress, dry_run=dry_run, all_or_nothing=all_or_nothing
        )

    def all(self, entity: str, *names: str) -> list[Any]:
        """Return fields of all live records, in the order they were made: plain values for one field, else tuples."""
        known = entities[entity]
        model: Any = known.model
        fields = [model.id if name == "id" else known.fields[name] for name in names]
        query = model.select(*fields).where(model.archived_at.is_null()).order_by(model.id)
        return [row if len(names) > 1 else row[0] for row in query.tuples()]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Return how many rows were created, updated, unchanged and rejected."""
    return report.created, report.updated, report.unchanged, report.rejected_count


def reasons(report: ImportReport) -> dict[int, str]:
    """Return why rows were rejected, by their lines."""
    return {row.line: row.reason for row in report.rejected}
