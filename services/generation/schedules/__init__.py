"""Scheduled reports: when they are due, the runs that make them, and the deliveries of each run.

May import `reporting`, `timetracking`, `sharing` and what these may import; the store fills the ports of its stores.
"""
