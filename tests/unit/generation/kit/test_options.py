"""Options: what they take, their JSON Schema, their errors in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from pydantic import ValidationError, model_validator

from services.errors import Violation
from services.generation.kinds import KINDS
from services.generation.kit.option_violations import violations
from services.generation.kit.options import (
    Id,
    Ids,
    NamedRecord,
    Number,
    Options,
    OptionsModel,
    SummaryOptions,
    Whole,
    named_records,
    option,
    options_schema,
)
from services.generation.words.catalogue import translator


class Shift(OptionsModel):
    name: str = option(..., "Name", "Name of the shift.", min_length=1, max_length=10)
    start: str = option(..., "Start", "When it begins.", pattern=r"^\d\d:\d\d$", examples=["09:00"])


class Wide(SummaryOptions):
    shifts: list[Shift] = option([], "Shifts", "Parts of the day.", max_length=2)
    zone_ids: Ids | None = option(None, "Zones", "All without any.", entity="zone")
    graph: Literal["time", "mileage"] = option("time", "Graph", "What the axis counts.")
    speed: Whole = option(60, "Speed", "Limit.", ge=1, le=400, unit="km/h")
    share: Number = option(0.2, "Share", "Strength.", ge=0.01, le=0.99, advanced=True)
    rates: dict[Whole, Number] = option({10: 2}, "Rates", "Points by excess.")

    @model_validator(mode="after")
    def _apart(self) -> "Wide":
        if len({shift.name for shift in self.shifts}) < len(self.shifts):
            raise ValueError("shifts must have names of their own")
        return self


class Needy(Options):
    speed: Whole = option(..., "Speed", "Limit.", ge=1)


def complaints(model: type[Options], **values: Any) -> list[Violation]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    return list(violations(caught.value, model))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"show_seconds": 1.0}, {"show_seconds": True}),
        ({"show_seconds": "false"}, {"show_seconds": False}),
        ({"speed": "80"}, {"speed": 80}),
        ({"speed": 80.0}, {"speed": 80}),
        ({"speed": None, "zone_ids": None}, {"speed": 60, "zone_ids": None}),
        ({"zone_ids": [3, "1", 3.0]}, {"zone_ids": [3, 1]}),
        ({"rates": {"20": 1.5}}, {"rates": {20: 1.5}}),
    ],
)
def test_options_take_what_clients_send(values: dict[str, Any], expected: dict[str, Any]) -> None:
    """Numbers may come as texts, flags as numbers; null is the default; a list holds an id once."""
    assert expected.items() <= Wide.model_validate(values).model_dump().items()


@pytest.mark.parametrize(
    ("values", "field", "description"),
    [
        ({"speed": 0}, "plugin.speed", "must be a whole number from 1 to 400, not 0"),
        ({"speed": 1.5}, "plugin.speed", "must be a whole number from 1 to 400, not 1.5"),
        ({"speed": True}, "plugin.speed", "must be a whole number from 1 to 400, not true"),
        ({"graph": "way"}, "plugin.graph", 'must be one of time, mileage, not "way"'),
        ({"show_seconds": "perhaps"}, "plugin.show_seconds", 'must be true or false, not "perhaps"'),
        ({"share": 0}, "plugin.share", "must be a number from 0.01 to 0.99, not 0"),
        ({"zone_ids": [1, 0]}, "plugin.zone_ids[1]", "must be a whole number from 1 to 2147483647, not 0"),
        ({"zone_ids": 7}, "plugin.zone_ids", "must be a list, not 7"),
        ({"zone_ids": 7.0}, "plugin.zone_ids", "must be a list, not 7"),
        ({"show_seconds": [7.0, {"a": 2.5}]}, "plugin.show_seconds", 'must be true or false, not [7, {"a": 2.5}]'),
        ({"show_seconds": 1e300}, "plugin.show_seconds", "must be true or false, not 1e+300"),
        ({"shifts": [{"name": "a", "start": "9"}]}, "plugin.shifts[0].start", 'must be a text such as 09:00, not "9"'),
        ({"shifts": [{"name": "a"}]}, "plugin.shifts[0].start", "is required: a text such as 09:00"),
        ({"shifts": ["a"]}, "plugin.shifts[0]", 'must be an object, not "a"'),
        ({"rates": {"x": 1}}, "plugin.rates.x", "is not a key of this option: keys are like 10"),
        ({"rates": {"5": "x"}}, "plugin.rates.5", 'must be a number, not "x"'),
        ({"graph": "a" * 90}, "plugin.graph", f'must be one of time, mileage, not "{"a" * 39}...'),
        ({"shifts": [{"name": "a", "start": "09:00"}] * 2}, "plugin", "shifts must have names of their own"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(values: dict[str, Any], field: str, description: str) -> None:
    """The option or the member of one is named, with what would be right and what came."""
    assert [Violation(field, description)] == complaints(Wide, **values)


def test_a_required_option_is_missed_by_name() -> None:
    """An absent value or null has to be given."""
    wanted = [Violation("plugin.speed", "is required: a whole number of at least 1")]

    assert wanted == complaints(Needy) == complaints(Needy, speed=None)


def test_the_schema_tells_types_defaults_and_bounds() -> None:
    """References are resolved, null and generated titles are left out; a kind's own options come first in a form."""
    schema = options_schema(Wide)
    properties = schema["properties"]

    assert ("object", False) == (schema["type"], "required" in schema)
    assert {
        "title": "Speed",
        "description": "Limit.",
        "type": "integer",
        "minimum": 1,
        "maximum": 400,
        "default": 60,
        "x-daybook": {"order": 5, "unit": "km/h"},
    } == properties["speed"]
    assert {
        "title": "Zones",
        "description": "All without any.",
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "x-daybook": {"order": 3, "entity": "zone"},
    } == properties["zone_ids"]
    assert ["time", "mileage"] == properties["graph"]["enum"]
    assert ["name", "start"] == properties["shifts"]["items"]["required"]
    assert {"order": 6, "advanced": True} == properties["share"]["x-daybook"]
    assert 9 == properties["show_seconds"]["x-daybook"]["order"]
    assert "$ref" not in str(schema)


def test_the_schema_speaks_the_readers_language() -> None:
    """Titles and descriptions are translated, members' too; names, words and defaults are not."""
    schema = options_schema(Wide, str.upper)

    assert "SPEED" == schema["properties"]["speed"]["title"]
    assert "NAME OF THE SHIFT." == schema["properties"]["shifts"]["items"]["properties"]["name"]["description"]
    assert "KM/H" == schema["properties"]["speed"]["x-daybook"]["unit"]
    assert ("time", ["time", "mileage"]) == tuple(schema["properties"]["graph"][name] for name in ("default", "enum"))


def test_required_options_stand_in_the_schema() -> None:
    """Without them nothing can be asked for."""
    assert ["speed"] == options_schema(Needy)["required"]


class Pair(OptionsModel):
    tracker_id: Id = option(..., "Object", "Object of the sensor.", entity="tracker")
    sensor_id: Id = option(..., "Sensor", "Sensor to show.", entity="sensor")
    number: Id = option(1, "Number", "Of nothing.")


class Naming(Options):
    zone_ids: Ids | None = option(None, "Zones", "All without any.", entity="zone")
    place_id: Id | None = option(None, "Place", "None without one.", entity="place")
    sensors: list[Pair] = option([], "Sensors", "Sensors to show.")


def test_records_that_options_name_are_known_by_the_entity_of_the_option() -> None:
    """Ids in one object belong together; an option without entity names nothing."""
    pairs = [{"tracker_id": 7, "sensor_id": 71}]
    named = named_records(Naming.model_validate({"zone_ids": [3, 4], "place_id": 5, "sensors": pairs, "number": 9}))

    assert [
        NamedRecord("zone", 3),
        NamedRecord("zone", 4),
        NamedRecord("tracker", 7, {"sensor_id": 71}),
        NamedRecord("sensor", 71, {"tracker_id": 7}),
        NamedRecord("place", 5),
    ] == list(named)
    assert [] == list(named_records(Naming()))


@pytest.mark.parametrize("value", ["yes", "on", "1", "True", "t", "", 2, 0.5, [], {}])
def test_a_flag_is_true_or_false_or_a_number_for_it(value: Any) -> None:
    """Of texts only true and false."""
    assert ["plugin.show_seconds"] == [one.field for one in complaints(Wide, show_seconds=value)]


@pytest.mark.parametrize("value", ["6_0", " 60", "60.0", "six", "", 1.5, True, False, [60]])
def test_a_whole_number_may_be_a_text_of_digits(value: Any) -> None:
    """Or have a zero fraction; nothing else is one."""
    assert ["plugin.speed"] == [one.field for one in complaints(Wide, speed=value)]


def _choices(node: Any) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Yield the schemas of options that are one or some of a few words, with the words."""
    for one in node.get("properties", {}).values():
        words = one.get("enum") or one.get("items", {}).get("enum") or []
        if words and all(isinstance(word, str) for word in words):
            yield one, words
        yield from _choices(one)
        yield from _choices(one.get("items", {}))


@pytest.mark.parametrize("locale", ["en", "ru", "es", "de"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.id))
def test_words_that_may_be_chosen_have_names_in_every_language(kind, locale):
    """A form shows the name, which is no word of programs."""
    schema = options_schema(kind.Options, translator(locale))
    english = options_schema(kind.Options)
    for (one, words), (source, _words) in zip(_choices(schema), _choices(english), strict=True):
        labels = one["x-daybook"]["labels"]
        assert set(words) == set(labels)
        assert locale == "en" or labels != source["x-daybook"]["labels"]
