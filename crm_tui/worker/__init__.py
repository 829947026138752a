"""The background worker: what the workspace does while nobody looks.

Any open session does it by itself, and ``crm-tui worker`` as a service; however many there are, one works at a time.
That nothing is done twice does not rest on that, but on what is done being noted in the same transaction.
"""
