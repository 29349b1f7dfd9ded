"""Vehicles: what carries the trackers of an account."""

from daybook.input.v1.fleet_pb2 import Vehicle

from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.limits import currency, identifier, number, reference, text

VEHICLES = InputKind(
    name="vehicles",
    noun="vehicle",
    message=Vehicle,
    limits={
        "id": identifier(),
        "tracker_id": reference(),
        "label": text(1),
        "norm_avg_fuel_consumption": number(0, 1_000_000),
        "fuel_cost": number(0, 1_000_000),
        "currency_code": currency,
        "max_speed": number(1, 400, " km/h"),
        "reg_number": text(),
        "type": text(),
        "fuel_tank_volume": number(0, 1_000_000, " L"),
    },
    defaults={"currency_code": "USD"},
    references=(Reference("tracker_id", "trackers"),),
    read_by=("tracker_id",),
    text_fields=("label", "reg_number"),
    output_only=("tracker_label",),
)
