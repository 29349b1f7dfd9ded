"""Secrets in files: the variable `NAME_FILE` names a file that holds the value of `NAME`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECRET: Any = {"secret": True}  # in the description of a setting: it is a secret, or holds one
MOST_BYTES = 65_536


class UnreadableSecret(ValueError):
    """A secret's file that cannot be read; `variable` named it."""

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(f"cannot read the file: {why}")
        self.variable = variable


def secret_in_file(name: str, environment: Mapping[str, str]) -> str | None:
    """Return what the file of a secret holds, without the end of its last line.

    None where the secret's own variable holds a value, or no file is named. Raises UnreadableSecret.
    """
    variable = f"{name}_FILE"
    path = environment.get(variable, "")
    if not path or environment.get(name, ""):
        return None
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise UnreadableSecret(variable, f"it has more than {MOST_BYTES} bytes")
        return content.decode().removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise UnreadableSecret(variable, str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise UnreadableSecret(variable, "it is not UTF-8") from error
