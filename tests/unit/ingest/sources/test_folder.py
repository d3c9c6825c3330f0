from __future__ import annotations

from pathlib import Path

from iconograph.ingest.sources.folder import find_pictures


def touched(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names_in(*paths: Path) -> list[str]:
    return [picture.name for picture in find_pictures(paths)[0]]


def test_pictures_are_found_below_a_folder_in_order(tmp_path: Path) -> None:
    touched(tmp_path, "b.JPG", "a.png", "sub/c.tif", "notes.txt", "a.jpg.json")
    assert names_in(tmp_path) == ["a.png", "b.JPG", "sub/c.tif"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    touched(tmp_path, "a.png", ".b.png", ".thumbs/c.png")
    assert names_in(tmp_path) == ["a.png"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    touched(tmp_path, "sub/a.png")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    assert names_in(tmp_path) == ["sub/a.png"]


def test_a_folder_that_is_linked_to_is_searched(tmp_path: Path) -> None:
    touched(tmp_path, "elsewhere/a.png", "here/b.png")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert names_in(tmp_path / "here") == ["b.png", "link/a.png"]


def test_a_file_named_itself_is_taken_once_whatever_its_ending(tmp_path: Path) -> None:
    touched(tmp_path, "scan.dat", "a.png")
    assert names_in(tmp_path / "scan.dat") == ["scan.dat"]
    assert names_in(tmp_path, tmp_path / "a.png") == ["a.png"]


def test_a_missing_path_and_an_empty_folder_are_problems(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    pictures, problems = find_pictures([tmp_path / "none", tmp_path / "empty"])
    assert pictures == ()
    assert [problem.message.split(";")[0] for problem in problems] == [
        "no such file or folder",
        "no picture is in this folder",
    ]
