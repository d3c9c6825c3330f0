"""Measure an exported mini CLIP on the style held out: `python -m iconograph.ingest.training.clip_measure`.

The first corpus is for fitting (curve, names, thresholds), the last for the figures.
"""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from iconograph.graph.iconography.lexicon import load_lexicon
from iconograph.graph.model.region import Level
from iconograph.ingest.models.encode.open_clip_onnx import OpenClipOnnxEncoder
from iconograph.ingest.training.clip_bank import (
    bank_of,
    fitted_thresholds,
    given_names,
    of_names,
    share_named,
    told_names,
    write_bank,
)
from iconograph.ingest.training.clip_captions import Phrasing
from iconograph.ingest.training.clip_crops import (
    FADING,
    PADDING_SHARE,
    Edges,
    region_crop,
)
from iconograph.ingest.training.clip_facts import FactRegion, fact_regions
from iconograph.ingest.training.clip_figures import (
    asked_phrases,
    entity_labels,
    label_figures,
    label_vectors,
    recall_at_5,
    swap_accuracy,
    swap_pairs,
    truth_of,
)
from iconograph.ingest.training.clip_fit import fitted_curve
from iconograph.ingest.training.corpora import mask_of, pixels_of, read_corpus, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from iconograph.graph.iconography.lexicon import Lexicon
    from iconograph.ingest.training.clip_figures import Vectors
    from iconograph.ingest.training.corpora import TruePicture

REGIONS, PHRASES, SEED = 2000, 500, 9
VIEWS = ((0.0, 0.0), (0.1, 0.0), (0.0, 0.6), (0.1, 0.6), (0.2, 0.6), (0.1, 1.0))
"""Pairs of padding and fading that are compared."""

WORST = 12
TRIES, STRAY_IOU = 50, 0.2
"""Boxes tried for one that holds nothing, and the IoU below which it does."""


class HeldOut:
    """Regions of the held-out style of a corpus, as many as asked for, and their vectors."""

    def __init__(self, folder: Path, lexicon: Lexicon, encoder: OpenClipOnnxEncoder) -> None:
        _, pictures = split(read_corpus(folder))
        self.pictures: tuple[TruePicture, ...] = pictures
        self.all_regions = fact_regions(pictures, lexicon)
        rng = np.random.default_rng(SEED)
        chosen = np.sort(rng.permutation(len(self.all_regions))[:REGIONS])
        self.regions: list[FactRegion] = [self.all_regions[int(number)] for number in chosen]
        self.encoder = encoder

    def vectors(self, padding_share: float = PADDING_SHARE, fading: float = FADING) -> Vectors:
        """A vector for each region's crop."""
        rows: list[Vectors] = []
        for number, own in groupby(self.regions, key=lambda region: region.picture):
            picture = self.pictures[number]
            pixels = pixels_of(picture)
            crops = [
                region_crop(
                    pixels, _box(region), mask_of(picture, region.drawn),
                    padding_share=padding_share, fading=fading,
                )
                for region in own
            ]  # fmt: skip
            rows.append(self.encoder.encode(crops))
        return np.concatenate(rows)

    def stray_vectors(self) -> Vectors:
        """Vectors of boxes, one a picture, that hold no region: their IoU with each is small."""
        rng = np.random.default_rng(SEED + 4)
        crops = []
        for number, picture in enumerate(self.pictures):
            boxes = np.array([_box(r) for r in self.all_regions if r.picture == number])
            tried = (_random_box(picture, rng) for _ in range(TRIES))
            free = (box for box in tried if _overlaps(box, boxes).max() < STRAY_IOU)
            box = next(free, None)
            if box is not None:
                crops.append(region_crop(pixels_of(picture), box))
        return self.encoder.encode(crops)


def _random_box(picture: TruePicture, rng: np.random.Generator) -> Edges:
    width, height = picture.width_px, picture.height_px
    across, down = rng.uniform(0.06, 0.4, 2) * (width, height)
    x0, y0 = rng.uniform(0, width - across), rng.uniform(0, height - down)
    return (float(x0), float(y0), float(x0 + across), float(y0 + down))


def _overlaps(box: Edges, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """IoU of a box with each of n boxes."""
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    own = (box[2] - box[0]) * (box[3] - box[1])
    ious: NDArray[np.float64] = shared / (areas + own - shared)
    return ious


def _box(region: FactRegion) -> Edges:
    x0, y0, x1, y1 = (float(value) for value in region.drawn.box_px)
    return (x0, y0, x1, y1)


def view_lines(held: HeldOut, phrasing: Phrasing) -> list[str]:
    """What padding and fading do to recall, labels and swaps."""
    encode = held.encoder.encode
    phrases = asked_phrases(held.regions, phrasing, PHRASES, np.random.default_rng(SEED + 1))
    texts = encode([phrase.text for phrase in phrases])
    labels = entity_labels(held.all_regions)
    vectors = label_vectors(list(labels), encode)
    pairs = swap_pairs(held.regions, phrasing, np.random.default_rng(SEED + 2))
    lines = []
    for padding_share, fading in VIEWS:
        images = held.vectors(padding_share, fading)
        recall = recall_at_5(phrases, held.regions, images, texts)
        named = label_figures(held.regions, images, labels, vectors)
        lines.append(
            f"padding {padding_share:.1f} fading {fading:.1f}: recall@5 {recall.recall:.3f} "
            f"(hard {recall.hard:.3f} of {recall.hard_count}) filled@5 {recall.filled:.3f} precision@5 {recall.precision:.3f} "
            f"label exact {named.exact:.3f} true {named.true:.3f} "
            f"swap {swap_accuracy(pairs, images, encode):.3f} of {len(pairs)}"
        )
        if (padding_share, fading) == (PADDING_SHARE, FADING):
            worst = sorted(named.by_label.items(), key=lambda item: item[1][1] - item[1][0])
            lines += [
                f"  {label}: {right} of {count}, else {wrong}"
                for label, (count, right, wrong) in worst[:WORST]
            ]
    return lines


def curve_lines(held: HeldOut, images: Vectors, phrasing: Phrasing) -> list[str]:
    """Cosines of true and false pairs, and the curve that turns one into a probability."""
    phrases = asked_phrases(held.regions, phrasing, PHRASES, np.random.default_rng(SEED + 3))
    cosines = held.encoder.encode([phrase.text for phrase in phrases]) @ images.T
    truth = truth_of(phrases, held.regions)
    true, false = cosines[truth == 1.0], cosines[truth == 0.0]
    curve = fitted_curve(true, false)
    return [
        f"true pairs {len(true)}: cosines {_quantiles(true)}",
        f"false pairs {len(false)}: cosines {_quantiles(false)}",
        f'["{held.encoder.space.name}"]',
        f"slope = {curve.slope:.1f}",
        f"centre = {curve.centre:.2f}",
        f"most = {curve.most:.2f}",
    ]


def _quantiles(cosines: NDArray[np.float32]) -> str:
    at = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    return ", ".join(
        f"{share:.0%} {value:.2f}"
        for share, value in zip(at, np.quantile(cosines, at), strict=True)
    )


def bank_lines(fit: HeldOut, fit_images: Vectors, test: HeldOut, target: Path) -> list[str]:
    """Names that can be told and how well, written as labels.toml."""
    entities = [i for i, region in enumerate(fit.regions) if region.drawn.level is Level.ENTITY]
    regions, images = [fit.regions[i] for i in entities], fit_images[entities]
    everything = bank_of(fit.all_regions, fit.encoder.encode)
    bank = of_names(everything, told_names(everything, regions, images))
    thresholds = fitted_thresholds(bank, regions, images)
    write_bank(target / "labels.toml", bank, thresholds)
    test_images, stray_images = test.vectors(), test.stray_vectors()
    lines = [f"names {len(bank.names)} of {len(everything.names)}; {thresholds}"]
    lines.append(f"  left out: {', '.join(sorted(set(everything.names) - set(bank.names)))}")
    for least in (-1.0, thresholds.least_cosine):
        given = given_names(bank, test.regions, test_images, least)
        named, stray = (share_named(bank, v, least) for v in (test_images, stray_images))
        lines.append(
            f"  kind known, cosine >= {least:.2f}: named {given.given:.3f} of {given.count}, "
            f"true {given.true:.3f}, exact {given.exact:.3f}; kind unknown: named {named:.3f} of "
            f"regions, {stray:.3f} of boxes around nothing"
        )
    return lines


def measured(folder: Path, corpora: Sequence[Path]) -> list[str]:
    """All figures of the model in a folder; `labels.toml` is written there."""
    lexicon, encoder = load_lexicon(), OpenClipOnnxEncoder.load(folder, threads=1)
    phrasing = Phrasing(lexicon)
    test = HeldOut(corpora[-1], lexicon, encoder)
    fit = HeldOut(corpora[0], lexicon, encoder)
    fit_images = fit.vectors()
    return [
        *view_lines(test, phrasing),
        *curve_lines(fit, fit_images, phrasing),
        *bank_lines(fit, fit_images, test, folder),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("folder", type=Path, help="the exported model")
    parser.add_argument("corpora", type=Path, nargs="+", help="for fitting, and for the figures")
    chosen = parser.parse_args(arguments)
    for line in measured(chosen.folder, chosen.corpora):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
