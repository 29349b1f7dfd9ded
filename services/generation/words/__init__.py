"""Texts in the reader's language and settings: translations, units, numbers, dates, times and durations.

May import nothing of the service.
"""
