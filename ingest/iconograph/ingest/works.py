"""Works of which nothing is known but a picture file."""

from __future__ import annotations

from pathlib import PurePath

from iconograph.graph.model.ids import ImageId, WorkId, work_id
from iconograph.graph.model.work import Text, Work


def id_by_content(image: ImageId) -> WorkId:
    """The id of a work without one of its own: it follows from its picture's content."""
    return work_id(image)


def unknown_work(image: ImageId, file_name: str) -> Work:
    """The work in a picture file, titled by the file: `birth_of_venus.jpg` is `birth of venus`."""
    title = PurePath(file_name).stem.replace("_", " ").strip() or file_name
    return Work(id=id_by_content(image), titles=(Text(text=title),))
