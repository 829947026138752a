"""The budgets of speed and memory, measured: ``python -m tests.bench`` or ``make bench``.

Absolute times move with the machine, so wherever it can be, a budget is a ratio to a bare Textual program that is
measured in the same run, in turns with crm-tui.
"""
