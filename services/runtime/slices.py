"""Slices of sections that are longer than a part: cut and joined by the contract's field option `slicing`."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from daybook.report.v1 import sheet_pb2 as pb
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

TEXT_ROW = 500  # characters of a text that count as a row


@dataclass(frozen=True, slots=True)
class _Plan:
    """Fields of a message by their way of slicing; `nested` are messages with sliced fields inside.

    Ranges of rows are cut in the content of a section only, not in messages nested in it.
    """

    plain: tuple[FieldDescriptor, ...]
    sequences: tuple[str, ...]
    texts: tuple[str, ...]
    row: str
    entries: tuple[str, ...]
    ranges: str
    nested: tuple[FieldDescriptor, ...]


class Slicer:
    """A section that is cut into slices; `length` is its number of rows, that of its longest list."""

    def __init__(self, section: pb.Section) -> None:
        self.section = section
        self._content = _content(section)
        self.length = 0 if self._content is None else _length(self._content)
        ranges = "" if self._content is None else _plan(self._content.DESCRIPTOR).ranges
        self._ends = list(accumulate(one.row_count for one in getattr(self._content, ranges))) if ranges else []

    def cut(self, start: int, end: int) -> pb.Section:
        """Return the slice of the rows from `start` up to `end`."""
        piece = pb.Section(
            continued=self.section.continued or start > 0, unfinished=self.section.unfinished or end < self.length
        )
        if self._content is None:
            return piece
        content = getattr(piece, self.section.WhichOneof("content") or "")
        content.SetInParent()
        _fill(content, self._content, start, end)
        ranges = _plan(self._content.DESCRIPTOR).ranges
        if ranges:
            getattr(content, ranges).extend(self._ranges(getattr(self._content, ranges), start, end))
        return piece

    def _ranges(self, groups: Any, start: int, end: int) -> Iterator[pb.RowGroup]:
        """Yield the groups of the rows. An empty one belongs to the row before it, or to the first row."""
        for place in range(bisect_right(self._ends, start) if start else 0, len(self._ends)):
            group, past = groups[place], self._ends[place]
            first = past - group.row_count
            if first >= end and (group.row_count or first > end):
                return
            piece = pb.RowGroup(header=group.header, date=group.date, label=group.label)
            piece.row_count = min(past, end) - max(first, start)
            piece.continued = group.continued or first < start
            piece.unfinished = group.unfinished or past > end
            if not piece.unfinished and group.HasField("total"):
                piece.total.CopyFrom(group.total)
            yield piece


def join(whole: pb.Section, piece: pb.Section) -> None:
    """Add the slice that follows to a section, in place."""
    content, more = _content(whole), _content(piece)
    if content is not None and more is not None:
        _extend(content, more, _length(content))
    whole.unfinished = piece.unfinished


def _content(section: pb.Section) -> Message | None:
    kind = section.WhichOneof("content")
    return None if kind is None else getattr(section, kind)


@cache
def _plan(descriptor: Descriptor) -> _Plan:
    by_kind: dict[int, list[FieldDescriptor]] = {kind: [] for kind in pb.Slicing.values()}
    nested = []
    for field in descriptor.fields:
        slicing = field.GetOptions().Extensions[pb.slicing]
        if not slicing and field.message_type is not None and is_sliced(field.message_type):
            nested.append(field)
        else:
            by_kind[slicing].append(field)
    sequences = by_kind[pb.SLICING_SEQUENCE]
    return _Plan(
        plain=tuple(by_kind[pb.SLICING_UNSPECIFIED]),
        sequences=tuple(field.name for field in sequences if field.is_repeated),
        texts=tuple(field.name for field in sequences if not field.is_repeated),
        row="".join(field.name for field in by_kind[pb.SLICING_ROW]),
        entries=tuple(field.name for field in by_kind[pb.SLICING_ENTRY]),
        ranges="".join(field.name for field in by_kind[pb.SLICING_RANGE]),
        nested=tuple(nested),
    )


def is_sliced(descriptor: Descriptor) -> bool:
    """Return whether messages of a type hold fields that are divided between slices."""
    plan = _plan(descriptor)
    return bool(plan.sequences or plan.texts or plan.row or plan.ranges or plan.nested)


def _children(message: Message, field: FieldDescriptor) -> Iterable[Any]:
    if field.is_repeated:
        return getattr(message, field.name)  # type: ignore[no-any-return]  # a repeated field
    return [getattr(message, field.name)] if message.HasField(field.name) else []


def _length(message: Message) -> int:
    plan = _plan(message.DESCRIPTOR)
    lengths = [len(getattr(message, name)) for name in plan.sequences]
    lengths += [-(-len(getattr(message, name)) // TEXT_ROW) for name in plan.texts]
    if plan.ranges:
        lengths.append(sum(one.row_count for one in getattr(message, plan.ranges)))
    lengths += [_length(child) for field in plan.nested for child in _children(message, field)]
    return max(lengths, default=0)


def _fill(piece: Any, whole: Any, start: int, end: int) -> None:
    """Write the rows into an empty message; finished messages put into it would be copied."""
    plan = _plan(whole.DESCRIPTOR)
    for field in plan.plain:
        _copy(piece, whole, field)
    for name in plan.sequences:
        getattr(piece, name).extend(getattr(whole, name)[start:end])
    for name in plan.texts:
        setattr(piece, name, getattr(whole, name)[start * TEXT_ROW : end * TEXT_ROW])
    if plan.row:
        rows = getattr(whole, plan.row)
        first, past = bisect_left(rows, start), bisect_left(rows, end)
        getattr(piece, plan.row).extend(row - start for row in rows[first:past])
        for name in plan.entries:
            getattr(piece, name).extend(getattr(whole, name)[first:past])
    for field in plan.nested:
        for child in _children(whole, field):
            target = getattr(piece, field.name)
            child_piece = target.add() if field.is_repeated else target
            child_piece.SetInParent()
            _fill(child_piece, child, start, end)


def _copy(piece: Any, whole: Any, field: FieldDescriptor) -> None:
    value = getattr(whole, field.name)
    if field.is_repeated:
        getattr(piece, field.name).MergeFrom(value)
    elif field.has_presence and not whole.HasField(field.name):
        return
    elif field.message_type is not None:
        getattr(piece, field.name).CopyFrom(value)
    else:
        setattr(piece, field.name, value)


def _extend(whole: Any, piece: Any, before: int) -> None:
    """Add the rows of a slice, of which so many came before."""
    plan = _plan(whole.DESCRIPTOR)
    for name in plan.sequences:
        getattr(whole, name).MergeFrom(getattr(piece, name))
    for name in plan.texts:
        setattr(whole, name, getattr(whole, name) + getattr(piece, name))
    if plan.row:
        getattr(whole, plan.row).extend(before + row for row in getattr(piece, plan.row))
    for name in plan.entries:
        getattr(whole, name).MergeFrom(getattr(piece, name))
    if plan.ranges:
        _extend_ranges(getattr(whole, plan.ranges), getattr(piece, plan.ranges))
    for field in plan.nested:
        for child, more in zip(_children(whole, field), _children(piece, field), strict=True):
            _extend(child, more, before)


def _extend_ranges(groups: Any, pieces: Iterable[pb.RowGroup]) -> None:
    for piece in pieces:
        if piece.continued:
            last = groups[-1]
            last.row_count += piece.row_count
            last.unfinished = piece.unfinished
            if piece.HasField("total"):
                last.total.CopyFrom(piece.total)
        else:
            groups.append(piece)
