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


SAYINGS = """
MATCH (r:Region)
WITH coalesce(r.labels, []) AS labels, coalesce(r.label_tokens, []) AS tokens, count(*) AS regions
RETURN collect([labels, tokens, regions])"""
COUNT_REGIONS = "MATCH (r:Region) RETURN count(r)"
# Parameters: queries in Lucene's language, most
COUNT_WITH_TOKENS = f"""
UNWIND $queries AS query
CALL db.index.fulltext.queryNodes('{TEXT_INDEX}', query, {{limit: $most}}) YIELD node
RETURN count(node)"""
# Parameters: concepts, most
COUNT_WITH_CONCEPTS = f"""
CALL () {{{_DEPICTING.format(restriction="")}
}}
WITH DISTINCT region LIMIT $most RETURN count(region)"""
# Parameters: queries, most, ids, concepts
_STARTS = f"""
CALL () {{
  UNWIND $queries AS query
  CALL db.index.fulltext.queryNodes('{TEXT_INDEX}', query, {{limit: $most}}) YIELD node AS r
  RETURN r
  UNION
  MATCH (r:Region) WHERE r.id IN $ids RETURN r
  UNION
  MATCH (c:Concept)<-[:DEPICTS]-(r:Region) WHERE c.id IN $concepts RETURN r
  UNION
  MATCH (c:Concept)<-[:DEPICTS]-(:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(r:Region)
  WHERE c.id IN $concepts RETURN r
}}"""


def passes(region: str, role: str, probed: Sequence[str], *, speechless: bool) -> str:
    """The condition that a region passes a node's `Bar`.

    Parameters, each with the role's name before it: kinds, levels, shown; and when regions may have
    no label that speaks (`speechless`) silent, tokens, concepts, and for the n-th of the properties
    `probed` a vector `probe_n` with its least cosine `floor_n`.
    """
    shown = (
        f"{region}.kind IN ${role}_kinds "
        f"OR any(label IN {region}.labels WHERE label IN ${role}_shown)"
    )
    if speechless:
        depicts = f"[:DEPICTS]->(c:Concept) WHERE c.id IN ${role}_concepts"
        evidence = [
            f"any(token IN {region}.caption_tokens WHERE token IN ${role}_tokens)",
            f"EXISTS {{ ({region})-{depicts} }}",
            f"EXISTS {{ ({region})<-[:HAS_REGION]-(:Image)<-[:HAS_IMAGE]-(:Work)-{depicts} }}",
        ]
        evidence += [
            f"2 * vector.similarity.cosine({region}.{name}, ${role}_probe_{place}) - 1"
            f" >= ${role}_floor_{place}"
            for place, name in enumerate(probed)
        ]
        shown += (
            f"\n  OR ({region}.labels IS NULL"
            f" OR any(label IN {region}.labels WHERE label IN ${role}_silent))"
            f"\n    AND ({' OR '.join(evidence)})"
        )
    return f"(size(${role}_levels) = 0 OR {region}.level IN ${role}_levels) AND ({shown})"


def joined(kinds: Iterable[EdgeKind], starting: str, ending: str) -> str:
    """Edges from regions `r` that were started from to regions `o`, each under its condition.

    Parameters: those of the conditions, of the start (queries, most, ids, concepts), and the types
    of edges that may lead `ahead` from r to o and `behind` from o to r. The last column says
    whether r is the edge's subject.
    """
    return f"""{_STARTS}
WITH r WHERE {starting}
MATCH (r)-[e:{any_of(kinds)}]-(o:Region)
WHERE e.status <> 'rejected'
  AND (startNode(e) = r AND type(e) IN $ahead OR endNode(e) = r AND type(e) IN $behind)
  AND {ending}
RETURN collect([e.id, type(e), startNode(e).id, endNode(e).id, e.confidence, startNode(e) = r])"""


def started(starting: str) -> str:
    """Regions that were started from, under a condition; parameters as for `joined`."""
    return f"""{_STARTS}
WITH r WHERE {starting}
RETURN collect(r.id)"""


def beside(condition: str) -> str:
    """Regions `o` of the images that hold `ids`, under a condition."""
    return f"""
MATCH (i:Image)-[:HAS_REGION]->(r:Region) WHERE r.id IN $ids
WITH DISTINCT i
MATCH (i)-[:HAS_REGION]->(o:Region) WHERE {condition}
RETURN collect(o.id)"""


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
