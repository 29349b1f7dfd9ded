"""Who may do what (design §6): a row for every RPC and every route, a column for everybody who may call.

A name behind a dot is a kind of input, or stands for several: `<account>` and `<workspace>` for all that accounts and
workspaces own and that have no rows of their own, `<series>` for all series. A cell is what comes of it, of a thing
that the owner has unless the row says whose ("of sub"):

done      it is done, and the answer holds nothing of anybody
owner     it is done, and the answer holds what this person has; several are joined by +
members   the same for owner, member and admin; everyone: for all who have an account
unsigned  no credentials came, or none of the right form
wrong     the credentials are good for nobody
right     a sub-user lacks the right that the call needs
kind      the credentials are good, but of another kind than the call takes
missing   there is no such thing, said in the very bytes that are said of one that never was; so are the next two
unlisted  a list names such things
nowhere   there is no such workspace
unready   it is not in the state that the call needs
private   a saved report is not public (reference section 2, which tells it from an unknown token)
admins    only admins of the workspace may
unusable  the members who are to get mails have no address
refused   `owner_login` is for operators, who must name somebody
"""

import re
from collections.abc import Iterator

from services.generation.inputs.input_kind import Owner
from services.generation.inputs.registry import INPUT_KINDS, SERIES

# Accounts and fleets are written by operators. Sub-users see their account's fleet, and of reports their own alone,
# in which their account's trackers bear their names.
TRACKER_RPCS = """
AccountService        nobody    wrong     stranger  limited   sub       owner     operator
CreateUser            unsigned  unsigned  kind      kind      kind      kind      done
ListUsers             unsigned  unsigned  kind      kind      kind      kind      everyone
GetUser               unsigned  wrong     refused   refused   refused   owner     owner
UpdateUser            unsigned  unsigned  kind      kind      kind      kind      owner
SetPassword           unsigned  wrong     refused   refused   refused   done      done
CreateApiKey          unsigned  wrong     refused   refused   refused   right     done
ListApiKeys           unsigned  wrong     refused   refused   refused   done      done
RevokeApiKey          unsigned  wrong     missing   missing   missing   done      done
ListSessions          unsigned  wrong     refused   refused   refused   done      done
EndSessions           unsigned  wrong     refused   refused   refused   done      done
LogIn                 done      done      done      done      done      done      done
LogOut                unsigned  wrong     done      done      done      done      kind
DeleteUser            unsigned  unsigned  kind      kind      kind      kind      done

InputService          nobody    wrong     stranger  limited   sub       owner     operator
Upsert.<account>      unsigned  wrong     kind      kind      kind      kind      done
List.<account>        unsigned  wrong     stranger  owner     owner     owner     refused
List.<account> by name unsigned wrong     refused   refused   refused   refused   owner
Delete.<account>      unsigned  wrong     kind      kind      kind      kind      done
Upsert.trackers       unsigned  wrong     kind      kind      kind      kind      done
Get.trackers          unsigned  wrong     missing   owner     owner     owner     owner
List.trackers         unsigned  wrong     stranger  owner     owner     owner     owner+stranger
List.trackers by name unsigned  wrong     refused   refused   refused   refused   owner
Update.trackers       unsigned  wrong     kind      kind      kind      kind      owner
Delete.trackers       unsigned  wrong     kind      kind      kind      kind      done
DeleteSamples         unsigned  wrong     kind      kind      kind      kind      done
Upsert.<series>       unsigned  wrong     kind      kind      kind      kind      done
GetParking            unsigned  wrong     missing   done      done      done      kind
UpdateParking         unsigned  wrong     missing   right     right     done      kind
ReadZonePoints        unsigned  wrong     missing   missing   missing   missing   kind

TrackService          nobody    wrong     stranger  limited   sub       owner     operator
ReadPoints            unsigned  wrong     unlisted  done      done      done      kind
ReadTrack             unsigned  wrong     missing   done      done      done      kind
ListTracks            unsigned  wrong     missing   done      done      done      kind
ReadMileage           unsigned  wrong     unlisted  owner     owner     owner     kind

MaintenanceService    nobody    wrong     stranger  limited   sub       owner     operator
FindOrphans           unsigned  unsigned  kind      kind      kind      kind      done
DeleteOrphans         unsigned  unsigned  kind      kind      kind      kind      done

GenerationService     nobody    wrong     stranger  limited   sub       owner     operator
GenerateReport        unsigned  wrong     unlisted  right     done      done      kind
GetReport             unsigned  wrong     missing   right     missing   owner     owner
GetReport of sub      unsigned  wrong     missing   right     owner+sub missing   owner+sub
WatchReport           unsigned  wrong     missing   right     missing   owner     owner
WatchReport of sub    unsigned  wrong     missing   right     owner+sub missing   owner+sub
ListReports           unsigned  wrong     stranger  right     owner+sub owner     owner+stranger+sub
ListReports by name   unsigned  wrong     refused   right     refused   refused   owner
StreamParts           unsigned  wrong     missing   right     missing   owner     kind
StreamParts of sub    unsigned  wrong     missing   right     owner+sub missing   kind
CancelReport          unsigned  wrong     missing   right     missing   owner     owner
CancelReport of sub   unsigned  wrong     missing   right     owner+sub missing   owner+sub
DeleteReport          unsigned  wrong     missing   right     missing   done      done
DeleteReport of sub   unsigned  wrong     missing   right     done      missing   done
ListKinds             unsigned  wrong     done      right     done      done      kind
CreateReportLink      unsigned  wrong     missing   right     missing   owner     kind
CreateReportLink of sub unsigned wrong    missing   right     sub       missing   kind
ListReportLinks       unsigned  wrong     missing   right     missing   owner     owner
ListReportLinks of sub unsigned wrong     missing   right     sub       missing   sub
DeleteReportLink      unsigned  wrong     missing   right     missing   done      done
OpenLink              owner     owner     owner     owner     owner     owner     owner
OpenLink of sub       owner+sub owner+sub owner+sub owner+sub owner+sub owner+sub owner+sub

ScheduleService       nobody    wrong     stranger  limited   sub       owner     operator
CreateSchedule        unsigned  wrong     unlisted  right     done      done      kind
GetSchedule           unsigned  wrong     missing   missing   missing   owner     owner
GetSchedule of sub    unsigned  wrong     missing   missing   sub       missing   sub
ListSchedules         unsigned  wrong     stranger  done      sub       owner     owner+stranger+sub
UpdateSchedule        unsigned  wrong     missing   missing   missing   owner     kind
DeleteSchedule        unsigned  wrong     missing   missing   missing   done      done
RunNow                unsigned  wrong     missing   missing   missing   done      kind
SendTest              unsigned  wrong     missing   missing   missing   done      kind
GetRun                unsigned  wrong     missing   missing   missing   owner     owner
GetRun of sub         unsigned  wrong     missing   missing   sub       missing   sub
ListRuns              unsigned  wrong     missing   missing   missing   owner     owner
ResolveDelivery       unsigned  wrong     missing   missing   missing   unready   kind
LookUpUnsubscription  done      done      done      done      done      done      done
Unsubscribe           done      done      done      done      done      done      done
SendTestMail          unsigned  unsigned  kind      kind      kind      kind      done

DeliveryService       nobody    wrong     stranger  limited   sub       owner     operator
ClaimDeliveries       unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  unsigned
ExtendLease           unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  unsigned
ReleaseClaim          unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  unsigned
StartDelivery         unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  unsigned
FinishDelivery        unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  unsigned

RenderingService      nobody    wrong     stranger  limited   sub       owner     operator
Render                unsigned  wrong     missing   right     missing   owner     kind
Render of sub         unsigned  wrong     missing   right     owner+sub missing   kind
CheckFonts            done      done      done      done      done      done      done
CheckMailServer       done      done      done      done      done      done      done

Health                nobody    wrong     stranger  limited   sub       owner     operator
Check                 done      done      done      done      done      done      done
ServerReflection      nobody    wrong     stranger  limited   sub       owner     operator
ServerReflectionInfo  done      done      done      done      done      done      done
Channelz              nobody    wrong     stranger  limited   sub       owner     operator
GetServers            done      done      done      done      done      done      done
"""
OPEN_SERVICES = {"Health", "ServerReflection", "Channelz"}  # by design: a row for one RPC stands for all of theirs

# Members see their whole workspace and write nothing but saved reports; those of others only admins see.
TIME_RPCS = """
AccountService        nobody    wrong     stranger  member    admin     owner     operator
GetProfile            unsigned  wrong     stranger  owner+member owner+admin owner kind

InputService          nobody    wrong     stranger  member    admin     owner     operator
Upsert.workspaces     unsigned  wrong     kind      kind      kind      kind      done
Get.workspaces        unsigned  wrong     missing   owner     owner     owner     owner
List.workspaces       unsigned  wrong     stranger  owner     owner     owner     owner+stranger
List.workspaces by name unsigned wrong    refused   refused   refused   refused   owner
Delete.workspaces     unsigned  wrong     kind      kind      kind      kind      done
Upsert.members        unsigned  wrong     kind      kind      kind      kind      done
Get.members           unsigned  wrong     nowhere   owner     owner     owner     owner
List.members          unsigned  wrong     nowhere   members   members   members   members
Delete.members        unsigned  wrong     kind      kind      kind      kind      done
Upsert.<workspace>    unsigned  wrong     kind      kind      kind      kind      done
List.<workspace>      unsigned  wrong     nowhere   owner     owner     owner     owner
Get.projects          unsigned  wrong     nowhere   owner     owner     owner     owner
Update.projects       unsigned  wrong     kind      kind      kind      kind      owner
Delete.<workspace>    unsigned  wrong     kind      kind      kind      kind      done

SavedReportService    nobody    wrong     stranger  member    admin     owner     operator
CreateSavedReport     unsigned  wrong     nowhere   done      done      done      done
CreateSavedReport of public unsigned wrong nowhere  admins    done      done      done
GetSavedReport        unsigned  wrong     nowhere   missing   owner     owner     owner
GetSavedReport of member unsigned wrong   nowhere   member    member    member    member
ListSavedReports      unsigned  wrong     nowhere   member    owner+member owner+member owner+member
UpdateSavedReports    unsigned  wrong     nowhere   missing   owner     owner     owner
UpdateSavedReports of member unsigned wrong nowhere member    member    member    member
DeleteSavedReports    unsigned  wrong     nowhere   unlisted  owner     owner     owner
RunReport             unsigned  wrong     nowhere   owner     owner     owner     owner
RunReport of private  unsigned  wrong     private   private   owner     owner     owner
ListReportTypes       done      done      done      done      done      done      done
RunReport of public   owner     wrong     owner     owner     owner     owner     owner

WorkspaceService      nobody    wrong     stranger  member    admin     owner     operator
ListWorkspaces        unsigned  wrong     stranger  owner     owner     owner     kind
GetWorkspace          unsigned  wrong     nowhere   owner     owner     owner     owner
ListProjects          unsigned  wrong     nowhere   owner     owner     owner     owner
ListClients           unsigned  wrong     nowhere   owner     owner     owner     owner
ListTags              unsigned  wrong     nowhere   owner     owner     owner     owner
ListMembers           unsigned  wrong     nowhere   members   members   members   members
DeleteTimeEntries     unsigned  wrong     nowhere   admins    done      done      done

GenerationService     nobody    wrong     stranger  member    admin     owner     operator
StreamParts of workspace unsigned wrong   nowhere   owner     owner     owner     owner
StreamParts of private unsigned wrong     private   private   owner     owner     owner
StreamParts of public owner     wrong     owner     owner     owner     owner     owner

RenderingService      nobody    wrong     stranger  member    admin     owner     operator
Render of workspace   unsigned  wrong     nowhere   owner     owner     owner     owner
Render of private     unsigned  wrong     private   private   owner     owner     owner
Render of public      owner     wrong     owner     owner     owner     owner     owner
"""

# Operators have no hash: they are nobody here. Their token is refused at the public door.
TRACKER_ROUTES = """
/report/tracker        nobody    wrong     stranger  limited   sub       owner     operator
generate               unsigned  wrong     unlisted  right     done      done      unsigned
list                   unsigned  wrong     stranger  right     sub       owner     unsigned
status                 unsigned  wrong     missing   right     missing   done      unsigned
status of sub          unsigned  wrong     missing   right     done      missing   unsigned
retrieve               unsigned  wrong     missing   right     missing   owner     unsigned
retrieve of sub        unsigned  wrong     missing   right     owner+sub missing   unsigned
download               unsigned  wrong     missing   right     missing   owner     unsigned
download of sub        unsigned  wrong     missing   right     owner+sub missing   unsigned
delete                 unsigned  wrong     missing   right     missing   done      unsigned
delete of sub          unsigned  wrong     missing   right     done      missing   unsigned

/report/schedule       nobody    wrong     stranger  limited   sub       owner     operator
create                 unsigned  wrong     unlisted  right     done      done      unsigned
update                 unsigned  wrong     missing   missing   missing   done      unsigned
list                   unsigned  wrong     stranger  right     sub       owner     unsigned
delete                 unsigned  wrong     missing   missing   missing   done      unsigned
run                    unsigned  wrong     missing   missing   missing   done      unsigned
test                   unsigned  wrong     missing   missing   missing   done      unsigned
/report/schedule/runs  nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     missing   missing   missing   owner     unsigned
resolve                unsigned  wrong     missing   missing   missing   unready   unsigned

/user                  nobody    wrong     stranger  limited   sub       owner     operator
auth                   done      done      done      done      done      done      done
logout                 unsigned  wrong     done      done      done      done      unsigned
get_info               unsigned  wrong     stranger  owner+limited owner+sub owner unsigned
/user/settings         nobody    wrong     stranger  limited   sub       owner     operator
read                   unsigned  wrong     done      done      done      done      unsigned
/tracker               nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/tracker/group         nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/tracker/sensor        nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     missing   owner     owner     owner     unsigned
batch_list             unsigned  wrong     unlisted  owner     owner     owner     unsigned
/vehicle               nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/zone                  nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/zone/point            nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     missing   missing   missing   missing   unsigned
/place                 nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/tracker/stats/mileage nobody    wrong     stranger  limited   sub       owner     operator
read                   unsigned  wrong     unlisted  done      done      done      unsigned
/track                 nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     missing   done      done      done      unsigned
read                   unsigned  wrong     missing   done      done      done      unsigned
/employee              nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/tracker/settings/trip_detection nobody wrong stranger limited sub   owner     operator
read                   unsigned  wrong     missing   done      done      done      unsigned
update                 unsigned  wrong     missing   right     right     done      unsigned
/plugin                nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     done      right     done      done      unsigned

/                      nobody    wrong     stranger  limited   sub       owner     operator
health                 done      done      done      done      done      done      done
ready                  done      done      done      done      done      done      done
openapi.json           done      done      done      done      done      done      done
metrics                done      done      done      done      done      done      done
"""
METRICS = "/metrics"  # of each process, on a port of its own

TIME_ROUTES = """
/reports/api/v3        nobody    wrong     stranger  member    admin     owner     operator
POST shared/{token} of private unsigned wrong private private owner     owner     unsigned
POST shared/{token} of public owner wrong  owner     owner     owner     owner     unsigned
GET shared/{token} of private unsigned wrong private private owner     owner     unsigned
GET shared/{token} of public owner wrong   owner     owner     owner     owner     unsigned
POST shared/{token}.{format} of private unsigned wrong private private owner owner unsigned
POST shared/{token}.{format} of public owner wrong owner owner owner     owner     unsigned
POST workspace/{workspace}/{kind}/time_entries unsigned wrong nowhere owner owner owner unsigned
POST workspace/{workspace}/{kind}/time_entries.{format} unsigned wrong nowhere owner owner owner unsigned
POST workspace/{workspace}/search/time_entries/totals unsigned wrong nowhere done done done unsigned
POST workspace/{workspace}/projects/summary unsigned wrong nowhere done done done unsigned
POST workspace/{workspace}/projects/{project}/summary unsigned wrong nowhere done done done unsigned

/api/v9                nobody    wrong     stranger  member    admin     owner     operator
GET workspaces/{workspace}/reports/shared unsigned wrong nowhere member owner+member owner+member unsigned
POST workspaces/{workspace}/reports/shared unsigned wrong nowhere done done done unsigned
POST workspaces/{workspace}/reports/shared of public unsigned wrong nowhere admins done done unsigned
PUT workspaces/{workspace}/reports/shared unsigned wrong nowhere missing owner owner unsigned
PATCH workspaces/{workspace}/reports/shared/bulk_delete unsigned wrong nowhere unlisted owner owner unsigned
GET workspaces/{workspace}/reports/shared/{report} unsigned wrong nowhere missing owner owner unsigned
GET workspaces/{workspace}/reports/shared/{report} of member unsigned wrong nowhere member member member unsigned
PUT workspaces/{workspace}/reports/shared/{report} unsigned wrong nowhere missing owner owner unsigned
PUT workspaces/{workspace}/reports/shared/{report} of member unsigned wrong nowhere member member member unsigned
DELETE workspaces/{workspace}/reports/shared/{report} unsigned wrong nowhere missing owner owner unsigned
GET workspaces/{workspace}/scheduled_reports unsigned wrong nowhere done done done unsigned
POST workspaces/{workspace}/scheduled_reports unsigned wrong nowhere missing unusable unusable unsigned
DELETE workspaces/{workspace}/scheduled_reports/{report} unsigned wrong nowhere admins done done unsigned
GET me                 unsigned  wrong     stranger  member    admin     owner     unsigned
GET me/workspaces      unsigned  wrong     stranger  owner     owner     owner     unsigned
GET workspaces         unsigned  wrong     stranger  owner     owner     owner     unsigned
GET workspaces/{workspace} unsigned wrong  nowhere   owner     owner     owner     unsigned
GET workspaces/{workspace}/projects unsigned wrong nowhere owner owner owner unsigned
GET workspaces/{workspace}/clients unsigned wrong nowhere owner owner   owner     unsigned
GET workspaces/{workspace}/tags unsigned wrong nowhere owner  owner     owner     unsigned
GET workspaces/{workspace}/users unsigned wrong nowhere members members members unsigned
GET me/logged          unsigned  wrong     done      done      done      done      unsigned
"""

Row = tuple[str, str, dict[str, str]]  # what is called, whose thing it is about ("" for the owner's), cells by caller
SPECIAL = set(re.findall(r"Upsert\.(\w+)", TRACKER_RPCS + TIME_RPCS))  # kinds with rows of their own
STANDS_FOR = {
    "<account>": [kind.name for kind in INPUT_KINDS if kind.owner is Owner.ACCOUNT and kind.name not in SPECIAL],
    "<workspace>": [kind.name for kind in INPUT_KINDS if kind.owner is Owner.WORKSPACE and kind.name not in SPECIAL],
    "<series>": [series.name for series in SERIES],
}


def rows(table: str) -> Iterator[Row]:
    """Give the rows of a table. A name without a method stands below the path or the service above it."""
    heading: list[str] = []
    for line in table.strip().splitlines():
        words = line.split()
        if not words:
            continue
        if words[1] == "nobody":
            heading = words
            continue
        cells = dict(zip(heading[1:], words[-len(heading) + 1 :], strict=True))
        name, _, whose = " ".join(words[: -len(heading) + 1]).partition(" of ")
        name, _, by_name = name.partition(" by ")
        method, _, path = name.rpartition(" ")
        called = f"{method} {heading[0].rstrip('/')}/{path}".strip()
        rpc, _, kind = called.partition(".")
        for each in STANDS_FOR.get(kind, [kind]):
            yield f"{rpc}.{each}" if each else called, whose or by_name, cells
