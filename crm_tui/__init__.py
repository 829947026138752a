"""crm-tui: a full-screen terminal CRM for small agencies."""

__version__ = "0.1.0"
