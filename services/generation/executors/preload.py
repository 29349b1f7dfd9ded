"""Modules and data that worker processes share: the forkserver imports them, and its workers inherit the pages."""

import gc

from services.generation.executors import worker, worker_stores
from services.generation.geocoding.offline_geocoder import load_towns

__all__ = ["worker", "worker_stores"]

load_towns()
gc.collect()
gc.freeze()  # a collection that touched the objects would copy their pages
