"""The two kinds of work as the service knows them: what they need is large, and only workers load it."""

from importlib import import_module

from services.generation.reporting.units import SheetMade, SheetUnit, SummaryUnit

WORKER = "services.generation.executors.worker"


def make_sheet(unit: SheetUnit) -> SheetMade:
    """See the worker."""
    made: SheetMade = import_module(WORKER).make_sheet(unit)
    return made


def make_summary(unit: SummaryUnit) -> SheetMade:
    """See the worker."""
    made: SheetMade = import_module(WORKER).make_summary(unit)
    return made
