"""A file of any size passes through the same little memory: rows are read, decided and written in a stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

ROWS = 20_000

IMPORT = """
import json, resource, sys
from crm_tui import drivers
drivers.import_sparingly(postgres=False)
from crm_tui.importers import importing, open_source
from crm_tui.importers.plan import plan
from crm_tui.models.base import find_entity
from crm_tui.services.operators import sign_in
from crm_tui.workspaces import open_workspace

def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

workspace = open_workspace(sys.argv[1])
actor = sign_in(workspace, "ana")
planned = plan(actor, find_entity("clients"), open_source(sys.argv[2]), key="external_id")
seen = [megabytes()]
report = importing.run(workspace, actor, planned, lambda done, of: seen.append(megabytes()))
print(json.dumps({"created": report.created, "rejected": report.rejected_count, "seen": seen}))
"""


def test_twenty_thousand_rows_take_no_more_memory_than_two_batches(sqlite_location: str, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("external_id,name,city,email,contact name,score,notes\n")
        for number in range(ROWS):
            score = 700 if number % 5 == 0 else 70  # every fifth row is rejected, and is to be reported
            notes = f"what was said to client {number} " * 8
            out.write(f"X{number},Client {number},City {number % 50},c{number}@x.example,P {number},{score},{notes}\n")
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, sqlite_location, str(file)],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["created"], said["rejected"]) == (ROWS * 4 // 5, ROWS // 5)
    seen: list[float] = said["seen"]
    start, after_two, end = seen[0], seen[2], seen[-1]
    assert end - after_two < 20, f"from {after_two:.0f} to {end:.0f} MB: something is kept of every row"
    assert end - start < 60, f"from {start:.0f} to {end:.0f} MB"
