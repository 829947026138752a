"""Automations at work: read from the journal, carried out once for each change, rehearsed on what is past."""
