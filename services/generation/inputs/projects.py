"""Projects of a workspace: the work that time is tracked on."""

from collections.abc import Iterator

from daybook.input.v1.workspace_pb2 import Project

from services.generation.inputs.input_kind import InputKind, Owner, Problem, Reference, UniqueKey
from services.generation.inputs.limits import MAX_CENTS, MAX_TOTAL, currency, day, identifier, number, reference, text

COLOR_LENGTH = len("#rrggbb")
HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


def _color(color: str) -> str | None:
    right = not color or (len(color) == COLOR_LENGTH and color[0] == "#" and HEX_DIGITS.issuperset(color[1:]))
    return None if right else "must be #rrggbb"


def _check(project: Project) -> Iterator[Problem]:
    if project.end_date and project.end_date < project.start_date:
        yield "end_date", "must not be before start_date"
    if project.HasField("budget_cents") and project.HasField("estimated_seconds"):
        yield "budget_cents", "must be absent beside estimated_seconds: a budget is in hours or in money"


PROJECTS = InputKind(
    name="projects",
    noun="project",
    message=Project,
    owner=Owner.WORKSPACE,
    is_global=True,
    limits={
        "id": identifier(new=True),
        "name": text(1),
        "client_id": reference(),
        "color": _color,
        "hourly_rate_cents": number(0, MAX_CENTS),
        "currency_code": currency,
        "estimated_seconds": number(0, MAX_TOTAL),
        "fixed_fee_cents": number(0, MAX_TOTAL),
        "budget_cents": number(0, MAX_TOTAL),
        "start_date": day,
        "end_date": day,
        "external_reference": text(),
    },
    check=_check,
    references=(Reference("client_id", "clients"),),
    unique=(UniqueKey(("client_id", "name")),),
    money=("hourly_rate_cents", "fixed_fee_cents", "budget_cents"),
    is_kept=True,
    text_fields=("name",),
    output_only=("create_time", "update_time"),
    change_stamp="update_time",
)
