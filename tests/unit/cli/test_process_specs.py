"""Environment of the parts of a stack."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.cli.settings import StackSettings
from services.cli.stack.data_dir import DataDir
from services.cli.stack.mongodb_user import uri_of
from services.cli.stack.process_specs import WantedPorts, addresses_of, process_specs, take_ports

STOP_WITHIN_S = 15.0
OWN = "mongodb://reader:secret@db.example:27017/?replicaSet=one"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> StackSettings:
    """Give settings of an empty environment."""
    for name in ("MONGODB_URI", "OPERATOR_TOKEN", "METRICS_LISTEN"):
        monkeypatch.delenv(name, raising=False)
    return StackSettings()


def test_parts_come_in_the_order_of_their_start(tmp_path: Path, settings: StackSettings) -> None:
    """Each is told where the others are; all can stop in time."""
    ports = take_ports(WantedPorts(0, 0, 0), settings)
    found = process_specs(DataDir(tmp_path), ports, settings, "token", {})
    ports.close()

    assert ["mongodb", "generation", "rendering", "gateway"] == [spec.name for spec in found]
    assert sum(spec.stop_within_s for spec in found) < STOP_WITHIN_S
    for spec in found[1:]:
        told = spec.environment
        address = addresses_of(ports, settings).mongodb.removeprefix("mongodb://")
        assert uri_of(address, DataDir(tmp_path).mongodb_password()) == told["MONGODB_URI"]
        assert told["GENERATION_LISTEN"] == told["GENERATION_ADDRESS"] == addresses_of(ports, settings).generation
        assert told["RENDERING_LISTEN"] == told["RENDERING_ADDRESS"] == addresses_of(ports, settings).rendering
        assert f"http://{told['GATEWAY_LISTEN']}" == addresses_of(ports, settings).gateway
        assert "token" == told["OPERATOR_TOKEN"]
        assert DataDir(tmp_path).keep_worker_name() == told["WORKER_NAME"]
        assert f"http://{told['METRICS_LISTEN']}/metrics" == addresses_of(ports, settings).metrics[spec.name]


def test_a_mongodb_of_ones_own_is_used(tmp_path: Path, settings: StackSettings) -> None:
    """No embedded one is started, and its password is not shown."""
    chosen = settings.model_copy(update={"mongodb_uri": OWN})
    ports = take_ports(WantedPorts(0, 0, 0), chosen)
    found = process_specs(DataDir(tmp_path), ports, chosen, "token", {})
    ports.close()

    assert ["generation", "rendering", "gateway"] == [spec.name for spec in found]
    assert OWN == found[0].environment["MONGODB_URI"]
    assert "mongodb://db.example:27017/?replicaSet=one" == addresses_of(ports, chosen).mongodb


def test_the_embedded_mongodb_listens_on_loopback_alone(tmp_path: Path, settings: StackSettings) -> None:
    """Its data lives in the data directory."""
    ports = take_ports(WantedPorts(0, 0, 0), settings)
    mongodb = process_specs(DataDir(tmp_path), ports, settings, "token", {})[0]
    ports.close()
    words = dict(zip(mongodb.command, mongodb.command[1:], strict=False))

    assert ("127.0.0.1", str(tmp_path / "mongodb")) == (words["--bind_ip"], words["--dbpath"])
    assert mongodb.stop_within_s > 0


@pytest.mark.parametrize(("host", "asked"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("", "127.0.0.1")])
def test_metrics_are_at_three_ports_in_a_row(tmp_path: Path, settings: StackSettings, host: str, asked: str) -> None:
    """METRICS_LISTEN names the first; parts listen on its address, and the stack tells one that can be asked here."""
    chosen = settings.model_copy(update={"metrics_listen": f"{host}:29464"})
    ports = take_ports(WantedPorts(0, 0, 0), chosen)
    found = process_specs(DataDir(tmp_path), ports, chosen, "token", {})
    ports.close()

    urls = addresses_of(ports, chosen).metrics
    assert [f"http://{asked}:{29464 + place}/metrics" for place in range(3)] == list(urls.values())
    told = [spec.environment["METRICS_LISTEN"] for spec in found if "METRICS_LISTEN" in spec.environment]
    assert [f"{host}:{29464 + place}" for place in range(3)] == told


@pytest.mark.parametrize("wrong", ["9464", "127.0.0.1:0", "127.0.0.1:65534", "127.0.0.1:x"])
def test_an_address_of_metrics_without_three_ports_is_refused(wrong: str) -> None:
    """The error names the setting."""
    with pytest.raises(ValidationError, match="metrics_listen"):
        StackSettings(metrics_listen=wrong)
