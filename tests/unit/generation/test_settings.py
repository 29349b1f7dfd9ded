"""Settings of generation from the environment."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.generation.settings import Settings
from services.runtime.settings import wrong_settings

RIGHT = {"MONGODB_URI": "mongodb://127.0.0.1/", "OPERATOR_TOKEN": "secret"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Set what is needed, and nothing else that the service reads."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_two_settings_are_enough(environment: pytest.MonkeyPatch) -> None:
    """The rest has the documented defaults, and the token does not show."""
    del environment
    settings = Settings()

    assert (timedelta(days=90), 5, 15, 30) == (
        settings.max_time_span, settings.reports_at_once, settings.lease_seconds, settings.keep_days,
    )  # fmt: skip
    assert "'secret'" not in repr(settings)


def test_a_span_is_written_as_iso_8601(environment: pytest.MonkeyPatch) -> None:
    """The longest period is told like in answers."""
    environment.setenv("MAX_TIME_SPAN", "P31D")

    assert timedelta(days=31) == Settings().max_time_span


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONGODB_URI", "127.0.0.1:27017"),
        ("MONGODB_DATABASE", "a b"),
        ("OPERATOR_TOKEN", ""),
        ("OPERATOR_TOKEN", "ключ"),
        ("OPERATOR_TOKEN", " secret"),
        ("LOG_LEVEL", "LOUD"),
        ("WORKERS", "0"),
        ("LEASE_SECONDS", "nan"),
        ("HEARTBEAT_SECONDS", "8"),
        ("MAX_TIME_SPAN", "long"),
        ("KEEP_DAYS", "0"),
        ("DEFAULT_GEOCODER", "nobody"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The service does not start with a setting that would fail later; its name is told, its value is not."""
    environment.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    line = wrong_settings(caught.value)

    assert line.startswith(f"wrong settings: {name}: ")
    assert 1 == len(line.splitlines())
    assert not value or value not in line.replace("LEASE_SECONDS", "")


def test_dask_that_is_not_installed_is_told(environment: pytest.MonkeyPatch) -> None:
    """A cluster needs the extra, which the image of the services does without."""
    environment.setenv("EXECUTOR", "dask://scheduler:8786")
    assert "dask://scheduler:8786" == Settings().executor
    environment.setattr("services.generation.settings.find_spec", lambda _name: None)
    with pytest.raises(ValidationError) as caught:
        Settings()

    assert wrong_settings(caught.value).startswith("wrong settings: EXECUTOR: Dask is not installed: it comes with")


def test_what_is_missing_is_named(environment: pytest.MonkeyPatch) -> None:
    """Both settings without a default are named at once."""
    for name in RIGHT:
        environment.delenv(name)
    with pytest.raises(ValidationError) as caught:
        Settings()

    assert "wrong settings: MONGODB_URI: must be given; OPERATOR_TOKEN: must be given" == wrong_settings(caught.value)
