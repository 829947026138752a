"""Keys: the default map has no conflicts, and the operator's own is checked as a whole."""

from __future__ import annotations

import pytest

from crm_tui.commands import keymap
from crm_tui.commands.registry import registry
from crm_tui.errors import BadInput


def test_the_default_keys_have_no_conflicts() -> None:
    assert keymap.conflicts(registry.all()) == []


def test_every_command_says_what_it_does() -> None:
    assert [command.id for command in registry.all() if not command.help or not command.title] == []


def test_a_remapped_key_replaces_the_default() -> None:
    keys = keymap.build({"client.archive": "X", "*.edit": ["e", "f4"]})
    assert keys.lookup("X", ("list",), "client") is keys.by_id("client.archive")
    assert keys.lookup("d", ("list",), "client") is None
    assert keys.lookup("f4", ("list",), "contact") is keys.by_id("contact.edit")


def test_conflicts_unknown_commands_and_impossible_keys_are_reported_together() -> None:
    with pytest.raises(BadInput) as refused:
        keymap.build({"client.archive": "e", "client.archiv": "x", "client.add": "contrl+x", "undo": "g"})
    said = str(refused.value)
    assert "e is both client.edit and client.archive" in said or "e is both client.archive and client.edit" in said
    assert 'no command "client.archiv"' in said and 'Did you mean "client.archive"' in said
    assert '"contrl+x" is not a key' in said
    assert "begins or continues" in said
