"""Pictures of what was found, for people to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from iconograph.graph.errors import NotFoundError, PictureError
from iconograph.graph.model.ids import ImageId

if TYPE_CHECKING:
    from PIL import Image as Pictures

    from iconograph.graph.model.bundle import ImageBundle
    from iconograph.graph.model.work import Image
    from iconograph.graph.search.answer import Answer, Hit
    from iconograph.graph.store.port import GraphStore

CROP_PX = 220
GAP_PX = 12
PAPER = (250, 248, 243)
INK = (40, 36, 32)
TEXT_PX = 17
MOST_TO_SCAN = 1_000


def picture_of(image: Image) -> Pictures.Image:
    """The picture file of an image, upright; raises `PictureError` when it is not at hand."""
    from PIL import Image as PillowImage

    from iconograph.ingest.pictures import read_picture

    path = local_path(image)
    if path is None:
        message = f"the picture is not on this machine: {image.uri}; fetch it and ingest the file"
        raise PictureError(message)
    return PillowImage.fromarray(read_picture(path).pixels)


def local_path(image: Image) -> Path | None:
    """Where the picture's file should be on this machine; None where it is elsewhere."""
    parts = urlsplit(image.uri)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def find_bundle(graph: GraphStore, name: str) -> ImageBundle:
    """The image whose id, file name or path is `name`; raises `NotFoundError`."""
    found = graph.bundle(ImageId(name))
    if found:
        return found
    path, after = Path(name).resolve(), None
    while works := graph.works(after=after, limit=MOST_TO_SCAN):
        for images in graph.images_of([work.id for work in works]).values():
            for image in images:
                meant = image.file_name == name or local_path(image) == path
                if meant and (bundle := graph.bundle(image.id)):
                    return bundle
        after = works[-1].id
    message = f"no image in {graph.url} has the id, file name or path {name!r}; see: store info"
    raise NotFoundError(message)


def hit_sheet(hit: Hit) -> Pictures.Image:
    """The picture with what was found drawn on it, and a crop of each region below."""
    from PIL import Image as PillowImage
    from PIL import ImageDraw, ImageFont

    from iconograph.relations.drawing.scene import crop, draw_hit

    picture = picture_of(hit.image)
    drawn = draw_hit(picture, hit)
    crops = [
        (match, crop(picture, match.region, image_width_px=hit.image.width_px))
        for match in hit.matches
    ]
    font = ImageFont.load_default(size=TEXT_PX)
    width_px = max(drawn.width, len(crops) * (CROP_PX + GAP_PX) + GAP_PX)
    below_px = CROP_PX + 3 * GAP_PX + 2 * TEXT_PX
    sheet = PillowImage.new("RGB", (width_px, drawn.height + below_px), PAPER)
    sheet.paste(drawn, ((width_px - drawn.width) // 2, 0))
    pen = ImageDraw.Draw(sheet)
    for place, (match, part) in enumerate(crops):
        left, top = GAP_PX + place * (CROP_PX + GAP_PX), drawn.height + GAP_PX
        part.thumbnail((CROP_PX, CROP_PX))
        sheet.paste(part, (left, top))
        words = f"{match.role}: {match.region.label}"
        pen.text((left, top + CROP_PX + 4), words[:26], INK, font)
        pen.text((left, top + CROP_PX + 6 + TEXT_PX), f"{match.probability:.2f}", INK, font)
    return sheet


def write_pictures(answer: Answer, folder: Path) -> list[Path]:
    """Draw each hit into a folder; gives the files written, best hit first."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for rank, hit in enumerate(answer.hits, start=1):
        path = folder / f"{rank:02d}-{Path(hit.image.file_name).stem}.png"
        hit_sheet(hit).save(path)
        written.append(path)
    return written
