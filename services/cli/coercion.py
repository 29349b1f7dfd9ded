"""Values of options and arguments from the words of a command line, without the library that takes longest to load."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import typer
from typer._coercion import RuntimeParam

WORDS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
SHOWN = 40  # characters of a wrong value


def _flag(value: Any) -> bool:
    return WORDS[str(value).strip().lower()]


CONVERTERS: Mapping[type, tuple[Callable[[Any], Any], str]] = {
    str: (str, "a text"),
    Path: (Path, "a path"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: (_flag, "true or false"),
}


@dataclass(frozen=True)
class PlainParam(RuntimeParam):
    """Value of a plain type, or a list of them."""

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
        if kinds := get_args(self.annotation):  # of a list
            return [self._one(kinds[0], item, param, ctx) for item in value]
        return self._one(self.annotation, value, param, ctx)

    def _one(self, kind: Any, value: Any, param: Any, ctx: Any) -> Any:
        convert, what = CONVERTERS[kind]
        try:
            found = value if isinstance(value, kind) else convert(value)
        except (ValueError, KeyError):
            raise typer.BadParameter(f"{str(value)[:SHOWN]!r} is not {what}", ctx=ctx, param=param) from None
        low, high = self.parameter_info.min, self.parameter_info.max
        if (low is not None and found < low) or (high is not None and found > high):
            bounds = f"at least {low}" if high is None else f"from {low} to {high}"
            raise typer.BadParameter(f"{str(value)[:SHOWN]} is not {bounds}", ctx=ctx, param=param)
        return found


def use_plain(param: Any) -> None:
    """Have a parameter of a plain type converted here."""
    annotation, info = param.type_descriptor.annotation, param.type_descriptor.parameter_info
    kinds = get_args(annotation) if param.type_descriptor.is_list else (annotation,)
    if len(kinds) == 1 and kinds[0] in CONVERTERS and info.parser is None:
        param._runtime_param = PlainParam(info, annotation)  # noqa: SLF001  # Typer has no other place for it
