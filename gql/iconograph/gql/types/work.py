"""Works of art and their images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry import ID, Private, field

from iconograph.gql.context import Info
from iconograph.gql.loaders import required
from iconograph.gql.pages import DEFAULT_PAGE, After, Connection, First
from iconograph.gql.types.record import Concept
from iconograph.gql.types.values import LocalText, NamedText, computed
from iconograph.graph.model import work as works
from iconograph.graph.model.ids import ImageId

if TYPE_CHECKING:
    from iconograph.gql.types.region import Region


@strawberry.type(description="Who made a work.")
class Maker:
    name: str = field(description="The name as the source gives it.")
    role: str = field(description="Such as `painter`; empty where unknown.")
    uri: str = field(description="An authority's IRI for the person; empty where unknown.")
    qualifier: str = field(description="Such as `workshop of`; empty for the person's own hand.")

    @classmethod
    def from_model(cls, maker: works.Maker) -> Self:
        return cls(name=maker.name, role=maker.role, uri=maker.uri, qualifier=maker.qualifier)


@strawberry.type(description="When a work was made.")
class DateSpan:
    text: str = field(description="The words of the source, such as `c. 1532`.")
    earliest_year: int | None = field(description="Not before this year; negative before 1 CE.")
    latest_year: int | None = field(description="Not after this year.")

    @classmethod
    def from_model(cls, date: works.DateSpan) -> Self:
        return cls(text=date.text, earliest_year=date.earliest_year, latest_year=date.latest_year)


@strawberry.type(description="Where a record came from.")
class Source:
    uri: str = field(description="Address of the record; empty where unknown.")
    retrieved_at: str = field(description="When it was read (ISO 8601); empty where unknown.")
    raw: str = field(description="The record as it was read, as JSON text; empty if not kept.")

    @classmethod
    def from_model(cls, source: works.Source) -> Self:
        return cls(uri=source.uri, retrieved_at=source.retrieved_at, raw=source.raw)


@strawberry.type(description="A work of art.")
class Work:
    model: Private[works.Work]
    id: ID = field(description="Follows from the source's name for the work.")
    title: str = field(description="The first title.")
    titles: list[LocalText] = field(description="All titles, by language.")
    makers: list[Maker] = field(description="Who made it.")
    date: DateSpan | None = field(description="When it was made, where known.")
    medium: str = field(description="Such as `oil on panel`.")
    dimensions: str = field(description="The size in the source's words.")
    collection: str = field(description="Where it is kept.")
    rights_uri: str = field(description="IRI of the licence or rights statement.")
    subjects: list[str] = field(description="Subject terms in the source's words.")
    source: Source = field(description="Where the record came from.")
    extra: list[NamedText] = field(description="What else the source said, by its column's name.")

    @computed("What the whole work depicts, as terms of controlled vocabularies.")
    async def concepts(self, info: Info) -> list[Concept]:
        found = await info.context.loaders.concepts(self.model.concepts)
        return [Concept.from_model(concept) for concept in found]

    @computed("Its pictures.")
    async def images(self, info: Info) -> list[Image]:
        found = await info.context.loaders.images_of(self.model.id)
        return [Image.from_model(image) for image in found]

    @classmethod
    def from_model(cls, work: works.Work) -> Self:
        return cls(
            model=work,
            id=ID(work.id),
            title=work.title,
            titles=[LocalText.from_model(title) for title in work.titles],
            makers=[Maker.from_model(maker) for maker in work.makers],
            date=DateSpan.from_model(work.date) if work.date else None,
            medium=work.medium,
            dimensions=work.dimensions,
            collection=work.collection,
            rights_uri=work.rights_uri,
            subjects=list(work.subjects),
            source=Source.from_model(work.source),
            extra=NamedText.from_pairs(work.extra),
        )


@strawberry.type(
    description="One picture of a work. All boxes, outlines and points of its regions are in pixels "
    "of this picture, x to the right and y down from its upper left corner."
)
class Image:
    model: Private[works.Image]
    id: ID = field(description="SHA-256 of the file, in hexadecimal.")
    uri: str = field(description="Where the file was read from.")
    file_name: str = field(description="The last part of the address.")
    width_px: int = field(description="Width of the upright picture.")
    height_px: int = field(description="Height of the upright picture.")
    rights_uri: str = field(description="IRI of the licence or rights statement.")
    source_id: str = field(description="The id in the source that it was read from.")

    @computed("The work that it shows.")
    async def work(self, info: Info) -> Work:
        found = await info.context.loaders.work(self.model.work_id)
        return Work.from_model(required(found, "work", self.model.work_id))

    @computed("What was found in it, a page at a time.")
    async def regions(
        self, info: Info, first: First = DEFAULT_PAGE, after: After = None
    ) -> Connection[Annotated[Region, strawberry.lazy("iconograph.gql.types.region")]]:
        from iconograph.gql.types.region import region_page

        return await region_page(info, self.model.id, first=first, after=after)

    @classmethod
    def from_model(cls, image: works.Image) -> Self:
        return cls(
            model=image,
            id=ID(image.id),
            uri=image.uri,
            file_name=image.file_name,
            width_px=image.width_px,
            height_px=image.height_px,
            rights_uri=image.rights_uri,
            source_id=image.source_id,
        )


async def image_by_id(info: Info, id_: ImageId) -> Image:
    """The image, which must be there."""
    return Image.from_model(required(await info.context.loaders.image(id_), "image", id_))
