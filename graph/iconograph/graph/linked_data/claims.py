"""The graph as RDF quads by pyoxigraph, streamed (extra `lod`)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from iconograph.graph.errors import MissingExtraError
from iconograph.graph.linked_data import statements
from iconograph.graph.linked_data.lexical import language_tag
from iconograph.graph.linked_data.statements import TYPE, Statement, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from pyoxigraph import Quad

    from iconograph.graph.linked_data.iris import IriMinter
    from iconograph.graph.linked_data.jsonl import Counts
    from iconograph.graph.store.port import GraphStore


def write_nquads(
    store: GraphStore, out: BinaryIO, *, iris: IriMinter, with_rejected: bool = False
) -> Counts:
    """Write the store as N-Quads; gives the number of quads and of relation claims.

    Memory is that of one image, with the ids of runs and concepts. Raises `MissingExtraError`
    without pyoxigraph.
    """
    ox = _pyoxigraph()
    counts: Counts = Counter()
    told = _counted(store_statements(store, iris, with_rejected=with_rejected), iris, counts)
    ox.serialize(_quads(told, ox), out, ox.RdfFormat.N_QUADS)
    return counts


def quads(store: GraphStore, *, iris: IriMinter, with_rejected: bool = False) -> Iterator[Quad]:
    """Every statement about the store as a quad; rejected claims only when asked for.

    Raises `MissingExtraError` without pyoxigraph.
    """
    return _quads(store_statements(store, iris, with_rejected=with_rejected), _pyoxigraph())


def store_statements(
    store: GraphStore, iris: IriMinter, *, with_rejected: bool = False
) -> Iterator[Statement]:
    """The vocabulary, then image by image; runs and concepts where they are first named."""
    yield from statements.of_vocabulary(iris)
    told: set[str] = set()
    for bundle in store.bundles():
        for run in bundle.runs:
            if run.id not in told:
                yield from statements.of_run(run, iris)
        for concept in bundle.concepts:
            if concept.id not in told:
                yield from statements.of_concept(concept, iris)
        told.update(run.id for run in bundle.runs)
        told.update(concept.id for concept in bundle.concepts)
        yield from statements.of_bundle(bundle, iris, with_rejected=with_rejected)


def _quads(told: Iterable[Statement], ox: Any) -> Iterator[Quad]:  # noqa: ANN401  the module
    named, literal, quad, none = ox.NamedNode, ox.Literal, ox.Quad, ox.DefaultGraph()
    for subject, predicate, object_, graph in told:
        yield quad(
            named(subject),
            named(predicate),
            _literal(object_, literal, named) if isinstance(object_, Words) else named(object_),
            named(graph) if graph else none,
        )


def _literal(words: Words, literal: Any, named: Any) -> Any:  # noqa: ANN401  pyoxigraph's classes
    if words.datatype:
        return literal(words.text, datatype=named(words.datatype))
    return literal(words.text, language=language_tag(words.language))


def _counted(told: Iterable[Statement], iris: IriMinter, counts: Counts) -> Iterator[Statement]:
    for statement in told:
        counts["quad"] += 1
        counts["claim"] += statement.predicate == TYPE and statement.object == iris.relation_claim
        yield statement


def _pyoxigraph() -> Any:  # noqa: ANN401  a module
    try:
        import pyoxigraph
    except ImportError as error:
        needed_by = "the export to N-Quads"
        raise MissingExtraError(needed_by, package="pyoxigraph", extra="lod") from error
    return pyoxigraph
