"""A bundle names nothing that it lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.errors import InvalidValueError
from iconograph.graph.model.ids import ImageId, RegionId
from tests.builders import a_run, a_work, eden_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from iconograph.graph.model.bundle import ImageBundle


def of_another_work(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, work=a_work("other"))


def with_a_region_twice(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, regions=(*bundle.regions, bundle.regions[0]))


def with_an_edge_twice(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, edges=(*bundle.edges, bundle.edges[0]))


def with_a_region_of_another_image(bundle: ImageBundle) -> ImageBundle:
    stray = replace(bundle.regions[0], image_id=ImageId("0" * 64))
    return replace(bundle, regions=(stray, *bundle.regions[1:]))


def without_the_run(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, runs=(a_run(other="yes"),))


def without_an_end(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, regions=bundle.regions[1:], vectors=())


def with_an_unknown_parent(bundle: ImageBundle) -> ImageBundle:
    child = replace(bundle.regions[0], parent_id=RegionId("r0"))
    return replace(bundle, regions=(child, *bundle.regions[1:]))


def with_vectors_of_a_missing_region(bundle: ImageBundle) -> ImageBundle:
    return replace(bundle, regions=bundle.regions[1:], edges=())


def with_vectors_given_and_removed(bundle: ImageBundle) -> ImageBundle:
    removed = (bundle.vectors[0].space.name, bundle.regions[0].id)
    return replace(bundle, removed_vectors=frozenset({removed}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            with_vectors_given_and_removed, "gives and removes the same vectors: ", id="removed"
        ),
        pytest.param(of_another_work, "is of work .*, not ", id="work"),
        pytest.param(with_a_region_twice, "names a region twice: .'r", id="region twice"),
        pytest.param(with_an_edge_twice, "names a edge twice: .'e", id="edge twice"),
        pytest.param(with_a_region_of_another_image, "is of image 0{64}, not ", id="image"),
        pytest.param(without_the_run, "names run .*, which the bundle lacks", id="run"),
        pytest.param(without_an_end, "names regions that it lacks: .'r", id="edge end"),
        pytest.param(with_an_unknown_parent, r"lacks: \['r0'\]", id="parent"),
        pytest.param(with_vectors_of_a_missing_region, "names regions that it lacks", id="vectors"),
    ],
)
def test_a_bundle_that_does_not_hold_together_is_refused(
    change: Callable[[ImageBundle], ImageBundle], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        change(eden_bundle())
