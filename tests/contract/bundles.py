"""An image that uses all that a store has to keep, and a comparison."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from iconograph.graph.model.axis import Axis, AxisKind
from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.edge import EdgeStatus, Review
from iconograph.graph.model.geometry import Point
from iconograph.graph.model.ids import axis_id
from iconograph.graph.model.pose import IndexFinger, Pose, Side
from iconograph.graph.model.work import Text
from iconograph.graph.store.transfer import bundle_differences
from tests.builders import (
    eden_bundle,
)

EVE_IN_ICONCLASS = Concept(
    scheme=Scheme.ICONCLASS, notation="71A3", labels=(Text(text="Eve", language="en"),)
)
FINGER = IndexFinger(
    side=Side.RIGHT, base=Point(x_px=30, y_px=40), tip=Point(x_px=35, y_px=42), confidence=0.8
)


def full_bundle() -> ImageBundle:
    """An image that uses every field that a store has to keep."""
    plain = eden_bundle()
    eve, goat, apple, angel = plain.regions
    rejected = Review(by="curator", at="2026-02-01T00:00:00Z", reason="the goat is behind")
    axis = Axis(
        id=axis_id(plain.image.id, AxisKind.DIVIDE, 0),
        image_id=plain.image.id,
        kind=AxisKind.DIVIDE,
        centre=Point(x_px=62.5, y_px=50),
        angle_deg=90,
        length_px=100,
        strength=0.7,
        method="gap",
        run_id=plain.runs[0].id,
    )
    beside, *others = plain.edges
    return replace(
        plain,
        work=replace(plain.work, concepts=(EVE_IN_ICONCLASS.id,), extra=(("Saal", "3"),)),
        concepts=(EVE_IN_ICONCLASS,),
        regions=(
            replace(
                eve,
                concepts=(EVE_IN_ICONCLASS.id,),
                attributes=(("pose", "standing"),),
                pose=Pose(hands=(FINGER.base,), index_fingers=(FINGER,), method="annotation"),
            ),
            goat,
            replace(apple, parent_id=eve.id),
            angel,
        ),
        axes=(axis,),
        edges=(replace(beside, status=EdgeStatus.REJECTED, review=rejected), *others),
    )


def assert_same(expected: ImageBundle, found: ImageBundle | None) -> None:
    assert found is not None
    assert bundle_differences(expected_order(expected), found) == ()


def expected_order(bundle: ImageBundle) -> ImageBundle:
    """The bundle with its vectors in the order in which stores give them."""
    ordered = []
    for vectors in sorted(bundle.vectors, key=lambda v: v.space.name):
        order = np.argsort(vectors.region_ids)
        ids = tuple(vectors.region_ids[i] for i in order)
        ordered.append(replace(vectors, region_ids=ids, matrix=vectors.matrix[order]))
    return replace(bundle, vectors=tuple(ordered))
