"""Everything the model knows of a region reaches a client."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from iconograph.gql.context import Context, Knowledge
from iconograph.gql.reads import StoreReads
from iconograph.gql.schema import build_schema
from iconograph.gql.search_tools import SearchTools
from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeKind, EdgeStatus, Review, evidence_of
from iconograph.graph.model.geometry import Box, Point
from iconograph.graph.model.pose import COCO_KEY_POINTS, Gaze, GazeState, KeyPoint, Pose
from iconograph.graph.model.region import Level
from iconograph.graph.model.work import Text
from iconograph.graph.store.sqlite.store import SqliteStore
from tests.builders import a_region, a_run, a_work, an_edge, an_image

QUERY = """query ($id: ID!) { region(id: $id) {
    pose { keyPoints { name pointPx confidence } headBoxPx handsPx method }
    gaze { state originPx direction targetPx targetRegion { label } coneDeg confidence }
    concepts { id scheme notation labels { text language } }
    parent { level label }
    attributes { name text }
    edges { kind }
    all: edges(includeRejected: true) { kind status review { by at reason }
        evidence { numbers { name number } lacked } }
} }"""

CONCEPT = Concept(
    scheme=Scheme.ICONCLASS, notation="71A4", labels=(Text(text="the Fall of man", language="en"),)
)


def gazing_eve() -> ImageBundle:
    """Eve with all that can be known of her: she gazes at a serpent, which a person denied."""
    image = an_image(work := a_work())
    scene = a_region(image, "paradise", (0, 0, 200, 100), level=Level.SCENE)
    serpent = a_region(image, "serpent", (100, 10, 120, 90))
    eve = a_region(
        image,
        "Eve",
        (20, 20, 60, 95),
        parent_id=scene.id,
        concepts=(CONCEPT.id,),
        attributes=(("hair", "long"),),
        pose=Pose(
            key_points=tuple(
                KeyPoint(x_px=40, y_px=30, confidence=0.9 if name == "nose" else 0.0)
                for name in COCO_KEY_POINTS
            ),
            head=Box(x0_px=30, y0_px=20, x1_px=50, y1_px=40),
            hands=(Point(x_px=55, y_px=60),),
            method="by eye",
        ),
        gaze=Gaze(
            state=GazeState.TARGET,
            origin=Point(x_px=40, y_px=28),
            direction=(1.0, 0.0),
            target=Point(x_px=110, y_px=28),
            target_region=serpent.id,
        ),
    )
    denied = an_edge(
        EdgeKind.GAZES_AT,
        eve,
        serpent,
        evidence=replace(evidence_of(angle_deg=3.0), lacked=("gaze_mass",)),
        status=EdgeStatus.REJECTED,
        review=Review(by="a curator", at="2026-02-01", reason="she looks at Adam"),
    )
    return ImageBundle(
        work=work,
        image=image,
        runs=(a_run(),),
        concepts=(CONCEPT,),
        regions=(scene, serpent, eve),
        edges=(denied, an_edge(EdgeKind.BESIDE, eve, serpent)),
    )


def answered(bundle: ImageBundle, query: str, **variables: Any) -> dict[str, Any]:
    """What the schema answers from a store that holds the bundle."""
    with SqliteStore.in_memory() as store:
        store.write(bundle)
        reads = StoreReads(store, threads=1)
        knowledge = Knowledge(reads=reads, tools=SearchTools(lexicon=load_lexicon()))
        result = asyncio.run(
            build_schema().execute(query, variables, context_value=Context.of(knowledge))
        )
        reads.close()
    assert result.errors is None
    assert result.data
    return result.data


def test_a_figure_with_all_that_is_known_of_it() -> None:
    bundle = gazing_eve()

    region = answered(bundle, QUERY, id=bundle.regions[2].id)["region"]

    assert region == {
        "pose": {
            "keyPoints": [{"name": "nose", "pointPx": [40.0, 30.0], "confidence": 0.9}],
            "headBoxPx": [30.0, 20.0, 50.0, 40.0],
            "handsPx": [[55.0, 60.0]],
            "method": "by eye",
        },
        "gaze": {
            "state": "TARGET",
            "originPx": [40.0, 28.0],
            "direction": [1.0, 0.0],
            "targetPx": [110.0, 28.0],
            "targetRegion": {"label": "serpent"},
            "coneDeg": 50.0,
            "confidence": 1.0,
        },
        "concepts": [
            {
                "id": "iconclass:71A4",
                "scheme": "ICONCLASS",
                "notation": "71A4",
                "labels": [{"text": "the Fall of man", "language": "en"}],
            }
        ],
        "parent": {"level": "SCENE", "label": "paradise"},
        "attributes": [{"name": "hair", "text": "long"}],
        "edges": [{"kind": "BESIDE"}],
        "all": region["all"],
    }
    assert {edge["kind"]: edge for edge in region["all"]}["GAZES_AT"] == {
        "kind": "GAZES_AT",
        "status": "REJECTED",
        "review": {"by": "a curator", "at": "2026-02-01", "reason": "she looks at Adam"},
        "evidence": {
            "numbers": [{"name": "angle_deg", "number": 3.0}],
            "lacked": ["gaze_mass"],
        },
    }
