"""Executors of units of work: a process pool and a Dask cluster.

May import `reporting`.
"""
