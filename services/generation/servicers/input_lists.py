"""Lists of inputs: page, conditions and order that a request asks for, and the token of the page after it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from daybook.input.v1.input_service_pb2 import DeleteSamplesRequest, ListRequest

from services.errors import InvalidParameters
from services.generation.domain.paging import Page
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.list_filters import order_of
from services.generation.servicers.page_tokens import next_token, page_of
from services.runtime.codec import datetime_of


class InputList:
    """List of the records of a kind. In an order of its own its pages begin behind a number of records."""

    def __init__(self, kind: InputKind[Any], request: ListRequest) -> None:
        self._kind = kind
        order = order_of(request.order_by)
        page = page_of(request, *([int] if order else kind.order_types))
        begins = page.after[0] if order and page.after else request.skip
        ids = list(request.ids) or None
        self.matching = InputFilter(
            ids,
            request.text,
            tuple(request.names),
            order,
            begins,
            start=moment_in(request, "start_time"),
            end=moment_in(request, "end_time"),
            texts=tuple(request.texts),
            tracker_ids=tuple(request.tracker_ids),
            tags=tuple(request.tags),
        )
        self.page = Page(page.size) if order else page

    def next_token(self, found: Sequence[M]) -> str:
        """Return the token of the page after these records; empty on the last page."""
        if not found:
            return ""
        matching = self.matching
        last = (matching.skip + len(found),) if matching.order else self._kind.order_of(found[-1])
        return next_token(self.page, found, *last)


def moment_in(request: DeleteSamplesRequest | ListRequest, name: str) -> datetime | None:
    """Return a moment of a request; None where it is absent. Raises InvalidParameters."""
    if not request.HasField(name):  # type: ignore[arg-type] # a name of two
        return None
    try:
        return datetime_of(getattr(request, name))
    except ValueError as error:
        raise InvalidParameters.one(name, str(error)) from error
