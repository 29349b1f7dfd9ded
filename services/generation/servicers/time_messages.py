"""Messages of rows of reports over time entries, in pieces that fit into a gRPC message."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from daybook.input.v1.workspace_pb2 import Client, Member, Project, ProjectTask, Tag
from daybook.savedreport.v1 import saved_report_service_pb2 as service
from daybook.savedreport.v1 import time_report_pb2 as pb
from google.protobuf.message import Message

from services.errors.workspaces import ReportTooBig
from services.generation.servicers.record_messages import message_of
from services.generation.timetracking.budget import Budget
from services.generation.timetracking.directory import Directory, color_number, default_color, project_color
from services.generation.timetracking.parameters import ReportType
from services.generation.timetracking.prices import Rate, one_sum
from services.generation.timetracking.summary_groups import SubGroup, SummaryGroup
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.weeks import ProjectRow, WeeklyRow

MAX_ROWS = 2_000
MAX_BYTES = 900_000  # of the rows of a message, which has at most 1 MiB
MAX_IDS = 150_000  # of the entries of one part of a group: more do not fit into a message

AMessage = TypeVar("AMessage", bound=Message)


@dataclass(frozen=True, slots=True)
class RowStyle:
    """Display of rows: names beside ids or not, amounts and hourly rates or not."""

    directory: Directory
    names: bool
    amounts: bool
    rates: bool


def row_messages(report: TimeReport, run: Iterable[Any]) -> Iterator[service.RunReportResponse]:
    """Yield a run of the report's rows. Raises ReportTooBig when a part of a summary lists too many entries."""
    query = report.query
    amounts = not query.hide_amounts
    style = RowStyle(report.directory, names=query.enriched, amounts=amounts, rates=amounts and not query.hide_rates)
    return WRITERS[query.report_type](run, style)


def packed(messages: Iterable[AMessage]) -> Iterator[list[AMessage]]:
    """Yield messages in lists that fit into one message each; a message that is too large for that comes alone."""
    some: list[AMessage] = []
    size = 0
    for message in messages:
        length = message.ByteSize() + 8  # with its own tag and length
        if some and (len(some) == MAX_ROWS or size + length > MAX_BYTES):
            yield some
            some, size = [], 0
        some.append(message)
        size += length
    if some:
        yield some


def rate_message(rate: Rate, *, shown: bool = True) -> pb.Rate:
    """Return a rate, with its cents or without."""
    cents = rate.rate_cents if shown else None
    return pb.Rate(billable_seconds=rate.billable_seconds, hourly_rate_in_cents=cents, currency=rate.currency)


def color_of(directory: Directory, project_id: int | None) -> str:
    """Return a project's colour as #rrggbb, its own or by its id; empty without a project."""
    if project_id is None:
        return ""
    project = directory.projects.get(project_id)
    return project_color(project) if project else default_color(project_id)


def _detailed(run: Iterable[pb.DetailedRow], style: RowStyle) -> Iterator[service.RunReportResponse]:
    for rows in packed(_detailed_row(row, style) for row in run):
        yield service.RunReportResponse(detailed_rows=service.DetailedRows(rows=rows))


def _summary(run: Iterable[SummaryGroup], style: RowStyle) -> Iterator[service.RunReportResponse]:
    for groups in packed(message for group in run for message in _groups(group, style)):
        yield service.RunReportResponse(summary_groups=service.SummaryGroups(groups=groups))


def _weekly(run: Iterable[WeeklyRow], style: RowStyle) -> Iterator[service.RunReportResponse]:
    for rows in packed(_weekly_row(row, style) for row in run):
        yield service.RunReportResponse(weekly_rows=service.WeeklyRows(rows=rows))


def _projects(run: Iterable[ProjectRow], _looks: RowStyle) -> Iterator[service.RunReportResponse]:
    for rows in packed(_project_row(row) for row in run):
        yield service.RunReportResponse(project_rows=service.ProjectRows(rows=rows))


WRITERS: dict[ReportType, Callable[[Iterable[Any], RowStyle], Iterator[service.RunReportResponse]]] = {
    "detailed": _detailed,
    "summary": _summary,
    "weekly": _weekly,
    "projects": _projects,
}


def _detailed_row(row: pb.DetailedRow, style: RowStyle) -> pb.DetailedRow:
    """Return a row with what its reader may see."""
    directory = style.directory
    member = directory.members.get(row.user_id)
    row.username = _name(member)
    if not style.rates:
        row.ClearField("hourly_rate_in_cents")
    if style.names:
        color = color_of(directory, row.project_id or None)
        row.email = member.email if member else ""
        row.project_name, row.client_name = _project_and_client(directory, row.project_id)
        row.project_hex, row.project_color = color, color_number(color) if color else ""
        row.task_name = _name(directory.tasks.get(row.task_id))
        row.tag_names.extend(_name(directory.tags.get(tag_id)) for tag_id in row.tag_ids)
    return row


def _groups(group: SummaryGroup, style: RowStyle) -> Iterator[pb.SummaryGroup]:
    """Yield a group, cut where one message cannot hold it."""
    pieces = packed(_sub_group(part, style) for part in group.sub_groups)
    for number, parts in enumerate(pieces if group.sub_groups else ([],)):
        yield pb.SummaryGroup(
            id=group.id,
            name=group.title,
            project_hex_color=group.color,
            project_color=color_number(group.color) if group.color else "",
            sub_groups=parts,
            continued=number > 0,
            tags=message_of(pb.TagSet, group.tags) if group.tags else None,
            budget=_budget(group.budget),
        )


def _sub_group(part: SubGroup, style: RowStyle) -> pb.SubGroup:
    if len(part.entry_ids) > MAX_IDS:
        raise ReportTooBig
    rates = [rate_message(rate, shown=style.rates) for rate in part.rates]
    return pb.SubGroup(
        id=part.id,
        title=part.title,
        seconds=part.seconds,
        rates=rates,
        ids=part.entry_ids,
        billable_amount_in_cents=one_sum(part.amounts) if style.amounts else None,
        budget=_budget(part.budget),
    )


def _budget(budget: Budget | None) -> pb.BudgetUse | None:
    if budget is None:
        return None
    unit = "cents" if budget.currency else "seconds"
    values = {"budget": budget.total, "budget_used": budget.used, "budget_left": budget.left}
    return pb.BudgetUse(**{f"{name}_{unit}": value for name, value in values.items()})


def _weekly_row(row: WeeklyRow, style: RowStyle) -> pb.WeeklyRow:
    directory, color = style.directory, color_of(style.directory, row.project_id)
    project_name, client_name = _project_and_client(directory, row.project_id)
    return message_of(
        pb.WeeklyRow,
        row,
        user_name=_name(directory.members.get(row.user_id)),
        project_name=project_name,
        project_color=color_number(color) if color else "",
        project_hex_color=color,
        client_name=client_name,
        hourly_rate_in_cents=row.rate_cents if style.rates else None,
        planned_task_id=row.task_id,
        billable_amounts_in_cents=row.amounts_cents or (),
    )


def _project_row(row: ProjectRow) -> pb.ProjectRow:
    return message_of(pb.ProjectRow, row, tracked_seconds=row.seconds)


def _name(thing: Member | Client | Project | ProjectTask | Tag | None) -> str:
    return thing.name if thing else ""


def _project_and_client(directory: Directory, project_id: int | None) -> tuple[str, str]:
    """Return their names, empty without one."""
    project = directory.projects.get(project_id or 0)
    return _name(project), _name(directory.clients.get(project.client_id) if project else None)
