"""The service as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from iconograph.graph.store.open import open_store
from tests.builders import eden_bundle

SERVE = """
import os
from iconograph.service.server import serve
from iconograph.service.settings import Settings
serve(Settings.from_environment(os.environ), started=lambda url: print(url, flush=True))
print("stopped")
"""


def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'eden.db'}"
    with open_store(url) as store:
        store.write(eden_bundle())
    environment = {
        **os.environ,
        "ICONOGRAPH_STORE": url,
        "ICONOGRAPH_PORT": "0",
        "ICONOGRAPH_CACHE": str(tmp_path / "cache"),
    }

    with subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        with httpx.Client(base_url=address, trust_env=False, timeout=20) as http:
            answer = http.post("/graphql", json={"query": "{ works { nodes { title } } }"})
            http.get("/graphql", params={"query": "asked-in-confidence"})
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert answer.json() == {"data": {"works": {"nodes": [{"title": "Eden"}]}}}
    assert (process.returncode, out) == (0, "stopped\n")
    assert "iconograph iconclass build" in err
    assert "asked-in-confidence" not in err
    assert "Traceback" not in err
