"""Tracks of trackers for maps and lists: lines, trips and mileage by day, read by units of work outside of reports.

May import `accounts`, `inputs`, `reporting`, `kit`, `domain` and `words`.
"""
