"""Templates of workspaces: the words, fields, rules and views that a trade begins with, in files that anyone edits."""

from __future__ import annotations

from crm_tui.templates.applying import Applied, apply, look
from crm_tui.templates.reading import Item, Template, find, shipped

__all__ = ["Applied", "Item", "Template", "apply", "find", "look", "shipped"]
