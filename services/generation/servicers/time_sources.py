"""Sources of reports over time entries as calls name them, with the callers that run them."""

from dataclasses import dataclass

from daybook.savedreport.v1.time_report_pb2 import Source as SourceMessage

from services.errors import InvalidParameters, NotFound
from services.generation.accounts.authentication import Authenticator, Principal, account_of
from services.generation.servicers.saved_report_messages import source_of
from services.generation.sharing.link_access import LinkAccess
from services.generation.sharing.report_link import ReportLink
from services.generation.timetracking.time_report import Source
from services.runtime.fair_threads import in_thread
from services.runtime.tenants import tenant_of


@dataclass(frozen=True, slots=True)
class TimeReportCall:
    """A report that a call asks for, its caller if there is one, whom it counts for, and the link that opens it."""

    source: Source
    caller: Principal | None
    tenant: str
    link: ReportLink | None = None


@dataclass(frozen=True, slots=True)
class TimeSources:
    """Reader of sources and their callers."""

    authenticator: Authenticator
    links: LinkAccess

    async def read(self, message: SourceMessage, authorization: str | None, address: str) -> TimeReportCall:
        """Return what a call asks for. Raises what `Authenticator.principal`, `source_of` and `LinkAccess.shown` raise.

        A link opens `Source.linked` and nothing else.
        """
        if message.WhichOneof("kind") == "linked":
            return await self._linked(message, authorization, address)
        caller = await self.authenticator.principal(authorization, address)
        source = await in_thread(source_of, message)
        return TimeReportCall(source, caller, tenant_of(account_of(caller), address))

    async def _linked(self, message: SourceMessage, authorization: str | None, address: str) -> TimeReportCall:
        opened = await self.links.shown(authorization, address)
        if opened is None:
            raise InvalidParameters.one("source.linked", "must come with the metadata `authorization: Link <token>`")
        if opened.link.window is None:
            raise NotFound
        if message.HasField("params"):
            raise InvalidParameters.one("source.params", "must be absent for the report of a link")
        return TimeReportCall(opened.link.window, None, tenant_of(opened.account_id, address), opened.link)
