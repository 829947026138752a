"""Dashboards: what the cards on them ask, the answers, how those are drawn, and reports of them."""
