"""Building blocks of reports: kind, figures, groups, sections.

May import `inputs`, `domain`, `words` and generated messages.
"""
