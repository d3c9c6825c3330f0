"""`iconograph demo`: from drawn pictures to answers, in one command."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iconograph.cli.ingest import ModelsChoice, Relations, extraction, pipeline_stages, run
from iconograph.cli.options import cache_folder, opened
from iconograph.cli.output import answer_console, people_console, progress_bar
from iconograph.cli.search import print_hits

if TYPE_CHECKING:
    from rich.console import Console

    from iconograph.graph.store.port import GraphStore

QUESTIONS = (
    "Eve next to a goat",
    "Archangel Gabriel with a lily",
    "God with cherubs",
    "woman holding a flower",
    "man without a hat holding a sword",
)
"""What the demonstration asks; the last two work on any collection."""

ANSWERS_DRAWN = 3

SEEN_BY = ModelsChoice.MINI
"""The models that look at the drawn pictures; with NONE their truth is taken instead."""


def demo(
    *,
    folder: Annotated[Path, typer.Option(help="Where pictures, graph and answers go.")] = Path(
        "demo"
    ),
    count: Annotated[int, typer.Option(min=1, max=2000, help="Pictures to draw.")] = 48,
    seed: Annotated[int, typer.Option(help="Draws other pictures.")] = 7,
) -> None:
    """Draw pictures, build their graph, ask it five questions and draw the answers.

    Example: iconograph demo --folder demo
    """
    console = answer_console()
    corpus = folder / "pictures"
    url = f"sqlite:///{folder / 'demo.db'}"
    annotations = _draw(corpus, count, seed, console)
    _build(corpus, annotations, url, console)
    with opened(url, read_only=True) as graph:
        _ask(graph, folder / "answers", console)
    console.print(
        f"\nLook at {folder / 'answers'}. Then ask your own:\n"
        f'  iconograph search "two angels beside a king" --store {url} --explain\n'
        f"  iconograph serve --store {url} --development\n"
        "  make neo4j"
    )


def _draw(corpus: Path, count: int, seed: int, console: Console) -> Path:
    from iconograph.ingest.scenes.corpus import write_corpus

    started_s = time.perf_counter()
    with progress_bar(people_console()) as bar:
        task = bar.add_task("drawing", total=count)
        annotations = write_corpus(
            corpus,
            count=count,
            seed=seed,
            on_scene=lambda done, _: bar.update(task, completed=done),
        )
    seconds = time.perf_counter() - started_s
    console.print(f"drew {count} pictures with their truth in {seconds:.1f} s: {corpus}")
    return annotations


def _build(corpus: Path, annotations: Path, url: str, console: Console) -> None:
    from iconograph.ingest.annotated import annotated_items

    looking = extraction(SEEN_BY)
    told = [] if looking else [annotations]
    items = annotated_items([corpus], annotations=told, metadata=corpus / "metadata.csv")
    stages, _ = pipeline_stages(
        Relations.DERIVE, extraction=looking, with_groups=looking is not None
    )
    with opened(url) as graph:
        done = run(items, graph, stages, keep_known=looking is not None)
        info = graph.info()
        if looking:
            _compare(graph, corpus, annotations, console)
    console.print(
        f"built the graph in {done.seconds_s:.1f} s: {done.regions:,} regions, "
        f"{done.edges:,} edges: {url}"
    )
    kinds = [
        f"{count} {name.removeprefix('edge:')}"
        for name, count in info.counts.items()
        if name.startswith("edge:")
    ]
    console.print("  " + ", ".join(kinds))


def _compare(graph: GraphStore, corpus: Path, annotations: Path, console: Console) -> None:
    """Say how well the pictures were seen, now that their truth is looked at for the first time."""
    from iconograph.evaluation.drawn_truth import Truth
    from iconograph.evaluation.extraction_regions import Extracted, ExtractionScore, count
    from iconograph.graph.iconography.lexicon import load_lexicon
    from iconograph.ingest.annotated import annotated_items
    from iconograph.ingest.items import Item

    lexicon, score = load_lexicon(), ExtractionScore()
    for item in annotated_items([corpus], annotations=[annotations], verify=False):
        seen = graph.bundle(item.draft.image.id) if isinstance(item, Item) else None
        if isinstance(item, Item) and seen:
            count(Extracted(truth=Truth.of(item.draft, lexicon), bundle=seen), lexicon, score)
    console.print(
        f"seen by the models alone: {score.all.recall:.0%} of {score.all.regions:,} drawn things "
        f"found, {score.all.accuracy:.0%} of these named rightly, "
        f"{score.duplicates_per_region:.0%} found twice; persons' AP {score.person_ap:.2f}"
    )


def _ask(graph: GraphStore, folder: Path, console: Console) -> None:
    from iconograph.cli.pictures import hit_sheet
    from iconograph.gql.search_tools import find_search_tools

    tools = find_search_tools(cache_folder())
    folder.mkdir(parents=True, exist_ok=True)
    for number, question in enumerate(QUESTIONS, start=1):
        answer = tools.ask(graph, question)
        total_ms = answer.timing_ms["total"]
        console.print(f"\n[bold]{question}[/]  {len(answer.hits)} works, {total_ms:.0f} ms")
        print_hits(answer, most=ANSWERS_DRAWN)
        for rank, hit in enumerate(answer.hits[:ANSWERS_DRAWN], start=1):
            name = question.lower().replace(" ", "-")
            hit_sheet(hit).save(folder / f"{number}-{name}-{rank}.png")
    for lack in tools.lacks:
        people_console().print(f"note: {lack}", markup=False, style="dim")
