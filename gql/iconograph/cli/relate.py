"""`iconograph relate`: work the relations of a stored graph out again, and what hangs on them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.ingest import INTERRUPTED, STOPPED, run
from iconograph.cli.options import DEFAULT_STORE, Json, StoreUrl, cache_folder, opened_existing
from iconograph.cli.output import answer_console, people_console, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iconograph.graph.model.vector import VectorSpace
    from iconograph.graph.model.work import Image
    from iconograph.graph.store.port import GraphStore
    from iconograph.ingest.items import Item
    from iconograph.ingest.pictures import Picture
    from iconograph.ingest.pipeline import Stage
    from iconograph.ingest.report import IngestReport
    from iconograph.relations.groups.freshness import MissingVectors


def relate(
    *,
    store: StoreUrl = DEFAULT_STORE,
    groups: Annotated[
        bool | None,
        typer.Option(
            "--groups/--no-groups",
            help="Make groups, scenes and composed captions for all pictures, or leave them as they "
            "are. Without it: made anew for the pictures that have some.",
            show_default=False,
        ),
    ] = None,
    vectors: Annotated[
        bool,
        typer.Option(help="Give what is new or changed its vectors where the model is there."),
    ] = True,
    json: Json = False,
) -> None:
    """Work the relations of a stored graph out again, with the pictures that are still at hand.

    Machine relations of the same methods are replaced, and groups, scenes and composed captions that
    follow from them; asserted and reviewed relations stay, and whatever they name. Of a picture that
    is not at hand, or is another file by now, the regions alone are looked at. Vectors of what
    changed are made again, or removed where the model or the picture is lacking. Each picture is
    written whole or not at all; run it again to go on after a stop.

    Example: iconograph relate --store sqlite:///iconograph.db
    """
    from iconograph.relations.groups.stage import GroupFigures
    from iconograph.relations.stage import DeriveRelations
    from iconograph.relations.thresholds import read_thresholds

    thresholds = read_thresholds()
    with opened_existing(store) as graph:
        stages: list[Stage] = [DeriveRelations(thresholds=thresholds)]
        if groups is not False:
            stages.append(GroupFigures(thresholds=thresholds, only_renewing=groups is None))
        missing, lacks = missing_vectors(graph, cache_folder(), with_models=vectors)
        items = StoredItems(graph)
        done = run(items, graph, (*stages, *missing), doing="relating")
    _tell(done, items, missing, lacks, as_json=json)


@dataclass(slots=True)
class StoredItems:
    """The images of a store with those pictures that are at hand; `not_at_hand` counts the others."""

    graph: GraphStore
    not_at_hand: int = 0

    def __len__(self) -> int:
        return self.graph.info().counts.get("image", 0)

    def __iter__(self) -> Iterator[Item]:
        from iconograph.ingest.items import Item

        for bundle in self.graph.bundles():
            picture = _picture_of(bundle.image)
            self.not_at_hand += picture is None
            yield Item(draft=bundle, picture=picture)


def missing_vectors(
    graph: GraphStore, cache: Path, *, with_models: bool = True
) -> tuple[tuple[MissingVectors, ...], tuple[str, ...]]:
    """For each space that a store holds the stage that gives vectors, and what is lacking for more."""
    from iconograph.gql.search_tools import find_text_encoders
    from iconograph.graph.model.vector import Modality
    from iconograph.ingest.stages.text_vectors import TextVectors
    from iconograph.relations.groups.freshness import MissingVectors

    spaces = graph.spaces()
    has_texts = any(space.modality is Modality.TEXT for space in spaces)
    encoders, lacks = find_text_encoders(cache) if with_models and has_texts else ((), ())
    texts: dict[VectorSpace, Stage] = {e.space: TextVectors(e) for e in encoders}

    def maker(space: VectorSpace) -> Stage | None:
        if not with_models or space.modality is Modality.TEXT:
            return texts.get(space)
        return _picture_vectors(space, cache)

    stages = (MissingVectors(s, functools.cache(functools.partial(maker, s))) for s in spaces)
    return tuple(stages), lacks


def _picture_vectors(space: VectorSpace, cache: Path) -> Stage | None:
    """The stage that gives vectors of pictures in a space; None where no such model is there."""
    from iconograph.graph.errors import MissingExtraError, MissingModelError
    from iconograph.ingest.cache import OutputCache
    from iconograph.ingest.models.registry import load_registry
    from iconograph.ingest.profile_models import MINI_CROPS, OUTPUTS, opened_clip
    from iconograph.ingest.stages.crops import CropSettings
    from iconograph.ingest.stages.image_vectors import ImageVectors

    records = (r for r in load_registry(cache).values() if r.space == space.name)
    record = next(records, None)
    if record is None:
        return None
    try:
        encoder = opened_clip(record, cache)
    except (MissingExtraError, MissingModelError) as error:
        people_console().print(f"note: {error}", markup=False, style="dim")
        return None
    crops = MINI_CROPS if "mini" in record.profiles else CropSettings()
    is_same = encoder.space == space
    return (
        ImageVectors(encoder, crops=crops, cache=OutputCache(cache / OUTPUTS)) if is_same else None
    )


def _picture_of(image: Image) -> Picture | None:
    from iconograph.cli.pictures import local_path
    from iconograph.graph.errors import PictureError
    from iconograph.ingest.pictures import read_picture

    path = local_path(image)
    if path is None or not path.is_file():
        return None
    try:
        picture = read_picture(path, verify=False)
    except PictureError:
        # What was ingested could be read, so this is another file by now.
        return None
    return picture if picture.sha256 == image.id else None


def _tell(
    done: IngestReport,
    items: StoredItems,
    missing: tuple[MissingVectors, ...],
    lacks: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    without = {stage.space.name: stage.lacking for stage in missing if stage.lacking}
    if as_json:
        told = {"pictures_not_at_hand": items.not_at_hand, "regions_without_vectors": without}
        print_json(done.to_record() | told)
    else:
        console = answer_console()
        console.print(
            f"{done.written} images changed, {done.unchanged} unchanged: "
            f"{done.regions:,} regions, {done.edges:,} edges"
        )
        if items.not_at_hand:
            console.print(f"{items.not_at_hand} pictures not at hand: regions alone were looked at")
        for space, count in without.items():
            console.print(f"{count:,} regions have no vector in {space}")
    for lack in lacks if without else ():
        people_console().print(f"note: {lack}", markup=False, style="dim")
    if done.interrupted:
        raise typer.Exit(INTERRUPTED)
    if done.stopped:
        raise typer.Exit(STOPPED)
    raise typer.Exit(0 if done.complete else 1)
