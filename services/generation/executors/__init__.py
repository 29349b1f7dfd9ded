"""Executors of units of work, a process pool and a Dask cluster, and the work itself.

May import `reporting`.
"""
