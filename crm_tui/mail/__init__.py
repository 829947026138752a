"""Sending mail: what waits in the outbox goes to a server, and what became of it is noted."""
