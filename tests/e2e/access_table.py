"""Who may do what (design §6): a row for every RPC and every route, a column for everybody who may call.

A name behind a dot is a kind of input. A cell is what comes of it, of a thing that the owner has unless the row says
whose ("of sub"):

done      it is done, and the answer holds nothing of anybody
owner     it is done, and the answer holds what this person has; several are joined by +
members   the same for owner, member and admin; everyone: for all who have an account
unsigned  no credentials came, or none of the right form
wrong     the credentials are good for nobody
right     a sub-user lacks the right `reports`
missing   there is no such thing, said in the very bytes that are said of one that never was; so are the next two
unlisted  a list names such things
nowhere   there is no such workspace
private   a saved report is not public (reference section 2, which tells it from an unknown token)
admins    only admins of the workspace may
refused   `owner_login` is for operators, who must name somebody
"""

from collections.abc import Iterator

# Accounts and fleets are written by operators. Sub-users see their account's fleet, and of reports their own alone,
# in which their account's trackers bear their names.
TRACKER_RPCS = """
AccountService        nobody    wrong     stranger  limited   sub       owner     operator
CreateUser            unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  done
ListUsers             unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  everyone
CreateApiKey          unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  done
RevokeApiKey          unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  done
LogIn                 done      done      done      done      done      done      done
LogOut                unsigned  wrong     done      done      done      done      unsigned
DeleteUser            unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  done

InputService          nobody    wrong     stranger  limited   sub       owner     operator
Upsert.trackers       unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.trackers         unsigned  wrong     stranger  owner     owner     owner     refused
List.trackers by name unsigned  wrong     refused   refused   refused   refused   owner
Delete.trackers       unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.vehicles       unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.vehicles         unsigned  wrong     stranger  owner     owner     owner     refused
List.vehicles by name unsigned  wrong     refused   refused   refused   refused   owner
Delete.vehicles       unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.employees      unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.employees        unsigned  wrong     stranger  owner     owner     owner     refused
List.employees by name unsigned wrong     refused   refused   refused   refused   owner
Delete.employees      unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.assignments    unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.assignments      unsigned  wrong     stranger  owner     owner     owner     refused
List.assignments by name unsigned wrong   refused   refused   refused   refused   owner
Delete.assignments    unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.points         unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done

MaintenanceService    nobody    wrong     stranger  limited   sub       owner     operator
FindOrphans           unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  done
DeleteOrphans         unsigned  unsigned  unsigned  unsigned  unsigned  unsigned  done

GenerationService     nobody    wrong     stranger  limited   sub       owner     operator
GenerateReport        unsigned  wrong     unlisted  right     done      done      unsigned
GetReport             unsigned  wrong     missing   right     missing   owner     unsigned
GetReport of sub      unsigned  wrong     missing   right     sub       missing   unsigned
WatchReport           unsigned  wrong     missing   right     missing   owner     unsigned
WatchReport of sub    unsigned  wrong     missing   right     sub       missing   unsigned
ListReports           unsigned  wrong     stranger  right     sub       owner     unsigned
StreamParts           unsigned  wrong     missing   right     missing   owner     unsigned
StreamParts of sub    unsigned  wrong     missing   right     owner+sub missing   unsigned
DeleteReport          unsigned  wrong     missing   right     missing   done      unsigned
DeleteReport of sub   unsigned  wrong     missing   right     done      missing   unsigned
ListKinds             unsigned  wrong     done      right     done      done      unsigned

RenderingService      nobody    wrong     stranger  limited   sub       owner     operator
Render                unsigned  wrong     missing   right     missing   owner     unsigned
Render of sub         unsigned  wrong     missing   right     owner+sub missing   unsigned

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
GetProfile            unsigned  wrong     stranger  member    admin     owner     unsigned

InputService          nobody    wrong     stranger  member    admin     owner     operator
Upsert.workspaces     unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.workspaces       unsigned  wrong     stranger  owner     owner     owner     owner+stranger
List.workspaces by name unsigned wrong    refused   refused   refused   refused   owner
Delete.workspaces     unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.members        unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.members          unsigned  wrong     nowhere   members   members   members   members
Delete.members        unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.clients        unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.clients          unsigned  wrong     nowhere   owner     owner     owner     owner
Delete.clients        unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.projects       unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.projects         unsigned  wrong     nowhere   owner     owner     owner     owner
Delete.projects       unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.project_tasks  unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.project_tasks    unsigned  wrong     nowhere   owner     owner     owner     owner
Delete.project_tasks  unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.tags           unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.tags             unsigned  wrong     nowhere   owner     owner     owner     owner
Delete.tags           unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.groups         unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.groups           unsigned  wrong     nowhere   owner     owner     owner     owner
Delete.groups         unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
Upsert.time_entries   unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done
List.time_entries     unsigned  wrong     nowhere   owner     owner     owner     owner
Delete.time_entries   unsigned  wrong     unsigned  unsigned  unsigned  unsigned  done

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
RunReport of public   owner     wrong     owner     owner     owner     owner     owner

GenerationService     nobody    wrong     stranger  member    admin     owner     operator
StreamParts of workspace unsigned wrong   nowhere   owner     owner     owner     owner
StreamParts of private unsigned wrong     private   private   owner     owner     owner
StreamParts of public owner     wrong     owner     owner     owner     owner     owner

RenderingService      nobody    wrong     stranger  member    admin     owner     operator
Render of workspace   unsigned  wrong     nowhere   owner     owner     owner     owner
Render of private     unsigned  wrong     private   private   owner     owner     owner
Render of public      owner     wrong     owner     owner     owner     owner     owner
"""

# Operators have no hash: they are nobody here.
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

/user                  nobody    wrong     stranger  limited   sub       owner     operator
auth                   done      done      done      done      done      done      done
logout                 unsigned  wrong     done      done      done      done      unsigned
/tracker               nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     stranger  owner     owner     owner     unsigned
/plugin                nobody    wrong     stranger  limited   sub       owner     operator
list                   unsigned  wrong     done      right     done      done      unsigned

/                      nobody    wrong     stranger  limited   sub       owner     operator
health                 done      done      done      done      done      done      done
openapi.json           done      done      done      done      done      done      done
metrics                done      done      done      done      done      done      done
"""
METRICS = "/metrics"  # of each process, on a port of its own

TIME_ROUTES = """
/reports/api/v3        nobody    wrong     stranger  member    admin     owner     operator
POST shared/{token} of private unsigned wrong private private owner     owner     owner
POST shared/{token} of public owner wrong  owner     owner     owner     owner     owner
POST shared/{token}.{format} of private unsigned wrong private private owner owner owner
POST shared/{token}.{format} of public owner wrong owner owner owner     owner     owner
POST workspace/{workspace}/{kind}/time_entries unsigned wrong nowhere owner owner owner owner
POST workspace/{workspace}/{kind}/time_entries.{format} unsigned wrong nowhere owner owner owner owner
POST workspace/{workspace}/search/time_entries/totals unsigned wrong nowhere done done done done
POST workspace/{workspace}/projects/summary unsigned wrong nowhere done done done done
POST workspace/{workspace}/projects/{project}/summary unsigned wrong nowhere done done done done

/api/v9                nobody    wrong     stranger  member    admin     owner     operator
GET workspaces/{workspace}/reports/shared unsigned wrong nowhere member owner+member owner+member owner+member
POST workspaces/{workspace}/reports/shared unsigned wrong nowhere done done done done
POST workspaces/{workspace}/reports/shared of public unsigned wrong nowhere admins done done done
PUT workspaces/{workspace}/reports/shared unsigned wrong nowhere missing owner owner owner
PATCH workspaces/{workspace}/reports/shared/bulk_delete unsigned wrong nowhere unlisted owner owner owner
GET workspaces/{workspace}/reports/shared/{report} unsigned wrong nowhere missing owner owner owner
GET workspaces/{workspace}/reports/shared/{report} of member unsigned wrong nowhere member member member member
PUT workspaces/{workspace}/reports/shared/{report} unsigned wrong nowhere missing owner owner owner
PUT workspaces/{workspace}/reports/shared/{report} of member unsigned wrong nowhere member member member member
DELETE workspaces/{workspace}/reports/shared/{report} unsigned wrong nowhere missing owner owner owner
GET me                 unsigned  wrong     stranger  member    admin     owner     unsigned
GET me/logged          unsigned  wrong     done      done      done      done      unsigned
"""

Row = tuple[str, str, dict[str, str]]  # what is called, whose thing it is about ("" for the owner's), cells by caller


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
        yield called, whose or by_name, cells
