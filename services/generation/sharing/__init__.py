"""Links to reports: their life, and what their tokens open.

Imports accounts, domain, reporting and timetracking; the store fills the port of `link_store`.
"""
