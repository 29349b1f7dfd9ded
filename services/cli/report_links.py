"""`daybook report link`: links to finished reports, for readers without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.account_times import local_text
from services.cli.client import DEADLINE_S, Access, Metadata, as_account, as_caller, find_access, run, service_at
from services.cli.downloads import FORMATS, format_number
from services.cli.keys import expire_time_of
from services.cli.options import CallerOption, DataDirOption, HashOption, check_id
from services.cli.output import plain, print_json
from services.cli.tables import Column, Kind, print_table

if TYPE_CHECKING:
    from daybook.generation.v1.generation_service_pb2 import CreateReportLinkRequest, CreateReportLinkResponse
    from daybook.generation.v1.report_link_pb2 import ReportLink

COLUMNS = (
    Column("ID", Kind.NUMBER),
    Column("Name"),
    Column("Formats", drop_order=2),
    Column("Map", Kind.WHOLE, drop_order=1),
    Column("Made", Kind.WHOLE, drop_order=3),
    Column("Uses", Kind.NUMBER),
    Column("Last used", Kind.WHOLE),
    Column("Expires", Kind.WHOLE),
)

links = typer.Typer()
ReportArgument = Annotated[int, typer.Argument(metavar="ID", callback=check_id, help="Id of the report.")]


def _check_formats(words: list[str] | None) -> list[str] | None:
    wrong = next((word for word in words or () if word not in FORMATS), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r} is not one of {', '.join(map(repr, FORMATS))}.")
    return words


@links.command("add")
def add_link(  # noqa: PLR0917  # a command line takes them by name
    report_id: ReportArgument,
    hash_: HashOption = "",
    name: Annotated[str, typer.Option(help="Name to know it by, at most 100 characters.")] = "",
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar=f"[{'|'.join(FORMATS)}]",
            callback=_check_formats,
            help="Format that readers may download; repeat for several, all when left out.",
        ),
    ] = None,
    expires: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="Last day on which it works, YYYY-MM-DD in UTC, or a moment, such as 2027-01-31T18:00+01:00; by "
            "default it works for 7 days. It ends with the report in any case.",
        ),
    ] = "",
    replace: Annotated[
        int | None, typer.Option(metavar="ID", callback=check_id, help="Link that gets a new token and these settings.")
    ] = None,
    *,
    with_map: Annotated[bool, typer.Option("--with-map", help="Let readers see the map.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """Make a link to a finished report and print {"id": N, "token": "32 hex", "path": "/share/32 hex", ...}.

    The token is shown only this once.

    For example:
    daybook report link add 3 --format pdf --expires 2027-01-31
    """
    expire_time = expire_time_of(expires) if expires else None
    access = find_access(data_dir)
    caller = as_account(hash_)
    from daybook.generation.v1.generation_service_pb2 import CreateReportLinkRequest

    request = CreateReportLinkRequest(
        report_id=report_id,
        name=name,
        formats=[format_number(word) for word in formats or ()],
        with_map=with_map,
        replaced_link_id=replace or 0,
    )
    if expire_time is not None:
        request.expire_time.FromDatetime(expire_time)
    made = run(_create(access, caller, request))
    ends = made.link.expire_time.ToJsonString()
    print_json({"id": made.link.id, "token": made.token, "path": f"/share/{made.token}", "expire_time": ends})


@links.command("list")
def list_links(
    report_id: ReportArgument,
    hash_: CallerOption = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the links of a report by id, those sent by mail included, without their tokens. Times are in UTC."""
    access = find_access(data_dir)
    found = run(_fetch_all(access, as_caller(access, hash_), report_id))
    if as_json:
        print_json([plain(link) for link in found])
        return
    print_table(COLUMNS, [_row_of(link) for link in found])


@links.command("remove")
def remove_link(
    id_: Annotated[
        int,
        typer.Argument(metavar="ID", callback=check_id, help="Id of the link, as daybook report link list shows it."),
    ],
    hash_: CallerOption = "",
    data_dir: DataDirOption = None,
) -> None:
    """Delete a link and print {"removed_id": N}. Its token opens nothing from then on."""
    access = find_access(data_dir)
    run(_delete(access, as_caller(access, hash_), id_))
    print_json({"removed_id": id_})


def _row_of(link: ReportLink) -> tuple[object, ...]:
    from datetime import UTC

    from daybook.rendering.v1.rendering_service_pb2 import Format

    words = " ".join(Format.Name(one).removeprefix("FORMAT_").lower() for one in link.formats)
    made, used, ends = (
        local_text(moment, UTC, "never") for moment in (link.create_time, link.last_use_time, link.expire_time)
    )
    return link.id, link.name, words or "all", "yes" if link.with_map else "no", made, link.use_count, used, ends


async def _create(access: Access, caller: Metadata, request: CreateReportLinkRequest) -> CreateReportLinkResponse:
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    async with service_at(access, "generation") as channel:
        return await GenerationServiceStub(channel).CreateReportLink(request, metadata=caller, timeout=DEADLINE_S)


async def _fetch_all(access: Access, caller: Metadata, report_id: int) -> list[ReportLink]:
    from daybook.generation.v1.generation_service_pb2 import ListReportLinksRequest
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    request = ListReportLinksRequest(report_id=report_id, page_size=1000)
    found: list[ReportLink] = []
    async with service_at(access, "generation") as channel:
        while True:
            page = await GenerationServiceStub(channel).ListReportLinks(request, metadata=caller, timeout=DEADLINE_S)
            found.extend(page.links)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token


async def _delete(access: Access, caller: Metadata, link_id: int) -> None:
    from daybook.generation.v1.generation_service_pb2 import DeleteReportLinkRequest
    from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub

    async with service_at(access, "generation") as channel:
        request = DeleteReportLinkRequest(link_id=link_id)
        await GenerationServiceStub(channel).DeleteReportLink(request, metadata=caller, timeout=DEADLINE_S)
