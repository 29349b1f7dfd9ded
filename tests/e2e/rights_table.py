"""Whose time and whether money each caller is told by each RPC and route about a workspace, whatever its settings.

A cell is `all` (the time of everybody, with money), `role` (what a plain member sees by the settings of the workspace),
`public` (what the demoted owner of a public report sees by them), `-` (a failure), or `none` (nobody's time).
Columns: an admin who was made a plain member is `demoted`, a member who has left is `inactive`.
"""

TABLE = """
call                                       nobody  stranger member  admin  demoted inactive owner  operator
POST search/time_entries                   -       -        role    all    role    -        all    -
POST summary/time_entries                  -       -        role    all    role    -        all    -
POST weekly/time_entries                   -       -        role    all    role    -        all    -
POST search/time_entries.csv               -       -        role    all    role    -        all    -
POST summary/time_entries.csv              -       -        role    all    role    -        all    -
POST weekly/time_entries.csv               -       -        role    all    role    -        all    -
POST search/time_entries/totals            -       -        role    all    role    -        all    -
POST projects/summary                      -       -        role    all    role    -        all    -
POST shared of owner                       all     all      all     all    all     all      all    -
POST shared of demoted                     public  public   public  public public  public   public -
POST shared.csv of demoted                 public  public   public  public public  public   public -
POST private of demoted                    -       -        -       public public  -        public -
POST shared of inactive                    -       -        -       -      -       -        -      -
GET projects                               -       -        role    all    role    -        all    -
GET users                                  -       -        role    all    role    -        all    -
RunReport of workspace                     -       -        role    all    role    -        all    all
RunReport of owner                         all     all      all     all    all     all      all    all
RunReport of demoted                       public  public   public  public public  public   public public
Render of workspace                        -       -        role    all    role    -        all    all
Render of demoted                          public  public   public  public public  public   public public
StreamParts of workspace                   -       -        role    all    role    -        all    all
ListProjects                               -       -        role    all    role    -        all    all
ListMembers                                -       -        role    all    role    -        all    all
List.time_entries                          -       -        role    all    role    -        all    all
List.members                               -       -        role    all    role    -        all    all
List.projects                              -       -        role    all    role    -        all    all
"""
CALLERS, ROWS = TABLE.split("\n")[1].split()[1:], TABLE.strip().split("\n")[1:]


def rows() -> list[tuple[str, dict[str, str]]]:
    """Return the calls, each with the cell of every caller."""
    cells = [line.rsplit(maxsplit=len(CALLERS)) for line in ROWS]
    return [(called, dict(zip(CALLERS, found, strict=True))) for called, *found in cells]
