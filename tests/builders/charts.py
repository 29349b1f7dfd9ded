"""Short ways to make charts for tests."""

from collections.abc import Mapping, Sequence

from daybook.report.v1.sheet_pb2 import Chart, Quantity, Series

HOURS = Quantity(kind=Quantity.KIND_DURATION, seconds=True)
EUROS = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR")


def bars(
    categories: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    header: str = "Time by day",
    quantity: Quantity = HOURS,
    labels: Sequence[str] = (),
) -> Chart:
    """Return stacked bars: values for each category by the name of their series."""
    piles = [Series(name=name, values=values) for name, values in series.items()]
    return Chart(
        header=header,
        kind=Chart.KIND_STACKED_BAR,
        categories=categories,
        series=piles,
        quantity=quantity,
        labels=labels,
    )


def pie(
    slices: Mapping[str, float], *, header: str = "Projects", quantity: Quantity = HOURS, colors: Sequence[str] = ()
) -> Chart:
    """Return a pie: a value for each name."""
    whole = Series(values=slices.values())
    return Chart(
        header=header, kind=Chart.KIND_PIE, categories=slices, series=[whole], quantity=quantity, colors=colors
    )
