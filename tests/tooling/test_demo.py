"""The demo refuses what it cannot do, in one sentence."""

import socket
import stat

import pytest

from app.development import demo, installation
from app.development.demo import DemoFailed, DemoOptions, run_demo
from app.development.installation import Ports, demo_environment, development_secrets
from app.settings import load_settings


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(installation, "DATA", tmp_path / ".data")
    monkeypatch.setattr(installation, "SECRETS", tmp_path / ".data" / "demo.json")
    return tmp_path


@pytest.mark.parametrize("setting", ["PORT", "DEVSTORE_PORT"])
def test_a_taken_port_is_refused_before_anything_starts(setting):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = Ports(app=port) if setting == "PORT" else Ports(app=1, devstore=port)

        with pytest.raises(DemoFailed, match=rf"Port {port} is served already.* set {setting} to"):
            run_demo(DemoOptions(ports=ports, customers=0, fresh=False))


def test_secrets_are_made_once_and_private(own_folder):
    first = development_secrets()

    assert development_secrets() == first
    assert stat.S_IMODE((own_folder / ".data" / "demo.json").stat().st_mode) == 0o600


def test_the_demos_environment_is_complete(own_folder):
    environment = demo_environment(Ports(app=8000, devstore=8100), "postgresql:///x")

    settings = load_settings(environment)

    assert settings.app_url == "http://127.0.0.1:8000"
    assert settings.shopify_origin_template == "http://127.0.0.1:8100/shop/{shop}"
    assert settings.development


def test_a_fresh_start_spares_a_database_of_the_users(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///precious")

    with pytest.raises(DemoFailed, match="not DATABASE_URL's"):
        demo._prepare("postgresql:///precious", fresh=True)
