"""Detection and arithmetic on tracks: pure functions over numpy columns.

May import nothing of the service but `services.errors`.
"""
