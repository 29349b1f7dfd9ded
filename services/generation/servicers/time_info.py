"""Message with the info of a report: its kind, parameters and totals."""

from daybook.savedreport.v1 import time_report_pb2 as pb

from services.generation.servicers.record_messages import message_of
from services.generation.servicers.time_messages import rate_message
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.totals import Totals
from services.runtime.codec import struct_of
from services.runtime.enum_words import numbers_of

# Features of a workspace that reports can tell; their names in the public API are unpublished (reference section 6).
FEATURES = {
    "billable_rates": True,
    "labour_cost": False,
    "project_colors": True,
    "report_comments": False,
    "report_rounding": True,
    "scheduled_reports": True,
    "tasks": True,
    "time_audits": True,
    "user_groups": True,
}


def info(report: TimeReport) -> pb.ReportInfo:
    """Return everything about a report but its rows."""
    query, saved, summary = report.query, report.saved, report.query.report_type == "summary"
    return pb.ReportInfo(
        report_type=numbers_of(pb.TimeReportType.DESCRIPTOR)[query.report_type],
        report_name=saved.name if saved else "",
        public=saved is not None and saved.public,
        fixed_daterange=saved is not None and saved.fixed_daterange,
        hide_amounts=query.hide_amounts,
        workspace_logo=report.directory.workspace.logo_url,
        input_params=struct_of(query.effective_params),
        saved_params=struct_of(saved.params) if saved else None,
        features=FEATURES,
        totals=_totals(report.totals, rates=not query.hide_rates) if report.totals else None,
        start_date=query.days.first.isoformat(),
        end_date=query.days.last.isoformat(),
        next_page=message_of(pb.NextPage, report.next_page) if report.next_page else None,
        grouping=numbers_of(pb.Grouping.DESCRIPTOR)[query.summary.grouping if summary else ""],
        sub_grouping=numbers_of(pb.SubGrouping.DESCRIPTOR)[query.summary.sub_grouping if summary else ""],
    )


def _totals(totals: Totals, *, rates: bool) -> pb.Totals:
    return message_of(
        pb.Totals,
        totals,
        billable_amount_in_cents=totals.amount_cents,
        resolution=numbers_of(pb.Resolution.DESCRIPTOR)[totals.resolution],
        rates=[rate_message(rate, shown=rates) for rate in totals.rates],
        graph=[message_of(pb.GraphBucket, one, billable_amount_in_cents=one.amount_cents) for one in totals.graph],
    )
