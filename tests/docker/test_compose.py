"""What compose.yml starts: guarded, in order, with secrets as files, and with one way in; nothing is started here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis

from apps.config import env
from apps.config.embedded.binaries import valkey_server
from apps.config.embedded.service_user import service_user
from apps.config.embedded.valkey import free_port
from tests.architecture.source import ROOT
from tests.docker.test_descriptions import COMPOSE, OURS, SERVICES

ENTRYPOINT = (ROOT / "docker/entrypoint.sh").read_text()


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = SERVICES[request.param]
    return found


def test_a_service_may_do_nothing_that_it_need_not(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["init"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_only_the_web_can_be_reached_and_only_from_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert SERVICES["web"]["ports"] == ["${PUBLISHED_AT:-127.0.0.1:8000}:8000"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    outside = [name for name, service in SERVICES.items() if "outside" in service["networks"]]
    assert outside == ["web"]


def test_everything_that_is_named_is_declared() -> None:
    for kind in ("secrets", "networks"):
        used = {name for service in SERVICES.values() for name in service.get(kind, [])}
        assert used == set(COMPOSE[kind])
    volumes = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert volumes == set(COMPOSE["volumes"])
    configs = {mount["source"] for service in SERVICES.values() for mount in service.get("configs", [])}
    assert configs == set(COMPOSE["configs"])
    assert [one["file"] for one in COMPOSE["configs"].values() if not (ROOT / "docker" / one["file"]).is_file()] == []


def test_no_secret_stands_in_an_environment_and_each_file_that_is_named_is_mounted(service: dict[str, Any]) -> None:
    files = {value for name, value in service.get("environment", {}).items() if name.endswith("_FILE")}
    mounted = {f"/run/secrets/{name}" for name in service.get("secrets", [])}
    assert files <= mounted
    assert not set(service.get("environment", {})) & {"DATABASE_URL", "BROKER_URL", "POSTGRES_PASSWORD"}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_what_the_entrypoint_knows_after_what_they_need(name: str) -> None:
    assert SERVICES[name]["command"] == [name]
    assert re.search(rf"^(.* \| )?{name}( \| .*)?\)$", ENTRYPOINT, flags=re.MULTILINE)
    needed = {one: told["condition"] for one, told in SERVICES[name]["depends_on"].items()}
    assert needed["postgres"] == "service_healthy"
    assert name == "migrate" or needed["migrate"] == "service_completed_successfully"


def prepared(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of prepare.sh in a folder."""
    script = folder / "prepare.sh"
    script.write_text((ROOT / "docker/prepare.sh").read_text())
    return subprocess.run(["/bin/sh", str(script)], capture_output=True, text=True, check=True)


def test_the_secrets_that_are_prepared_are_those_that_are_mounted(tmp_path: Path) -> None:
    assert prepared(tmp_path).stderr == ""
    made = {f"secrets/{path.name}" for path in (tmp_path / "secrets").iterdir()}
    assert made == {one["file"] for one in COMPOSE["secrets"].values()}
    held = {path.name: path.read_text().strip() for path in (tmp_path / "secrets").iterdir()}
    assert len({held["secret_key"], held["postgres_password"], held["database_password"]}) == 3
    assert len(env.secret_from(tmp_path / "secrets/secret_key", "SECRET_KEY_FILE")) == 64
    database = env.database(held["database_url"])
    assert (database["HOST"], database["NAME"], database["PASSWORD"]) == (
        "postgres",
        "branchwise",
        held["database_password"],
    )
    assert env.broker(held["broker_url"]) == f"redis://:{held['valkey_auth'].split()[1]}@valkey:6379/0"
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o444}


def test_what_was_prepared_is_kept(tmp_path: Path) -> None:
    prepared(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / ".env").write_text("ALLOWED_HOSTS=branchwise.example.org\n")
    assert prepared(tmp_path).stderr.count("is kept") == 2
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == {**before, tmp_path / ".env": b"ALLOWED_HOSTS=branchwise.example.org\n"}


def test_the_settings_that_are_prepared_are_all_that_compose_asks_for(tmp_path: Path) -> None:
    prepared(tmp_path)
    given = {line.split("=")[0] for line in (tmp_path / ".env").read_text().splitlines() if not line.startswith("#")}
    text = (ROOT / "docker/compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) <= given <= set(re.findall(r"\$\{(\w+)", text))


def test_valkey_takes_its_configuration_and_asks_for_the_password(tmp_path: Path) -> None:
    prepared(tmp_path)
    port = free_port()
    text = (ROOT / "docker/valkey.conf").read_text()
    places = {"/run/secrets/valkey_auth": f"{tmp_path}/secrets/valkey_auth", "dir /data": f"dir {tmp_path}"}
    for there, here in {**places, "bind * -::*": "bind 127.0.0.1", "port 6379": f"port {port}"}.items():
        assert there in text
        text = text.replace(there, here)
    (tmp_path / "valkey.conf").write_text(text)
    server = subprocess.Popen([str(valkey_server(service_user())), str(tmp_path / "valkey.conf")])
    password = (tmp_path / "secrets/valkey_auth").read_text().split()[1]
    try:
        retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), 100)
        with redis.Redis(port=port, password=password, retry=retry) as known:
            assert known.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert known.config_get("appendonly") == {"appendonly": "yes"}
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        server.terminate()
        server.wait(timeout=30)
