"""Watch over MongoDB: its indexes, its clock, and what health checks say while it is away."""

import asyncio
import logging

from pymongo.asynchronous.database import AsyncDatabase

from services.errors import StoreUnavailable
from services.generation.reporting.metrics import STORE_UP
from services.generation.store.identity_migration import migrate_identities
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, store_errors
from services.generation.store.server_clock import ServerClock
from services.runtime.serve import CannotServe, Health

log = logging.getLogger("daybook.generation")

LOOK_EVERY_S = 1.0


async def watch_store(
    database: AsyncDatabase[Document], clock: ServerClock, health: Health, prepared: asyncio.Event
) -> None:
    """Make the indexes and set `prepared`, then say SERVING while MongoDB answers and NOT_SERVING while it does not."""
    while True:
        try:
            if not prepared.is_set():
                await migrate_identities(database)
                await create_indexes(database)
                prepared.set()
            with store_errors(at_most_s=2 * LOOK_EVERY_S):
                await clock.synchronize(database)
            serving = True
        except StoreUnavailable:
            serving = False
        except CannotServe as error:
            log.critical("cannot serve", extra={"reason": str(error)})
            health.fail(error)
            return
        except Exception:
            log.exception("MongoDB cannot be used")  # such as an index that cannot be made: it is tried again
            serving = False
        STORE_UP.set(serving)
        await health.set_serving(serving)
        await asyncio.sleep(LOOK_EVERY_S)
