"""Starts a Neo4j with the demonstration graph in it and says where its Browser is.

`make neo4j` runs this; interrupt it to stop the server. Its data is kept in the folder of the store,
so the second start finds the graph already there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from server import DEFAULT_VERSION, Neo4jServer

from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import copy_store

ROOT = Path(__file__).resolve().parents[2]
SQLITE_PREFIX = "sqlite:///"


def main() -> int:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="sqlite:///demo/demo.db", help="what to load")
    parser.add_argument("--version", default=DEFAULT_VERSION, help="5.26.30 or 2026.08.1")
    parser.add_argument("--bolt-port", type=int, default=7687)
    parser.add_argument("--http-port", type=int, default=7474)
    asked = parser.parse_args()
    source = Path(asked.store.removeprefix(SQLITE_PREFIX)).resolve()
    if not source.exists():
        parser.error(f"{source} is not there; make it with: make demo")
    server = Neo4jServer(
        version=asked.version,
        home=source.parent / f"neo4j-{asked.version}",
        bolt_port=asked.bolt_port,
        http_port=asked.http_port,
        browser=True,
    )
    with server, open_store(asked.store, read_only=True) as demo:
        with open_store(server.bolt_url) as graph:
            report = copy_store(demo, graph)
        print(f"{report.written} pictures loaded, {report.unchanged} were there")
        print(f"Neo4j Browser: {server.browser_url}  (connect to {server.bolt_url}, no password)")
        print(f"looks: drop {ROOT / 'neo4j' / 'iconography.grass'} on the Browser's page")
        print(f"questions to try: {ROOT / 'neo4j' / 'queries'}")
        print("interrupt (Ctrl-C) to stop", flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("stopping")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
