"""Saved reports and reports over time entries: parameters, query, rows, totals, sheets.

Imports accounts, domain, words, kit and generated messages; the stores fill the ports of `time_store`.
"""
