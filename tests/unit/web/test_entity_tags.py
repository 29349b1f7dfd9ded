"""Entity tags of answers that a browser has already."""

import pytest
from aiohttp.test_utils import make_mocked_request

from gateway.web.entity_tags import is_held


@pytest.mark.parametrize(
    ("held", "header"),
    [(True, '"a"'), (True, 'W/"a"'), (True, '"b", W/"a"'), (False, '"b"'), (False, ""), (False, '"a')],
)
def test_a_tag_is_held_also_after_a_proxy_made_it_weak(held: bool, header: str) -> None:
    """Or beside others."""
    assert held == is_held(make_mocked_request("GET", "/", headers={"If-None-Match": header}), '"a"')
