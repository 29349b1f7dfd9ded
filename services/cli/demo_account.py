"""Account of `daybook up --demo`: a fleet of the last two weeks, a workspace, one saved report and one schedule."""

import secrets
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import grpc
from daybook.account.v1.account_service_pb2 import CreateUserRequest, GetUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange

from services.cli.client import DEADLINE_S, Access, service_at
from services.cli.demo_fleet import DemoFleet
from services.cli.demo_hours import write_timesheet
from services.cli.demo_schedule import add_schedule
from services.cli.errors import CommandFailed
from services.cli.options import as_struct
from services.cli.output import bars_shown, write_private
from services.cli.saved import create, fetch_all
from services.cli.stack.data_dir import DataDir
from services.cli.timesheet_import import store
from services.cli.timesheets.wanted import Import
from services.cli.users import create_user

LOGIN = "demo"
ZONE = "America/Chicago"
DAYS = 15  # up to the present moment, so that the last week is whole
VANS = ("Van 1", "Van 2", "Van 3")
WORKSPACE = "Demo agency"
SAVED = "Hours by project"
PARAMS: dict[str, object] = {
    "report_type": "summary",
    "period": "prevMonth",
    "grouping": "projects",
    "sub_grouping": "users",
}
PASSWORD_BYTES = 9
FILLED = "filled"  # the last word of the file when nothing is missing


async def demo_password(access: Access, data_dir: DataDir) -> str:
    """Return the password of the demo account, which is made and filled when the data directory has none.

    A filling that was interrupted is gone on with. Raises CommandFailed when the login belongs to another account.
    """
    file = data_dir.path / "demo-login"
    kept = file.read_text(encoding="utf-8").split() if file.exists() else []
    if FILLED in kept[2:]:
        return kept[1]
    password = kept[1] if kept[1:] else secrets.token_urlsafe(PASSWORD_BYTES)
    if not await _exists(access):
        write_private(file, f"{LOGIN} {password}\n")
        await create_user(access, CreateUserRequest(login=LOGIN, password=password, time_zone=ZONE))
    elif not kept:
        raise CommandFailed(f"the login {LOGIN} belongs to an account that this data directory did not make")
    await _fill(access, password)
    write_private(file, f"{LOGIN} {password} {FILLED}\n")
    return password


async def _exists(access: Access) -> bool:
    async with service_at(access, "generation") as channel:
        request, operator = GetUserRequest(login=LOGIN), access.as_operator()
        try:
            await AccountServiceStub(channel).GetUser(request, metadata=operator, timeout=DEADLINE_S)
        except grpc.aio.AioRpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            return False
    return True


async def _fill(access: Access, password: str) -> None:
    bars_shown.set(False)
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    fleet = DemoFleet(access, LOGIN, VANS)
    with tempfile.TemporaryDirectory(prefix="daybook-demo-") as folder:
        vans = await fleet.load_vans(today - timedelta(days=DAYS - 1), DAYS, now)
        await fleet.load_records(vans, Path(folder))
        file = write_timesheet(Path(folder) / "time.csv", today.date())
        await store(access, Import(file, WORKSPACE, LOGIN, ZONE))
    if not await fetch_all(access, WORKSPACE, LOGIN):
        change = SavedReportChange(name=SAVED, public=True, params=as_struct("params", PARAMS))
        await create(access, WORKSPACE, LOGIN, change)
    await add_schedule(access, LOGIN, password, [van.tracker_id for van in vans])
