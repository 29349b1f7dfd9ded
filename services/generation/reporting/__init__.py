"""Life of a report: request, queue, job, units of work, parts, deletion.

May import `accounts`, `inputs`, `kinds`, `kit`, `domain` and `words`.
"""
