"""Kinds of reports as messages."""

import json
from functools import cache

from daybook.generation.v1 import generation_service_pb2 as pb

from services.generation.kinds import AnyKind
from services.generation.kit.kind import GROUP_TITLES
from services.generation.kit.options import options_schema
from services.generation.words.catalogue import languages, translator

ENGLISH = "en"


def kind_info(kind: AnyKind, locale: str) -> pb.KindInfo:
    """Return a kind of report, worded in the language of a locale, or in English where that has no catalogue."""
    language = locale.partition("_")[0]
    return _kind_info(kind, language if language in languages() else ENGLISH)


@cache
def _kind_info(kind: AnyKind, language: str) -> pb.KindInfo:
    translate = translator(language)
    info = pb.KindInfo(
        id=kind.id,
        title=translate(kind.title),
        description=translate(kind.description),
        group=pb.KindGroup.Value(f"KIND_GROUP_{kind.group.name}"),
        group_title=translate(GROUP_TITLES[kind.group]),
        entity=pb.KindEntity.Value(f"KIND_ENTITY_{kind.entity.name}"),
        max_entities=kind.max_entities or 0,
        module=kind.module,
        ui_module=kind.ui_module,
        options_schema=json.dumps(options_schema(kind.Options, translate), ensure_ascii=False),
    )
    if kind.max_time_span is not None:
        info.max_span.FromTimedelta(kind.max_time_span)
    return info
