"""Which works may answer a search, the same in every store (see `WorkFilter`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iconograph.graph.model.bundle import ImageBundle
from iconograph.graph.model.ids import ConceptId
from iconograph.graph.model.work import DateSpan, Maker
from iconograph.graph.store.candidates import (
    NodeRequest,
    WorkFilter,
)
from tests.builders import eden_bundle

if TYPE_CHECKING:
    from iconograph.graph.store.port import GraphStore
from tests.contract.found import found, near


def filterable(store: GraphStore) -> dict[str, ImageBundle]:
    """Three works that filters can tell apart."""
    plain = {name: eden_bundle(name) for name in ("early", "late", "undated")}
    fields = {
        "early": {
            "makers": (Maker(name="Gr\u00fcnewald"), Maker(name="Hans Baldung Grien")),
            "date": DateSpan(text="c. 1500", earliest_year=1495, latest_year=1505),
            "medium": "oil on Panel",
            "concepts": (ConceptId("iconclass:71A34"),),
        },
        "late": {
            "makers": (Maker(name="Rembrandt"),),
            "date": DateSpan(text="after 1650", earliest_year=1650),
            "collection": "Mauritshuis, The Hague",
            "rights_uri": "https://creativecommons.org/publicdomain/zero/1.0/",
        },
        "undated": {"makers": (), "date": None},
    }
    bundles = {
        name: replace(bundle, work=replace(bundle.work, **fields[name]))  # type: ignore[arg-type]
        for name, bundle in plain.items()
    }
    late = bundles["late"]
    on_region = replace(late.regions[0], concepts=(ConceptId("iconclass:71C1"),))
    bundles["late"] = replace(late, regions=(on_region, *late.regions[1:]))
    for bundle in bundles.values():
        store.write(bundle)
    return bundles


@pytest.mark.parametrize(
    ("wanted", "passing"),
    [
        pytest.param(WorkFilter(), {"early", "late", "undated"}, id="no filter"),
        pytest.param(WorkFilter(makers=("baldung",)), {"early"}, id="maker"),
        pytest.param(WorkFilter(makers=("GR\u00dcNEWALD",)), {"early"}, id="maker, no case"),
        pytest.param(WorkFilter(makers=("bald", "remb")), {"early", "late"}, id="either maker"),
        pytest.param(WorkFilter(earliest_year=1505), {"early", "late"}, id="from a year on"),
        pytest.param(WorkFilter(latest_year=1495), {"early"}, id="up to a year"),
        pytest.param(WorkFilter(earliest_year=1506, latest_year=1649), set(), id="between"),
        pytest.param(WorkFilter(earliest_year=1700), {"late"}, id="open span"),
        pytest.param(WorkFilter(medium="panel"), {"early"}, id="medium"),
        pytest.param(WorkFilter(collection="MAURITS"), {"late"}, id="collection"),
        pytest.param(
            WorkFilter(rights_uri="https://creativecommons.org/publicdomain/zero/1.0/"),
            {"late"},
            id="rights",
        ),
        pytest.param(WorkFilter(iconclass="71A"), {"early"}, id="iconclass of the work"),
        pytest.param(WorkFilter(iconclass="71C1"), {"late"}, id="iconclass of a region"),
        pytest.param(WorkFilter(iconclass="71"), {"early", "late"}, id="iconclass branch"),
        pytest.param(WorkFilter(iconclass="71C11"), set(), id="below is not above"),
        pytest.param(WorkFilter(makers=("remb",), medium="oil"), set(), id="all must pass"),
    ],
)
def test_filters_say_which_works_may_answer(
    store: GraphStore, wanted: WorkFilter, passing: set[str]
) -> None:
    bundles = filterable(store)
    node = NodeRequest(vectors=near(bundles["early"]))

    answer = found(store, node, work_filter=wanted)

    assert answer.eligible_works() == {bundles[name].work.id for name in passing}


def test_a_filter_by_work(store: GraphStore) -> None:
    bundles = filterable(store)
    wanted = WorkFilter(work_ids=(bundles["late"].work.id, "w0"))

    answer = found(store, NodeRequest(vectors=near(bundles["late"])), work_filter=wanted)

    assert answer.eligible_works() == {bundles["late"].work.id}
