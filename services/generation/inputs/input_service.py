"""Use cases around inputs: checking, storing, listing and deleting records of any kind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message

from services.errors import InvalidParameters, Violation
from services.generation.domain.paging import Page
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind, M, Reference
from services.generation.inputs.input_rules import InputRules
from services.generation.inputs.input_store import InputFilter, InputStore
from services.generation.inputs.limits import MAX_LABEL
from services.generation.inputs.upsert_plan import Outcome
from services.runtime.codec import Document

MAX_BATCH = 1000
NO_RULES = InputRules()


@dataclass(frozen=True, slots=True)
class Scope:
    """Records that a caller may list: those of an owner, None for all, or of these those with certain ids."""

    owner_id: int | None
    ids: frozenset[int] | None = None


class InputService:
    """Stores the records that keep the rules of their kind."""

    def __init__(self, store: InputStore, rules: Mapping[str, InputRules]) -> None:
        self._store = store
        self._rules = rules

    async def put(self, kind: InputKind[M], owner_id: int, records: Sequence[M]) -> list[Outcome]:
        """Store records and return what became of each; a refusal names the first rule that a record breaks.

        Raises InvalidParameters for a batch that is too long, and NotFound when the owner is being removed.
        """
        if len(records) > MAX_BATCH:
            raise InvalidParameters.one("batch", f"must have at most {MAX_BATCH} records")
        refusals: dict[int, Violation] = {}
        documents: dict[int, Document] = {}
        for place, record in enumerate(records):
            problem = next(kind.problems(record), None)
            if problem is None:
                documents[place] = kind.document(record)
            else:
                refusals[place] = Violation(*problem)
        for reference in kind.references:
            for place, wanted in (await self._dangling(kind, owner_id, reference, documents)).items():
                refusals[place] = Violation(reference.field, wanted)
                del documents[place]
        for place, refusal in (await self._rules_of(kind).prepare(owner_id, documents)).items():
            refusals[place] = refusal
            del documents[place]
        outcomes = await self._store.put(kind, owner_id, list(documents.values())) if documents else []
        if outcomes:
            await self._rules_of(kind).finish(owner_id, [one.id for one in outcomes if one.id])
        stored = iter(outcomes)
        return [
            Outcome(refusal=refusals[place]) if place in refusals else next(stored) for place in range(len(records))
        ]

    def _rules_of(self, kind: InputKind[Any]) -> InputRules:
        return self._rules.get(kind.name, NO_RULES)

    async def _dangling(
        self, kind: InputKind[Any], owner_id: int, reference: Reference, documents: Mapping[int, Document]
    ) -> dict[int, str]:
        """Return the positions of records that refer to what the owner does not have."""
        named = {place: _ids(document[reference.field]) for place, document in documents.items()}
        ids = {one for some in named.values() for one in some}
        target = registry.find_kind(reference.kind)
        if not ids or target is None:
            return {}
        known = await self._store.some(target, owner_id, ids)
        wanted = f"must be a {target.noun} of the {'account' if target.owner is kind.owner.ACCOUNT else 'workspace'}"
        wrong = {place: wanted for place, some in named.items() if not known.keys() >= set(some)}
        for place in named.keys() - wrong.keys():
            for one in named[place]:
                for name in reference.same:
                    if getattr(known[one], name) != documents[place][name]:
                        wrong[place] = f"must have the {name} of the {kind.noun}"
        return wrong

    async def page(self, kind: InputKind[M], scope: Scope, page: Page, matching: InputFilter) -> list[M]:
        """Return records in the order of lists. Raises InvalidParameters for a filter that the kind does not have."""
        if matching.ids is not None:
            _check_ids(kind, matching.ids)
        if matching.text and not kind.text_fields:
            raise InvalidParameters.one("text", f"must be empty for {kind.name}, which have no names")
        if len(matching.text) > MAX_LABEL or "\0" in matching.text:
            raise InvalidParameters.one("text", f"must have at most {MAX_LABEL} characters, none of them NUL")
        if scope.ids is not None:
            matching = replace(matching, ids=scope.ids if matching.ids is None else scope.ids & set(matching.ids))
        found = await self._store.page(kind, scope.owner_id, page, matching)
        await self._rules_of(kind).show(found)
        return found

    async def delete(self, kind: InputKind[M], owner_id: int, ids: Sequence[int], keys: Sequence[M]) -> int:
        """Delete the records with these ids, or with the keys of these records; return how many there were.

        Raises InvalidParameters for too many, and for ids where the kind has none.
        """
        if ids:
            _check_ids(kind, ids)
        if len(keys) > MAX_BATCH:
            raise InvalidParameters.one("keys", f"must have at most {MAX_BATCH} records")
        for place, record in enumerate(keys):
            for name in kind.key:
                limit = kind.limits.get(name)
                if limit is not None and (wanted := limit(getattr(record, name))) is not None:
                    raise InvalidParameters.one(f"keys[{place}].{name}", wanted)
        wanted_keys = {(one,) for one in ids} | {kind.key_of(kind.document(record)) for record in keys}
        if not wanted_keys:
            return 0
        count = await self._store.delete(kind, owner_id, wanted_keys)
        await self._rules_of(kind).finish(owner_id, list(ids))
        return count


def _ids(value: int | Iterable[int]) -> list[int]:
    """Return the ids in a field; 0 is none."""
    return [one for one in ([value] if isinstance(value, int) else value) if one]


def _check_ids(kind: InputKind[Any], ids: Iterable[int]) -> None:
    if kind.id_field is None:
        raise InvalidParameters.one("ids", f"must be empty for {kind.name}, which have none")
    if len(list(ids)) > MAX_BATCH:
        raise InvalidParameters.one("ids", f"must be at most {MAX_BATCH}")


def records_of(batch: Message, name: str) -> Any:
    """Return the records in a list of a batch: the only field of its message, a repeated one."""
    found = getattr(batch, name)
    return getattr(found, found.DESCRIPTOR.fields[0].name)
