"""Names of modules: each is used once within a service, so that a name leads to one place."""

from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPEATED = {"__init__", "__main__", "bootstrap", "settings"}  # one of each package or process


@pytest.mark.parametrize(
    "service", ["services/generation", "services/rendering", "services/cli", "services/runtime", "gateway"]
)
def test_a_module_name_is_used_once_within_a_service(service: str) -> None:
    places = defaultdict(list)
    for path in (ROOT / service).rglob("*.py"):
        if path.stem not in REPEATED:
            places[path.stem].append(str(path.parent.relative_to(ROOT)))

    assert {} == {name: found for name, found in places.items() if len(found) > 1}
