"""A graph goes from the embedded store into any other, and back, without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.store.open import open_store
from iconograph.graph.store.transfer import compare_stores, copy_store
from tests.builders import eden_bundle
from tests.contract.bundles import full_bundle

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore


def test_a_graph_survives_the_way_there_and_back(store: GraphStore) -> None:
    with open_store("memory:") as source, open_store("memory:") as returned:
        for bundle in (full_bundle(), eden_bundle("ark")):
            source.write(bundle)

        copy_store(source, store)
        again = copy_store(source, store)
        copy_store(store, returned)

        assert (again.written, again.unchanged) == (0, 2)
        assert compare_stores(source, store).lines() == ["equal: 2 images"]
        assert compare_stores(source, returned).lines() == ["equal: 2 images"]
