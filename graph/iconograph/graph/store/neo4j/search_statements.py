"""The Cypher of searches.

Values go in as parameters only, as in `statements`. Large answers are one list: a record for each
row would cost the driver ten times as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.store.neo4j.statements import TEXT_INDEX, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iconograph.graph.model.edge import EdgeKind

# Parameters: k, vector, and index for the procedure. A score is (1 + cosine) / 2.
NEAREST_BY_PROCEDURE = """
CALL db.index.vector.queryNodes($index, $k, $vector) YIELD node AS r, score
WITH r, 2 * score - 1 AS cosine ORDER BY cosine DESC
RETURN collect([r.id, cosine])"""


def nearest(index: str, *, search_clause: bool) -> str:
    """Regions whose vectors lie nearest, with their cosines."""
    if not search_clause:
        return NEAREST_BY_PROCEDURE
    return f"""
CYPHER 25 MATCH (r:Region)
SEARCH r IN (VECTOR INDEX {index} FOR $vector LIMIT $k) SCORE AS score
WITH r, 2 * score - 1 AS cosine ORDER BY cosine DESC
RETURN collect([r.id, cosine])"""


# Parameters: query in Lucene's language, k
WITH_TOKENS = f"""
CALL db.index.fulltext.queryNodes('{TEXT_INDEX}', $query, {{limit: $k}}) YIELD node AS r
RETURN collect(r.id)"""
_DEPICTING = """
  MATCH (c:Concept)<-[:DEPICTS]-(r:Region) WHERE c.id IN $concepts {restriction}
  RETURN c.id AS concept, r.id AS region
  UNION
  MATCH (c:Concept)<-[:DEPICTS]-(:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(r:Region)
  WHERE c.id IN $concepts {restriction}
  RETURN c.id AS concept, r.id AS region"""
WITH_CONCEPTS = f"""
CALL () {{{_DEPICTING.format(restriction="")}
}}
WITH DISTINCT region LIMIT $k RETURN collect(region)"""
CONCEPT_HITS = _DEPICTING.format(restriction="AND r.id IN $ids")


def edges_from(kinds: Iterable[EdgeKind], *, outgoing: bool) -> str:
    """Edges whose subject (or, when not `outgoing`, object) is among `ids`.

    Of the kinds in `symmetric` either end counts. Parameters: ids, symmetric.
    """
    end = "startNode(e)" if outgoing else "endNode(e)"
    return f"""
MATCH (r:Region)-[e:{any_of(kinds)}]-(:Region)
WHERE r.id IN $ids AND e.status <> 'rejected' AND ({end} = r OR type(e) IN $symmetric)
RETURN collect([e.id, type(e), startNode(e).id, endNode(e).id, e.confidence])"""


def describe(probed: Sequence[str]) -> str:
    """What a search reads of regions by id, with the cosine for each of the properties `probed`.

    Parameters: ids, tokens, and for the n-th property a vector `probe_n`. Each property is read
    once and its name stands in the text, which halves the time against looking it up in a map.
    """
    held = {name: f"held_{place}" for place, name in enumerate(dict.fromkeys(probed))}
    read = "".join(f", r.{name} AS {alias}" for name, alias in held.items())
    cosines = ", ".join(
        f"2 * vector.similarity.cosine({held[name]}, $probe_{place}) - 1"
        for place, name in enumerate(probed)
    )
    return f"""
MATCH (r:Region) WHERE r.id IN $ids
WITH r{read}
RETURN collect([r.id, r.image_id, r.level, r.kind, r.labels, r.label_confidences,
  [token IN $tokens WHERE token IN r.caption_tokens], [{cosines}]])"""


WORKS_OF_IMAGES = "MATCH (i:Image) WHERE i.id IN $ids RETURN collect([i.id, i.work_id])"
FIRST_REGIONS = "MATCH (r:Region) WITH r LIMIT $k RETURN collect(r.id)"
FIRST_REGIONS_OF_WORKS = """
MATCH (w:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(r:Region) WHERE w.id IN $works
WITH r LIMIT $k RETURN collect(r.id)"""
# Parameters: works and branch; an empty one lets all pass
WORKS_IN_BRANCH = """
MATCH (w:Work)-[:RECORDED_AS]->(d:Record)
WHERE (size($works) = 0 OR w.id IN $works) AND ($branch = ''
  OR EXISTS { (w)-[:DEPICTS]->(c:Concept) WHERE c.id STARTS WITH $branch }
  OR EXISTS { (w)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(:Region)-[:DEPICTS]->(c:Concept)
              WHERE c.id STARTS WITH $branch })
RETURN d.json"""
ALL_VECTORS = """
MATCH (r:Region) WHERE r.id > $after AND r[$property] IS NOT NULL
RETURN r.id, r[$property] ORDER BY r.id LIMIT $limit"""
