"""What wrong settings look like to whoever starts a service."""

from pydantic import ValidationError


def wrong_settings(error: ValidationError) -> str:
    """Return one line that names each wrong environment variable, never its value."""
    named = (f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors(include_input=False))
    return "wrong settings: " + "; ".join(named)
