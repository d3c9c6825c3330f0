"""Laws of the way from proposals to regions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iconograph.graph.model.geometry import Polygon
from iconograph.graph.model.region import Label, RegionKind
from iconograph.graph.model.shapes import to_shapely
from iconograph.ingest.models.segment.box_cut import best_cut
from iconograph.ingest.regions.assembly import RegionSettings, regions_of
from iconograph.ingest.regions.forest import FIGURES, PARENTS, parents_of
from iconograph.ingest.regions.mask import Mask
from iconograph.ingest.regions.merging import combined_confidence, merged
from iconograph.ingest.regions.numbers import read_region_numbers
from iconograph.ingest.regions.outlines import mask_of, outline_of
from iconograph.ingest.regions.proposal import Proposal
from tests.builders import a_run, a_work, an_image

SIDE_PX = 64
NUMBERS = read_region_numbers()
IMAGE = an_image(a_work(), width_px=SIDE_PX, height_px=SIDE_PX)
RUN = a_run().id
fractions = st.floats(0, 1)


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    """A blob, a blob with holes, several pieces, or noise, anywhere in the picture."""
    height, width = draw(st.integers(1, SIDE_PX)), draw(st.integers(1, SIDE_PX))
    x0 = draw(st.integers(0, SIDE_PX - width))
    y0 = draw(st.integers(0, SIDE_PX - height))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    grain = draw(st.sampled_from([1, 2, 5, 16]))
    coarse = rng.random((-(-height // grain), -(-width // grain))) < draw(st.floats(0.2, 1))
    bits = np.kron(coarse, np.ones((grain, grain), np.bool_))[:height, :width]
    if not bits.any():
        bits[height // 2, width // 2] = True
    return Mask.of(bits, x0_px=x0, y0_px=y0)


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    """A box or a blob of any kind, with or without a label."""
    mask = draw(masks())
    if draw(st.booleans()):
        mask = Mask.of_box(mask.box)
    text = draw(st.sampled_from(["", "man", "robe", "cup"]))
    return Proposal(
        mask=mask,
        confidence=draw(fractions),
        sources=(draw(st.sampled_from(["one", "two"])),),
        kind=draw(st.sampled_from(RegionKind)),
        labels=(Label(text=text),) if text else (),
    )


several = st.lists(proposals(), max_size=8)


def parents(found: list[Proposal]) -> tuple[int | None, ...]:
    return parents_of(found, NUMBERS.forest, NUMBERS.merging)


def mirrored(proposal: Proposal) -> Proposal:
    mask = proposal.mask
    x0 = SIDE_PX - mask.x0_px - mask.bits.shape[1]
    return replace(proposal, mask=Mask.of(mask.bits[:, ::-1], x0_px=x0, y0_px=mask.y0_px))


@given(masks())
def test_an_outline_gives_its_mask_back(mask: Mask) -> None:
    outline = outline_of(mask)

    assert mask_of(outline, width_px=SIDE_PX, height_px=SIDE_PX).iou(mask) >= 0.97
    assert all(isinstance(part, Polygon) for part in outline.parts)
    shape = to_shapely(outline)
    assert abs(shape.area - outline.area_px2) <= 1e-6 * shape.area + 1e-6


@given(masks())
def test_an_outline_without_tolerance_leaves_specks_alone(mask: Mask) -> None:
    outline = outline_of(mask, tolerance_px=0, smallest_iou=1)

    assert mask_of(outline, width_px=SIDE_PX, height_px=SIDE_PX).iou(mask) == 1
    assert outline.area_px2 == mask.area_px2


@given(masks(), st.floats(0, 20), fractions)
def test_an_outline_stays_within_the_masks_box(mask: Mask, tolerance: float, iou: float) -> None:
    inner, outer = outline_of(mask, tolerance_px=tolerance, smallest_iou=iou).box, mask.box

    assert inner.x0_px >= outer.x0_px
    assert inner.y0_px >= outer.y0_px
    assert inner.x1_px <= outer.x1_px
    assert inner.y1_px <= outer.y1_px


@settings(max_examples=25)
@given(st.lists(proposals(), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_proposals_does_not_matter(found: list[Proposal], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    wanted = RegionSettings(keep_unnamed=True, numbers=NUMBERS)

    first, second = (
        regions_of(IMAGE, order, settings=wanted, run_id=RUN) for order in (found, shuffled)
    )

    assert first == second


@given(several)
def test_nothing_that_was_said_is_lost_by_merging(found: list[Proposal]) -> None:
    kept = merged(found, NUMBERS.merging)

    assert len(kept) <= len(found)
    assert {s for p in kept for s in p.sources} == {s for p in found for s in p.sources}
    assert {la.text for p in kept for la in p.labels} == {la.text for p in found for la in p.labels}


@given(several)
def test_a_forest_has_no_cycles(found: list[Proposal]) -> None:
    above = parents(found)

    for start in range(len(found)):
        steps, node = 0, above[start]
        while node is not None:
            assert node != start
            node, steps = above[node], steps + 1
            assert steps <= len(found)


@given(several)
def test_parents_are_larger_and_of_a_fitting_kind(found: list[Proposal]) -> None:
    for child, n in zip(found, parents(found), strict=True):
        if n is not None:
            assert found[n].mask.area_px2 > child.mask.area_px2
            assert found[n].kind in PARENTS[child.kind]
            assert child.kind not in FIGURES


@given(several)
def test_a_mirrored_picture_mirrors_the_forest(found: list[Proposal]) -> None:
    areas = [proposal.mask.area_px2 for proposal in found]
    assume(len(set(areas)) == len(areas))

    assert parents([mirrored(proposal) for proposal in found]) == parents(found)


@settings(max_examples=40)
@given(several)
def test_every_entity_has_its_parent_among_the_regions(found: list[Proposal]) -> None:
    wanted = RegionSettings(keep_unnamed=True, numbers=NUMBERS)

    regions = regions_of(IMAGE, found, settings=wanted, run_id=RUN)

    ids = {region.id for region in regions}
    assert len(ids) == len(regions)
    assert all(region.parent_id in ids for region in regions if region.parent_id)


@given(st.lists(fractions, min_size=1, max_size=6), fractions, fractions)
def test_more_evidence_never_makes_less_sure(
    confidences: list[float], more: float, independence: float
) -> None:
    before = combined_confidence(confidences, independence)
    after = combined_confidence([*confidences, more], independence)

    assert max(confidences) - 1e-12 <= before <= after + 1e-12 <= 1 + 2e-12
    assert before == combined_confidence(reversed(confidences), independence)


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 50)), min_size=1, max_size=8))
def test_the_best_cut_is_the_best_of_all(things: list[tuple[float, int]]) -> None:
    chances, weights = (np.array(column, np.float64) for column in zip(*things, strict=True))
    hits = chances * weights

    taken, expected = best_cut(chances, weights)

    choices = np.array(list(np.ndindex(*(2,) * len(things))), np.bool_)[1:]
    inside = choices @ hits
    ious = inside / (choices @ weights + hits.sum() - inside)
    assert expected >= ious.max() - 1e-9
    assert np.isclose(hits[taken].sum() / (weights[taken].sum() + hits[~taken].sum()), expected)
