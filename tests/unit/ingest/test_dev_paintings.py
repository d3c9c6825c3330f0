"""Real paintings with judged regions and relations, where they are beside the repository."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tools.dev_paintings_to_coco import coco_of

from iconograph.graph.model.edge import EdgeKind
from iconograph.graph.model.pose import GazeState
from iconograph.graph.store.open import open_store
from iconograph.ingest.annotated import annotated_items
from iconograph.ingest.pipeline import ingest
from tests.unit.ingest.folders import write_json

DATA = Path(__file__).parents[4] / "shared" / "data"
JUDGED = DATA / "annotations" / "dev_paintings.json"


@pytest.mark.skipif(not JUDGED.exists(), reason=f"{JUDGED} is not there")
def test_judged_paintings_are_ingested_whole(tmp_path: Path) -> None:
    judged: dict[str, Any] = json.loads(JUDGED.read_bytes())
    coco = write_json(tmp_path / "judged.json", coco_of(judged))
    items = annotated_items(
        [DATA / "paintings"],
        annotations=[coco],
        metadata=DATA / "paintings.csv",
        verify=False,
    )
    with open_store("memory:") as store:
        report = ingest(items, store)
        regions = [region for bundle in store.bundles() for region in bundle.regions]
        kinds = Counter(edge.kind for bundle in store.bundles() for edge in bundle.edges)
        makers = {work.makers[0].name for work in store.works(limit=999)}
    assert report.problems == ()
    assert report.regions == sum(len(image["entities"]) for image in judged["images"])
    said = Counter(r["relation"] for image in judged["images"] for r in image["relations"])
    assert kinds[EdgeKind.HOLDS] == said["holds"]
    assert kinds[EdgeKind.GAZES_AT] == said["gazes-at"]
    assert any(region.gaze and region.gaze.state is GazeState.TARGET for region in regions)
    assert any(region.pose and region.pose.head and region.pose.hands for region in regions)
    assert "Hans Baldung" in makers
