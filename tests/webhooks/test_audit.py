"""Nothing acknowledged is lost, doubled or forged, whatever is killed."""

import os

import pytest

from app.db.embedded_postgres import embedded_postgres
from benchmarks.audit import FAULTS, audit
from benchmarks.installation import installation


@pytest.mark.parametrize("fault", ["server", "worker"])
def test_killed_processes_lose_double_and_forge_nothing(postgres_url, fault):
    with installation(postgres_url) as installed:
        assert audit(installed, fault, webhooks=300, threads=8)


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS)
def test_thousands_of_webhooks_under_fire(tmp_path_factory, fault):
    project = tmp_path_factory.mktemp("audit")
    os.chmod(project, 0o755)
    with embedded_postgres(project) as url, installation(url) as installed:
        assert audit(installed, fault, webhooks=6_000, threads=16)
