"""Links of deliveries, made by the service of links to reports."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.errors import NotFound
from services.generation.sharing.link_service import LinkService
from services.generation.timetracking.time_report import SavedWindow


@dataclass(frozen=True, slots=True)
class ReportDeliveryLinks:
    """Fills the port DeliveryLinks."""

    links: LinkService

    async def access(self, owner_id: int, target: int | SavedWindow, expire_time: datetime) -> tuple[int, str]:
        """See the port."""
        made = await self.links.issue(owner_id, target, expire_time)
        return made.link.id, made.token

    async def share(self, owner_id: int, target: int | SavedWindow, expire_time: datetime, token: str) -> None:
        """See the port."""
        await self.links.issue(owner_id, target, expire_time, "mailed", token)

    async def extend(self, link_id: int, expire_time: datetime) -> None:
        """See the port."""
        with suppress(NotFound):
            await self.links.extend(link_id, expire_time)

    async def end(self, link_id: int) -> None:
        """See the port."""
        await self.links.end(link_id)
