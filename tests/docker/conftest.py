"""A deployment on a database and a broker of its own, which its processes are told of by files."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from django.conf import settings

from apps.config.embedded import Services
from tests.architecture.source import ROOT
from tests.docker.deployment import PATH, Deployment, built

BROKER_DATABASE = 6


@pytest.fixture(scope="session")
def web_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the web's image holds of our own files."""
    return built(ROOT / "docker/Dockerfile.web", tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def bare(web_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A deployment with every setting, whose services are not there."""
    key = tmp_path_factory.mktemp("secrets") / "secret_key"
    key.write_text(secrets.token_urlsafe(48))
    return Deployment(
        web_folder,
        {
            "PATH": PATH,
            "DJANGO_SETTINGS_MODULE": "apps.config.settings.production",
            "ALLOWED_HOSTS": "localhost",
            "SECURE_PROXY_SSL_HEADER": "none",
            "SECURE_SSL_REDIRECT": "0",
            "SECRET_KEY_FILE": str(key),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "BROKER_URL": "redis://127.0.0.1:9/0",
            "BRANCHWISE_DATA": str(tmp_path_factory.mktemp("data")),
        },
    )


@pytest.fixture(scope="module")
def deployment(services: Services, bare: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The same with an empty database and a broker, whose addresses stand in files."""
    name = f"branchwise_deployment_{os.getpid()}"
    given = os.environ.get("DATABASE_URL")
    server = given or services.postgres.url("postgres")
    broker = urlsplit(settings.CELERY_BROKER_URL)._replace(path=f"/{BROKER_DATABASE}").geturl()
    folder = tmp_path_factory.mktemp("addresses")
    (folder / "database_url").write_text(urlsplit(server)._replace(path=f"/{name}").geturl() + "\n")
    (folder / "broker_url").write_text(broker + "\n")
    files = {f"{word.upper()}_FILE": str(folder / word) for word in ("database_url", "broker_url")}
    rest = {key: value for key, value in bare.environment.items() if key not in ("DATABASE_URL", "BROKER_URL")}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield Deployment(bare.folder, {**rest, **files})
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
    with redis.Redis.from_url(broker) as emptied:
        emptied.flushdb()


@pytest.fixture(scope="module")
def migrated(deployment: Deployment) -> Deployment:
    """The deployment with its tables."""
    ended = deployment.run("migrate")
    assert ended.returncode == 0, ended.stderr
    assert "Applying accounts.0001_initial... OK" in ended.stdout
    return deployment
