"""What the service reads from its environment."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from iconograph.gql.limits import Limits
from iconograph.graph.errors import InputError
from iconograph.service import settings
from iconograph.service.server import address_of, listening
from iconograph.service.settings import Settings

STORE = {"ICONOGRAPH_STORE": "sqlite:///eden.db"}


def test_a_store_is_enough() -> None:
    assert Settings.from_environment(STORE) == Settings(store_url="sqlite:///eden.db")


def test_every_variable_is_read(tmp_path: Path) -> None:
    limits = {f"ICONOGRAPH_MAX_{f.name.upper()}": str(i) for i, f in enumerate(fields(Limits), 1)}
    read = Settings.from_environment(
        {
            **STORE,
            **limits,
            "ICONOGRAPH_HOST": "::1",
            "ICONOGRAPH_PORT": "0",
            "ICONOGRAPH_DEVELOPMENT": "True",
            "ICONOGRAPH_CACHE": "cache",
            "ICONOGRAPH_GUIDE_DIR": str(tmp_path),
            "ICONOGRAPH_THREADS": "2",
            "ICONOGRAPH_TIMEOUT_S": "1.5",
            "ICONOGRAPH_MAX_BODY_BYTES": "7",
            "NEO4J_USER": "reader",
            "NEO4J_PASSWORD": "a secret",
        }
    )

    assert read == Settings(
        store_url="sqlite:///eden.db",
        host="::1",
        port=0,
        development=True,
        cache_dir=Path("cache"),
        guide_dir=tmp_path,
        threads=2,
        timeout_s=1.5,
        max_body_bytes=7,
        limits=Limits(**{f.name: i for i, f in enumerate(fields(Limits), 1)}),
        neo4j_user="reader",
        neo4j_password="a secret",
    )
    assert "a secret" not in repr(read)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ICONOGRAPH_STORE", ""),
        ("ICONOGRAPH_PORT", "http"),
        ("ICONOGRAPH_PORT", "-1"),
        ("ICONOGRAPH_PORT", "65536"),
        ("ICONOGRAPH_DEVELOPMENT", "perhaps"),
        ("ICONOGRAPH_TIMEOUT_S", "0"),
        ("ICONOGRAPH_TIMEOUT_S", "nan"),
        ("ICONOGRAPH_MAX_DEPTH", "0"),
        ("ICONOGRAPH_GUIDE_DIR", "no/such/folder"),
    ],
)
def test_a_wrong_variable_is_named(name: str, text: str) -> None:
    with pytest.raises(InputError, match=name):
        Settings.from_environment({**STORE, name: text})


def test_every_variable_is_explained() -> None:
    names = {f"ICONOGRAPH_MAX_{limit.name.upper()}" for limit in fields(Limits)}

    assert names <= set((settings.__doc__ or "").split())


def test_a_port_in_use_is_one_clear_error() -> None:
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        assert address_of(first) == f"http://127.0.0.1:{port}"

        with pytest.raises(InputError, match=f"port {port}: another program listens there"):
            listening("127.0.0.1", port)


def test_an_address_of_another_machine_is_one_clear_error() -> None:
    with pytest.raises(InputError, match="no such address; set ICONOGRAPH_HOST"):
        listening("192.0.2.1", 0)
