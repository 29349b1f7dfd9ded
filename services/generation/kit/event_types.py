"""Types of events by their identifiers, with their names, in the order of lists (reference 9)."""

import re
from collections.abc import Iterable, Mapping

from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

EVENT_TYPES: Mapping[str, str] = {
    "inzone": _("Geofence entry"),
    "outzone": _("Geofence exit"),
    "inroute": _("Return to the route"),
    "outroute": _("Route deviation"),
    "auto_geofence_in": _("Return to the auto-geofence"),
    "auto_geofence_out": _("Exit from the auto-geofence (towing)"),
    "track_start": _("Parking end"),
    "track_end": _("Parking start"),
    "speedup": _("Speeding"),
    "idle_start": _("Excessive idling start"),
    "idle_end": _("Excessive idling end"),
    "parking": _("Movement in alarm mode"),
    "harsh_driving": _("Harsh driving"),
    "fatigue_driving": _("Fatigue driving"),
    "crash_alarm": _("Crash"),
    "g_sensor": _("Fall detection"),
    "tacho": _("Tachograph"),
    "forward_collision_warning": _("Forward collision warning"),
    "headway_warning": _("Headway warning"),
    "lane_departure": _("Lane departure"),
    "peds_collision_warning": _("Pedestrian collision warning"),
    "peds_in_danger_zone": _("Pedestrian in the danger zone"),
    "tsr_warning": _("Traffic sign warning"),
    "alarmcontrol": _("Car alarm"),
    "door_alarm": _("Door alarm"),
    "hood_alarm": _("Hood alarm"),
    "ignition": _("Ignition alarm"),
    "security_control": _("Arming and disarming"),
    "battery_off": _("External power cut"),
    "gsm_damp": _("GSM jamming"),
    "sos": _("SOS button"),
    "call_button_pressed": _("Call button pressed"),
    "vibration_start": _("Vibration start"),
    "vibration_end": _("Vibration end"),
    "light_sensor_bright": _("Bright light detected"),
    "light_sensor_dark": _("Darkness detected"),
    "proximity_violation_start": _("Proximity violation start"),
    "proximity_violation_end": _("Proximity violation end"),
    "detach": _("Tracker detached"),
    "case_opened": _("Case opened"),
    "case_closed": _("Case closed"),
    "lock_opened": _("Lock opened"),
    "lock_closed": _("Lock closed"),
    "strap_bolt_cut": _("Strap bolt cut"),
    "strap_bolt_ins": _("Strap bolt inserted"),
    "bracelet_open": _("Bracelet opened"),
    "bracelet_close": _("Bracelet closed"),
    "antenna_disconnect": _("GPS antenna disconnected"),
    "obd_plug_in": _("OBD connector plugged in"),
    "obd_unplug": _("OBD connector unplugged"),
    "online": _("Connection restored"),
    "offline": _("Connection lost"),
    "gps_lost": _("GPS signal lost"),
    "gps_recover": _("GPS signal restored"),
    "poweron": _("Device switched on"),
    "poweroff": _("Device switched off"),
    "lowpower": _("Low battery"),
    "backup_battery_low": _("Low backup battery"),
    "check_engine_light": _("Check engine light"),
    "location_response": _("Location by request"),
    "force_location_request": _("Forced location request"),
    "tracker_rename": _("Tracker renamed"),
    "odometer_set": _("Odometer value changed"),
    "info": _("Information message"),
    "input_change": _("Input changed"),
    "output_change": _("Output changed"),
    "sensor_inrange": _("Sensor value in range"),
    "sensor_outrange": _("Sensor value out of range"),
    "fueling": _("Refueling"),
    "drain": _("Fuel drain"),
    "driver_changed": _("Driver changed"),
    "driver_identified": _("Driver identified"),
    "driver_not_identified": _("Driver not identified"),
    "work_status_change": _("Work status changed"),
    "checkin_creation": _("Check-in"),
    "attach": _("Tracker attached"),
    "battery_on": _("External power restored"),
    "gps_damp": _("GPS jamming"),
    "over_speed_reported": _("Speeding (by hardware speed)"),
    "cruise_control_on": _("Cruise control on"),
    "cruise_control_off": _("Cruise control off"),
    "distance_breached": _("Distance exceeded"),
    "distance_restored": _("Distance restored"),
    "excessive_parking": _("Excessive parking"),
    "excessive_parking_finished": _("Excessive parking end"),
    "excessive_driving_start": _("Excessive driving start"),
    "excessive_driving_end": _("Excessive driving end"),
    "driver_absence": _("Driver absence"),
    "driver_enter": _("Driver entered"),
    "driver_distraction_started": _("Driver distraction start"),
    "driver_distraction_finished": _("Driver distraction end"),
    "fatigue_driving_finished": _("Fatigue driving end"),
    "external_device_connected": _("External device connected"),
    "external_device_disconnected": _("External device disconnected"),
    "no_movement": _("No movement"),
    "state_field_control": _("State field control"),
}
SEPARATOR = re.compile("^ *(?:[:\N{EN DASH}\N{EM DASH}]|-(?!\\d))? *")  # a hyphen before a digit is a minus
ORDER = {name: place for place, name in enumerate(EVENT_TYPES)}


def name_of(language: Language, event_type: str) -> str:
    """Return the name of a type; that of an unknown one is its identifier."""
    return language.t(EVENT_TYPES[event_type]) if event_type in EVENT_TYPES else event_type


def in_order(event_types: Iterable[str]) -> list[str]:
    """Return types once each in the order of lists, unknown ones last, by their identifiers."""
    return sorted(set(event_types), key=lambda one: (ORDER.get(one, len(ORDER)), one))


def worded(language: Language, event_type: str, message: str) -> str:
    """Return the text of an event: the name of its type, and its message unless that says the same.

    Of a message that begins with a name of the type only what follows is added.
    """
    name = name_of(language, event_type)
    rest = " ".join(message.split())
    for known in sorted({name, EVENT_TYPES.get(event_type, event_type), event_type}, key=len, reverse=True):
        begins = rest.casefold().startswith(known.casefold())
        if begins and not rest[len(known) : len(known) + 1].isalnum():
            rest = SEPARATOR.sub("", rest[len(known) :])
            break
    return f"{name} - {rest}" if rest else name
