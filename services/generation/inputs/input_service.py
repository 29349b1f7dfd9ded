"""Use cases around inputs: checking, storing, showing, changing and deleting records of any kind."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message

from services.errors import InvalidParameters, NonexistentEntities, NotFound, StillReferredTo, Unavailable, Violation
from services.generation.domain.paging import Page
from services.generation.domain.plain_text import ids_text
from services.generation.inputs import registry
from services.generation.inputs.field_masks import copy_field, paths_of
from services.generation.inputs.input_kind import InputKind, Key, M, Reference, problems_of
from services.generation.inputs.input_rules import InputRules
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_store import InputFilter, InputStore, Replaced, Stored
from services.generation.inputs.list_filters import check_filter, check_ids
from services.generation.inputs.nested_limits import value_at
from services.generation.inputs.upsert_plan import Outcome
from services.runtime.codec import Document
from services.runtime.cooperation import in_slices

MAX_BATCH = 1000
CONTENDED = "Others change the same record at this moment"
ATTEMPTS = 50  # of a change of a record that others change at the same moment
NO_RULES = InputRules()


@dataclass(frozen=True, slots=True)
class Deletion:
    """Options of a deletion: whether records not stored are passed over, and those referred to detached."""

    allow_missing: bool = False
    detach: bool = False


PLAIN = Deletion()


class InputService:
    """Stores the records that keep the rules of their kind."""

    def __init__(self, store: InputStore, rules: Mapping[str, InputRules]) -> None:
        self._store = store
        self._rules = rules

    async def put(
        self, kind: InputKind[M], owner_id: int, records: Sequence[M], *, create_only: bool = False
    ) -> list[Outcome]:
        """Store records and return what became of each; a refusal names the first rule that a record breaks.

        With `create_only` a record that is stored already is refused. Raises InvalidParameters for a batch that is too
        long, and NotFound when the owner is being removed.
        """
        if len(records) > MAX_BATCH:
            raise InvalidParameters.one("batch", f"must have at most {MAX_BATCH} records")
        refusals: dict[int, Violation] = {}
        documents: dict[int, Document] = {}
        checked = await in_slices(lambda some: [_checked(kind, record) for record in some], records)
        for place, found in enumerate(checked):
            if isinstance(found, Violation):
                refusals[place] = found
            else:
                documents[place] = found
        refusals |= await self._broken(kind, owner_id, documents, kind.references)
        good = [document for place, document in documents.items() if place not in refusals]
        outcomes = await self._store.put(kind, owner_id, good, create_only=create_only) if good else []
        if outcomes:
            await self._rules_of(kind).finish(owner_id, [one.id for one in outcomes if one.id])
        stored = iter(outcomes)
        return [
            Outcome(refusal=refusals[place]) if place in refusals else next(stored) for place in range(len(records))
        ]

    def _rules_of(self, kind: InputKind[Any]) -> InputRules:
        return self._rules.get(kind.name, NO_RULES)

    async def _broken(
        self,
        kind: InputKind[Any],
        owner_id: int,
        documents: Mapping[int, Document],
        references: Iterable[Reference],
    ) -> dict[int, Violation]:
        """Return what is wrong with records, by position, beyond their own fields; the others are completed."""
        refused: dict[int, Violation] = {}
        for reference in references:
            left = {place: document for place, document in documents.items() if place not in refused}
            for place, wanted in (await self._dangling(kind, owner_id, reference, left)).items():
                refused[place] = Violation(reference.field, wanted)
        left = {place: document for place, document in documents.items() if place not in refused}
        return refused | dict(await self._rules_of(kind).prepare(owner_id, left))

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
        """Return records in the order of lists.

        Raises InvalidParameters for a filter that the kind does not have, and NonexistentEntities for trackers of the
        filter that the owner does not have.
        """
        check_filter(kind, matching)
        await self._check_trackers(scope, matching)
        found = await self._store.page(kind, scope.owner_id, page, _within(kind, scope, matching))
        await self._rules_of(kind).show(found)
        scope.show(kind, found)
        return found

    async def _check_trackers(self, scope: Scope, matching: InputFilter) -> None:
        wanted = set(matching.tracker_ids)
        kind = registry.find_kind("trackers")
        known = await self._store.some(kind, scope.owner_id, wanted) if kind and wanted else {}
        if missing := ids_text(wanted - known.keys()):
            raise NonexistentEntities(ids=missing).naming("tracker_ids", f"do not exist: {missing}")

    async def count(self, kind: InputKind[Any], scope: Scope, matching: InputFilter) -> int:
        """Return how many records match. Raises what `page` raises."""
        check_filter(kind, matching)
        return await self._store.count(kind, scope.owner_id, _within(kind, scope, matching))

    async def get(self, kind: InputKind[M], scope: Scope, record: M) -> M:
        """Return the record with the key of another one, all fields of it. Raises NotFound and InvalidParameters."""
        found = await self._found(kind, scope, _key_of(kind, record))
        message = kind.codec.message(found.document)
        await self._rules_of(kind).show([message])
        scope.show(kind, [message])
        return message

    async def _found(self, kind: InputKind[M], scope: Scope, key: Key) -> Stored:
        found = await self._store.find(kind, scope.owner_id, [key])
        is_seen = found and (scope.ids is None or key[0] in scope.ids) and scope.is_of(kind, found[0].document)
        if not is_seen:
            raise NotFound(kind.missing(key))
        return found[0]

    async def change(self, kind: InputKind[M], owner_id: int | None, record: M, mask: Sequence[str]) -> M:
        """Change the fields of a stored record that a mask names to those of `record`, and return all of it.

        Without an owner the record is of any account, of a global kind. Raises NotFound; InvalidParameters, which
        names each bad value, for an unknown path and for a record that would break a rule.
        """
        paths, key = paths_of(kind, record, mask), _key_of(kind, record)
        for _ in range(ATTEMPTS):
            before = await self._found(kind, Scope(owner_id), key)
            changed = kind.codec.message(before.document)
            for path in paths:
                copy_field(record, changed, path)
            replaced = await self._replace(kind, before, changed, {path.partition(".")[0] for path in paths})
            if replaced.refusal is not None:
                raise InvalidParameters([replaced.refusal])
            if replaced.is_current:
                await self._rules_of(kind).finish(before.owner_id, [key[0]] if kind.id_field else [])
                return await self.get(kind, Scope(before.owner_id), record)
        raise Unavailable(CONTENDED)

    async def _replace(self, kind: InputKind[M], before: Stored, changed: M, names: Collection[str]) -> Replaced:
        problems = [Violation(*problem) for problem in kind.problems(changed)]
        if problems:
            raise InvalidParameters(problems)
        document = kind.document(changed)
        references = [one for one in kind.references if not {one.field, *one.same}.isdisjoint(names)]
        refused = await self._broken(kind, before.owner_id, {0: document}, references)
        return Replaced(refusal=refused[0]) if refused else await self._store.replace(kind, before, document)

    async def delete(
        self,
        kind: InputKind[M],
        owner_id: int | None,
        ids: Sequence[int],
        keys: Sequence[M],
        how: Deletion = PLAIN,
    ) -> int:
        """Delete the records with these ids, or with the keys of these records; return how many there were.

        Without an owner they are of any account, of a global kind. Raises NotFound, before anything is deleted, when
        one of them is not stored, unless that is allowed; InvalidParameters for too many, and for ids where the kind
        has none; StillReferredTo when others refer to records of a kind that is kept for them, unless these are to be
        detached.
        """
        if ids:
            check_ids(kind, ids)
        if len(keys) > MAX_BATCH:
            raise InvalidParameters.one("keys", f"must have at most {MAX_BATCH} records")
        of_keys = {_key_of(kind, record, f"keys[{place}].") for place, record in enumerate(keys)}
        wanted_keys = {(one,) for one in ids} | of_keys
        if not wanted_keys:
            return 0
        if kind.is_kept and owner_id is not None:
            await self._check_references(kind, owner_id, [key[0] for key in wanted_keys], how)
        count = await self._store.delete(kind, owner_id, wanted_keys, allow_missing=how.allow_missing)
        if owner_id is not None:
            await self._rules_of(kind).finish(owner_id, list(ids))
        return count

    async def _check_references(self, kind: InputKind[Any], owner_id: int, ids: Sequence[int], how: "Deletion") -> None:
        """Let what refers to records keep what it has by them. Raises NotFound and StillReferredTo."""
        known = await self._store.some(kind, owner_id, ids)
        missing = set(ids) - known.keys()
        if missing and not how.allow_missing:
            raise NotFound(kind.missing((min(missing),)))
        if how.detach:
            await self._rules_of(kind).detach(owner_id, list(known))
            return
        counts = await self._store.count_references(kind, owner_id, list(known))
        if counts:
            total = sum(counts.values())
            told = " and ".join(_counted(name, count) for name, count in counts.items())
            raise StillReferredTo(f"{told} would lose {'its' if total == 1 else 'their'} {kind.noun}", count=str(total))


def _counted(name: str, count: int) -> str:
    """Return a number of records of a kind in words: "1 time entry", "2 projects"."""
    kind = registry.find_kind(name)
    words = kind.noun if kind and count == 1 else name.replace("_", " ")
    return f"{count} {words}"


def _checked(kind: InputKind[M], record: M) -> Document | Violation:
    """Return a record as an upsert sets it, or the first of its own rules that it breaks."""
    problem = next(kind.problems(record), None)
    return kind.document(record) if problem is None else Violation(*problem)


def _key_of(kind: InputKind[M], record: M, path: str = "") -> Key:
    """Return the key of a record. Raises InvalidParameters for a value that no record has."""
    for name in kind.key:
        limit = kind.limits.get(name)
        for problem in problems_of(f"{path}{name}", limit(value_at(record, name))) if limit else ():
            raise InvalidParameters.one(*problem)
    return kind.key_of(kind.codec.document(record))


def _ids(value: int | Iterable[int]) -> list[int]:
    """Return the ids in a field; 0 is none."""
    return [one for one in ([value] if isinstance(value, int) else value) if one]


def _within(kind: InputKind[Any], scope: Scope, matching: InputFilter) -> InputFilter:
    """Return the conditions of a list for what its caller may see."""
    if scope.ids is not None:
        matching = replace(matching, ids=scope.ids if matching.ids is None else scope.ids & set(matching.ids))
    if kind.person and scope.only_user_id:
        matching = replace(matching, values={**matching.values, kind.person: scope.only_user_id})
    return matching


def records_of(batch: Message, name: str) -> Any:
    """Return the records in a list of a batch: the only field of its message, a repeated one."""
    found = getattr(batch, name)
    return getattr(found, found.DESCRIPTOR.fields[0].name)
