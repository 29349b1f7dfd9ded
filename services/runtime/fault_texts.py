"""Texts of wrong values by the type of their error: what would be right, in one voice, wherever values are checked."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "missing": "must be given",
    "extra_forbidden": "must be left out: it is not known",
    "none_required": "must be null",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_type": "must be a text",
    "string_unicode": "must be a text of Unicode",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "json_invalid": "must be JSON",
    "json_type": "must be JSON",
    "path_type": "must be a path",
    "date_type": "must be a day such as 2026-01-05",
    "date_parsing": "must be a day such as 2026-01-05",
    "date_from_datetime_parsing": "must be a day such as 2026-01-05",
    "datetime_type": "must be a time such as 2026-01-05T09:00:00Z",
    "datetime_from_date_parsing": "must be a time such as 2026-01-05T09:00:00Z",
    "datetime_parsing": "must be a time such as 2026-01-05T09:00:00Z",
    "time_delta_type": "must be a duration such as PT5M",
    "time_delta_parsing": "must be a duration such as PT5M",
    "url_type": "must be an address such as https://example.com",
    "url_parsing": "must be an address such as https://example.com",
    "url_scheme": "must be an address that begins with {expected_schemes}",
}
OTHER = "must be another value"


def fault_text(fault: Mapping[str, object]) -> str:
    """Return what would be right in the place of a wrong value; a check of ours tells it in its own words."""
    known = fault.get("ctx")
    context = known if isinstance(known, dict) else {}
    if fault["type"] in {"value_error", "assertion_error"}:
        return str(context.get("error", OTHER))
    return TEXTS.get(str(fault["type"]), OTHER).format_map(context)
