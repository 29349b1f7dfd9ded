"""Workspaces of an account: the people, projects and time entries that saved reports are made from."""

from daybook.input.v1.workspace_pb2 import Workspace

from services.generation.inputs.input_kind import InputKind, UniqueKey
from services.generation.inputs.limits import MAX_CENTS, currency, identifier, number, text, url

MAX_LOGO_BYTES = 256 * 2**10
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def _logo(logo: bytes) -> str | None:
    right = not logo or (len(logo) <= MAX_LOGO_BYTES and logo.startswith(PICTURES))
    return None if right else "must be a PNG or JPEG picture of at most 256 KiB"


WORKSPACES = InputKind(
    name="workspaces",
    noun="workspace",
    message=Workspace,
    is_global=True,  # its id is in the paths of the public API
    is_shared=True,
    limits={
        "id": identifier(new=True),
        "name": text(1),
        "currency_code": currency,
        "hourly_rate_cents": number(0, MAX_CENTS),
        "logo_url": url,
        "logo": _logo,
    },
    defaults={"currency_code": "USD"},
    unique=(UniqueKey(("name",)),),
    money=("hourly_rate_cents",),
    text_fields=("name",),
    unlisted=("logo",),
    output_only=("owner_login", "owner_id", "create_time", "update_time"),
    change_stamp="update_time",
)
