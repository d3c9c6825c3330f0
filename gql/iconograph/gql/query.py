"""What can be asked."""

from __future__ import annotations

import asyncio
from typing import Annotated

import strawberry
from strawberry import ID, argument

from iconograph.gql.context import Info
from iconograph.gql.pages import DEFAULT_PAGE, After, Connection, First, id_of
from iconograph.gql.types.edge import Edge
from iconograph.gql.types.pattern import Pattern, PatternInput, WorkFilterInput
from iconograph.gql.types.region import Region, region_page
from iconograph.gql.types.search import Answer
from iconograph.gql.types.store import StoreInfo
from iconograph.gql.types.values import computed
from iconograph.gql.types.work import Work
from iconograph.graph.errors import QueryError
from iconograph.graph.model.ids import EdgeId, ImageId, RegionId, WorkId
from iconograph.graph.model.region import Level
from iconograph.graph.search import pattern as patterns
from iconograph.graph.search.parse import parse as parse_text
from iconograph.graph.search.search import SearchOptions
from iconograph.graph.store.candidates import WorkFilter

DEFAULT_HITS = 20

Id = Annotated[ID, argument(name="id", description="Its id, as answers give it.")]


@strawberry.type(description="What can be asked.")
class Query:
    @computed(
        "Works that show something, given by words (`Eve next to a goat`) or by a "
        "pattern; best first, each with its why."
    )
    async def search(  # noqa: PLR0913  one parameter for each argument of the field
        self,
        info: Info,
        text: Annotated[str | None, argument(description="The words, in English.")] = None,
        pattern: Annotated[
            PatternInput | None, argument(description="The pattern, instead of words.")
        ] = None,
        *,
        first: Annotated[int, argument(description="How many hits to give at the most.")] = (
            DEFAULT_HITS
        ),
        level: Annotated[
            Level | None, argument(description="Only regions of this level match.")
        ] = None,
        min_confidence: Annotated[
            float, argument(description="Only edges at least this sure count, 0 to 1.")
        ] = 0.0,
        work_filter: Annotated[
            WorkFilterInput | None, argument(name="filter", description="Which works may answer.")
        ] = None,
        unrelated: Annotated[
            bool,
            argument(
                description="After the works in which all is so, give those that show all that is "
                "asked for but in which a relation was not found; each says which."
            ),
        ] = False,
    ) -> Answer:
        knowledge = info.context.knowledge
        wanted = _one_of(text and knowledge.limits.require_text(text), pattern)
        options = SearchOptions(
            limit=knowledge.limits.require_page_size(first),
            level=level,
            min_confidence=min_confidence,
            work_filter=work_filter.to_model() if work_filter else WorkFilter(),
            unrelated=unrelated,
        )

        answer = await knowledge.reads.ask(
            lambda store: knowledge.tools.ask(store, wanted, options)
        )
        info.context.budget.spend(sum(2 + len(h.matches) + len(h.edges) for h in answer.hits))
        return Answer.from_model(answer, lacks=knowledge.tools.lacks)

    @computed("How words are understood, without searching.")
    async def parse(
        self, info: Info, text: Annotated[str, argument(description="The words, in English.")]
    ) -> Pattern:
        knowledge = info.context.knowledge
        words = knowledge.limits.require_text(text)
        return Pattern.from_model(
            await asyncio.to_thread(parse_text, words, knowledge.tools.lexicon)
        )

    @computed("The work with an id; null when there is none.")
    async def work(self, info: Info, id_: Id) -> Work | None:
        found = await info.context.loaders.work(WorkId(id_))
        return Work.from_model(found) if found else None

    @computed("The region with an id; null when there is none.")
    async def region(self, info: Info, id_: Id) -> Region | None:
        found = await info.context.loaders.region(RegionId(id_))
        return Region.from_model(found) if found else None

    @computed("The edge with an id; null when there is none.")
    async def edge(self, info: Info, id_: Id) -> Edge | None:
        found = await info.context.loaders.edge(EdgeId(id_))
        return Edge.from_model(found) if found else None

    @computed("All works, a page at a time.")
    async def works(
        self, info: Info, first: First = DEFAULT_PAGE, after: After = None
    ) -> Connection[Work]:
        limit = info.context.knowledge.limits.require_page_size(first)
        start = None if after is None else WorkId(id_of(after))
        found = await info.context.knowledge.reads.ask(
            lambda store: store.works(after=start, limit=limit + 1)
        )
        info.context.budget.spend(len(found))
        nodes = [Work.from_model(work) for work in found]
        return Connection.of(nodes, [work.id for work in found], first=limit, after=after)

    @computed("All regions, or those of one image, a page at a time.")
    async def regions(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        image_id: Annotated[ID | None, argument(description="Only those of this image.")] = None,
    ) -> Connection[Region]:
        image = None if image_id is None else ImageId(image_id)
        return await region_page(info, image, first=first, after=after)

    @computed("What the store holds.")
    async def store(self, info: Info) -> StoreInfo:
        return StoreInfo.from_model(
            await info.context.knowledge.reads.ask(lambda store: store.info())
        )


def _one_of(text: str | None, pattern: PatternInput | None) -> str | patterns.Pattern:
    if pattern is not None and text is None:
        return pattern.to_model()
    if text is not None and pattern is None:
        return text
    found = "both" if text is not None else "neither"
    message = f"a search takes either `text` or `pattern`, got {found}"
    raise QueryError(message)
