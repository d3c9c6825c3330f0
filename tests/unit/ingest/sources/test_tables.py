from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from iconograph.graph.errors import AnnotationError, MetadataError
from iconograph.graph.model.concept import Concept, Scheme
from iconograph.graph.model.region import Level, RegionKind
from iconograph.graph.model.work import DateSpan, Maker
from iconograph.ingest.sources.metadata_csv import WorkRow, read_metadata_csv
from iconograph.ingest.sources.regions_csv import read_regions_csv
from iconograph.ingest.sources.tables import read_table


def written(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def only_row(path: Path) -> WorkRow:
    table = read_metadata_csv(path)
    assert table.problems == ()
    (row,) = table.rows
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_in_any_usual_form(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = (("file", "title"), ("a.jpg", "Sainte Geneviève"), ("b.jpg", ""))
    text = "\r\n".join(delimiter.join(cells) for cells in lines)
    table = read_table(written(tmp_path, text, encoding=encoding), error=MetadataError)
    assert table.columns == ("file", "title")
    assert [row.cells["title"] for row in table.rows] == ["Sainte Geneviève", ""]
    assert [row.number for row in table.rows] == [2, 3]


def test_short_rows_are_filled_and_blank_ones_passed_over(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "file,title\n\n  ,\na.jpg\n"), error=MetadataError)
    assert [dict(row.cells) for row in table.rows] == [{"file": "a.jpg", "title": ""}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\n \n", "is empty", id="blank"),
        pytest.param(b"\x89PNG\x00\x00", "is not text", id="binary"),
        pytest.param(b'file,title\na.jpg,"open', "is not a table", id="open-quote"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    with pytest.raises(MetadataError, match=message):
        read_metadata_csv(path)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"cannot be read: No such file"):
        read_metadata_csv(tmp_path / "none.csv")


def test_a_row_of_works_becomes_a_work(tmp_path: Path) -> None:
    text = (
        "File Name,inventory number,Title,Creator,Date,Medium,Museum,Licence,Iconclass,Visible\n"
        'a.jpg,NG 1,Eden,"workshop of Hans Baldung; Anonymous",c. 1500,oil on oak,Kunsthalle,'
        "CC0,25F23;73A52,two figures\n"
    )
    row = only_row(written(tmp_path, text))
    work = row.work
    assert (row.file, row.has_id) == ("a.jpg", True)
    assert work.title == "Eden"
    assert work.makers == (
        Maker(name="Hans Baldung", qualifier="workshop of"),
        Maker(name="Anonymous"),
    )
    assert work.date == DateSpan(text="c. 1500", earliest_year=1495, latest_year=1505)
    assert (work.medium, work.collection) == ("oil on oak", "Kunsthalle")
    assert work.rights_uri == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert work.extra == (("Visible", "two figures"),)
    assert row.concepts == (
        Concept(scheme=Scheme.ICONCLASS, notation="25F23"),
        Concept(scheme=Scheme.ICONCLASS, notation="73A52"),
    )
    assert work.concepts == tuple(concept.id for concept in row.concepts)


def test_rights_that_are_no_uri_are_kept_in_words(tmp_path: Path) -> None:
    row = only_row(written(tmp_path, "file,licence\na.jpg,ask the museum\n"))
    assert row.work.rights_uri == ""
    assert row.work.extra == (("licence", "ask the museum"),)


def test_a_work_without_a_title_has_that_of_its_file(tmp_path: Path) -> None:
    assert only_row(written(tmp_path, "file,title\nfolder/eden.jpg,\n")).work.title == "eden"


def test_the_likeliest_of_two_columns_for_a_field_wins_and_the_other_is_kept(
    tmp_path: Path,
) -> None:
    row = only_row(written(tmp_path, "file,creator,artist\na.jpg,C,A\n"))
    assert row.work.makers == (Maker(name="A"),)
    assert row.work.extra == (("creator", "C"),)


def test_a_table_of_works_without_file_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"found nr, title; expected one named file or"):
        read_metadata_csv(written(tmp_path, "nr,title\n1,Eden\n"))


def test_rows_without_a_file_or_with_one_twice_are_problems(tmp_path: Path) -> None:
    table = read_metadata_csv(written(tmp_path, "file,title\n,A\na.jpg,B\na.jpg,C\n"))
    assert [row.work.title for row in table.rows] == ["B"]
    assert [problem.where for problem in table.problems] == ["table.csv row 2", "table.csv row 4"]


def test_regions_are_read_by_file(tmp_path: Path) -> None:
    text = (
        "file,label,x0,y0,x1,y1,kind,level,caption,id\n"
        "a.jpg,Eve,1,2,30,40,person,entity,nude woman,e1\n"
        "b.jpg,dog,0,0,5.5,6,,,,\n"
        "a.jpg,pair,0,0,50,40,Person,GROUP,,\n"
    )
    file = read_regions_csv(written(tmp_path, text))
    assert file.problems == ()
    assert [picture.file for picture in file.pictures] == ["a.jpg", "b.jpg"]
    eve, pair = file.pictures[0].annotations
    assert (eve.source_id, eve.caption, eve.kind) == ("e1", "nude woman", RegionKind.PERSON)
    assert eve.outline.box.corners_px == (1, 2, 30, 40)
    assert (pair.source_id, pair.level, pair.labels[0].text) == ("row-4", Level.GROUP, "pair")
    (dog,) = file.pictures[1].annotations
    assert (dog.kind, dog.level) == (RegionKind.UNKNOWN, Level.ENTITY)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("a.jpg,,1,2,3,4,,", "needs a file and a label", id="no-label"),
        pytest.param("a.jpg,x,one,2,3,4,,", "could not convert", id="word-for-number"),
        pytest.param("a.jpg,x,nan,2,3,4,,", "finite", id="nan"),
        pytest.param("a.jpg,x,inf,2,3,4,,", "finite", id="infinite"),
        pytest.param("a.jpg,x,3,2,1,4,,", "x0 < x1", id="turned-round"),
        pytest.param("a.jpg,x,1,2,3,4,ghost,", "ghost", id="unknown-kind"),
        pytest.param("a.jpg,x,1,2,3,4,,r1", "used twice", id="id-twice"),
    ],
)
def test_a_row_of_regions_that_cannot_be_used_is_a_problem(
    tmp_path: Path, row: str, message: str
) -> None:
    text = f"file,label,x0,y0,x1,y1,kind,id\na.jpg,good,0,0,9,9,,r1\n{row}\n"
    file = read_regions_csv(written(tmp_path, text))
    assert len(file.pictures[0].annotations) == 1
    (problem,) = file.problems
    assert problem.where == "table.csv row 3"
    assert problem.code == AnnotationError.code
    assert message in problem.message
    assert dataclasses.asdict(problem)["severity"] == "left out"


def test_a_table_without_the_columns_of_regions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"lacks the columns label, y1; found file, x0"):
        read_regions_csv(written(tmp_path, "file,x0,y0,x1\na.jpg,1,2,3\n"))
