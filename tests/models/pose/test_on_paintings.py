"""Poses, faces and gazes by the real networks, on judged paintings outside the repository."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage
from platformdirs import user_cache_path

from iconograph.graph.errors import MissingExtraError, MissingModelError
from iconograph.ingest.models.face.finder import MeshFaces
from iconograph.ingest.models.face.gaze import gaze_of
from iconograph.ingest.models.pose.agreed import AgreedPoses
from iconograph.ingest.pixels import upright_rgb

CACHE = Path(os.environ.get("ICONOGRAPH_CACHE") or user_cache_path("iconograph"))
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
JUDGED = SHARED / "annotations" / "dev_paintings.json"
PICTURES = ("boy_flute_hals.jpg", "venus_mars_botticelli.jpg")


def painting(name: str) -> tuple[Any, Any, list[Any]]:
    if not JUDGED.is_file():
        pytest.skip(f"needs the judged paintings in {SHARED}, which are not part of the repository")
    images = json.loads(JUDGED.read_text(encoding="utf-8"))["images"]
    found = next((image for image in images if image["image"] == name), None)
    if found is None:
        pytest.skip(f"{name} is not among the judged paintings")
    with PillowImage.open(SHARED / "paintings" / name) as file:
        pixels = upright_rgb(file)
    scale = np.array([found["width"], found["height"]] * 2)
    people = [entity for entity in found["entities"] if entity["kind"] == "person"]
    boxes = np.array([np.array(entity["box"]) * scale for entity in people], dtype=np.float32)
    heads = [None if not e["head"] else np.array(e["head"]) * scale for e in people]
    return pixels, boxes, [(e, head) for e, head in zip(people, heads, strict=True)]


@pytest.mark.parametrize("name", PICTURES)
def test_poses_have_their_heads_where_they_were_judged(name: str) -> None:
    pixels, boxes, people = painting(name)
    try:
        poses = AgreedPoses.open(CACHE)(pixels, boxes)
    except (MissingModelError, MissingExtraError) as error:
        pytest.skip(str(error))
    assert any(poses)
    for pose, (_, head) in zip(poses, people, strict=True):
        if pose and head is not None:
            face = np.array([(p.x_px, p.y_px) for p in pose.key_points[:3]]).mean(axis=0)
            margin = 0.1 * (head[3] - head[1])
            assert (face >= head[:2] - margin).all()
            assert (face <= head[2:] + margin).all()


def test_gazes_from_faces_go_where_they_were_judged_to_go() -> None:
    errors = []
    for name in PICTURES:
        pixels, boxes, people = painting(name)
        try:
            faces = MeshFaces.open(CACHE)(pixels, boxes)
        except (MissingModelError, MissingExtraError) as error:
            pytest.skip(str(error))
        for face in faces:
            gaze, middle = gaze_of(face), face.box.centre
            for person, head in people:
                if (
                    head is None
                    or not (person["gaze"] or {}).get("direction")
                    or not gaze.direction
                ):
                    continue
                if head[0] < middle.x_px < head[2] and head[1] < middle.y_px < head[3]:
                    (x, y), (u, v) = person["gaze"]["direction"], gaze.direction
                    errors.append(math.degrees(math.acos(max(-1.0, min(1.0, x * u + y * v)))))
    assert len(errors) >= 4
    assert np.median(errors) < 25
