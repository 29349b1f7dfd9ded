"""When a process is traced, and what the environment may say of it."""

import pytest

from services.runtime.tracing import WrongTracing, exporter_named


@pytest.mark.parametrize(
    ("exporter", "environment"),
    [
        ("", {}),
        ("", {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"}),
        ("", {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}),
        ("otlp", {"OTEL_TRACES_EXPORTER": "otlp"}),
        ("otlp", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"}),
        (
            "otlp",
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
        ),
        ("console", {"OTEL_TRACES_EXPORTER": "console"}),
    ],
)
def test_the_standard_variables_choose_the_exporter(exporter, environment):
    """An address alone is enough, and none is chosen without being asked for."""
    assert exporter == exporter_named(environment)


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("OTEL_TRACES_EXPORTER", {"OTEL_TRACES_EXPORTER": "jaeger"}),
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
        ),
    ],
)
def test_an_exporter_that_is_not_there_is_named(name, environment):
    """Nothing else is taken in its place."""
    with pytest.raises(WrongTracing, match=rf"^wrong settings: {name}: must be "):
        exporter_named(environment)
