"""What a letter typed into a long document costs, beside Textual's bare TextArea with the same text."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import measure, report
from tests.bench.budgets.registry import budget
from tests.bench.programs import BENCH, HERE, CrmTui, Program, remove_workspace
from tests.bench.report import Line

WORDS = 10_000
A_LINE = 12
TYPED = "and what is written on "
LIMIT = 1.5


@budget
def writing(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A letter typed at the end of one section of 10,000 words, the text alone on the screen."""
    file = BENCH / "long.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = _text()
    file.write_text(text, encoding="utf-8")
    workspace = BENCH / "writing.db"
    remove_workspace(workspace)
    imported = BENCH / "long document.md"
    imported.write_text(f"---\ntitle: Long\n---\n\n## Text\n<!-- section: text -->\n\n{text}\n", encoding="utf-8")
    crm.run(workspace, "import", "documents", str(imported))
    bare = Program("bare TextArea", [sys.executable, str(HERE / "ref_textarea.py"), str(file)])
    with measure.open_painted(bare) as reference, crm.screen(workspace, "documents").open() as ours:
        ours.wait_for("Long", 30)
        ours.press("enter")
        ours.wait_for("write", 30)
        ours.press("Z", "enter")
        ours.wait_for("ctrl+s", 30)
        ours.settle(1.0)
        costs = measure.key_costs({"bare": reference, "crm-tui": ours}, list(TYPED), runs)
    found, yardstick = costs["crm-tui"], costs["bare"]
    yield report.against(f"letter in {WORDS:,} words, CPU", found.cpu, yardstick.cpu, LIMIT, "ms")
    yield report.against(f"letter in {WORDS:,} words, bytes", found.sent, yardstick.sent, LIMIT, "B", 0)


def _text() -> str:
    """So many words in lines of a usual length, some of them Markdown."""
    lines = []
    for line in range(WORDS // A_LINE):
        words = [f"word{(line * A_LINE + at) % 997}" for at in range(A_LINE)]
        if not line % 7:
            words[3] = f"**{words[3]}**"
        lines.append(" ".join(words) + ("\n" if not line % 9 else ""))
    return "\n".join(lines)
