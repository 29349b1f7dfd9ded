"""Process of a service: settings, logs, metrics and traces around its server."""

import sys
from collections.abc import Callable, Coroutine
from typing import Protocol, TypeVar

import uvloop
from pydantic import ValidationError

from services.runtime import logs
from services.runtime.observability import CannotBeObserved, observed
from services.runtime.open_files import raise_open_files
from services.runtime.serve import CannotListen, CannotServe
from services.runtime.settings import wrong_settings


class ProcessSettings(Protocol):
    """Settings that every service has."""

    @property
    def log_level(self) -> str:
        """Lowest level of the log."""

    @property
    def metrics_listen(self) -> str:
        """Address of the metrics, host:port; empty: nowhere."""


SWITCH_S = 0.0005  # threads that compute leave the interpreter to the event loop so soon: a call needs it many times

S = TypeVar("S", bound=ProcessSettings)


def run_service(name: str, read: Callable[[], S], serve: Callable[[S], Coroutine[None, None, None]]) -> None:
    """Read the settings and serve until stopped.

    A wrong setting, a taken port and what CannotServe tells of are one clear line and exit code 1.
    """
    try:
        settings = read()
    except ValidationError as error:
        sys.exit(f"{name}: {wrong_settings(error)}")
    logs.configure(name, settings.log_level)
    raise_open_files()
    sys.setswitchinterval(SWITCH_S)
    try:
        with observed(name, settings.metrics_listen):
            uvloop.run(serve(settings))
    except (CannotBeObserved, CannotListen, CannotServe) as error:
        sys.exit(f"{name}: {error}")
