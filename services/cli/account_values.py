"""Values of options about accounts as the fields of messages: words of closed sets as numbers of enums."""

from __future__ import annotations

from typing import Any

from services.cli.errors import CommandFailed

OPEN = {"measurement_system", "date_format", "hour_mode", "week_start"}  # fields that may be set to "", their default


def account_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of fields of an account, words of closed sets as numbers. Raises CommandFailed."""
    from daybook.account.v1.account_service_pb2 import User

    from services.runtime.enum_words import numbers_of

    found = dict(values)
    for name, value in values.items():
        enum = User.DESCRIPTOR.fields_by_name[name].enum_type
        if enum is None:
            continue
        known = numbers_of(enum)
        allowed = known.keys() if name in OPEN else known.keys() - {""}
        words = value if isinstance(value, list) else [value]
        if not set(words) <= allowed:
            raise CommandFailed(f"Invalid parameters: {name}: must be one of {', '.join(filter(None, known))}")
        numbers = [known[word] for word in words]
        found[name] = numbers if isinstance(value, list) else numbers[0]
    return found
