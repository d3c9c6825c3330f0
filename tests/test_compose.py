"""The compose file, as far as it can be checked without a Docker engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PASSWORD = "chosen-by-a-test"


def compose(*arguments: str, password: str | None = PASSWORD) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "NEO4J_PASSWORD"}
    if password:
        environment["NEO4J_PASSWORD"] = password
    command = [*client(), "-f", str(ROOT / "docker-compose.yml"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def client() -> list[str]:
    """The compose command: a plugin of docker, or a program of its own."""
    if shutil.which("docker"):
        told = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        if told.returncode == 0:
            return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    pytest.skip("neither `docker compose` nor docker-compose is installed")


def test_the_file_is_valid_and_takes_the_password_from_the_environment() -> None:
    shown = compose("config")

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count(PASSWORD) == 2
    assert "healthcheck" in shown.stdout
    assert "service_healthy" in shown.stdout


def test_there_is_no_default_password() -> None:
    shown = compose("config", password=None)

    assert shown.returncode != 0
    assert "set NEO4J_PASSWORD" in shown.stderr


def test_neo4j_is_pinned_and_ports_are_of_this_machine_only() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert "image: neo4j:5.26.30-community" in text
    ports = [line.strip() for line in text.splitlines() if line.strip().startswith('- "')]
    assert ports
    assert all(port.startswith('- "127.0.0.1:') for port in ports)
