"""Limit of the reports that an account keeps: past it the oldest that are over are dropped."""

import asyncio
import logging
from collections.abc import Collection
from typing import Protocol

from services.errors import StoreUnavailable

LOOK_EVERY_S = 2.0

log = logging.getLogger("daybook.reports")


class KeptReports(Protocol):
    """Reports that are over, by account."""

    async def accounts(self) -> Collection[int]:
        """Return the accounts of which reports ended since the last call; the first call returns all."""

    async def drop(self, account_id: int) -> int:
        """Delete the reports of an account that ended before those that it keeps, and return their number."""


async def drop_excess(kept: KeptReports, every_s: float = LOOK_EVERY_S) -> None:
    """Look again and again for accounts with more reports than they keep, with one log line for each."""
    while True:
        try:
            for account_id in await kept.accounts():
                if count := await kept.drop(account_id):
                    log.info("oldest reports dropped", extra={"account_id": account_id, "count": count})
        except StoreUnavailable:
            pass  # the accounts are looked at again
        except Exception:
            log.exception("dropping reports failed")  # the limit must outlive any answer of the store
        await asyncio.sleep(every_s)
