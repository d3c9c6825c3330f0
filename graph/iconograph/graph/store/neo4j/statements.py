"""The Cypher that writes and reads the graph.

That of searches is in `search_statements`, that of constraints and indexes in `schema`.

Values go in as parameters only. Where Cypher takes no parameter (labels, relationship types, names
of properties) the text is made from the members of an enumeration or by `spaces.slug`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iconograph.graph.model.edge import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT_INDEX = "region_text"
RECORDED = ("Work", "Image", "Run", "Concept", "Region", "Axis")
"""Labels of the nodes that stand for one value each and carry its record."""
STORED = (*RECORDED, "Record", "VectorSpace")


def any_of(kinds: Iterable[EdgeKind]) -> str:
    """Relationship types, any of which may match."""
    return "|".join(sorted(kind.value for kind in kinds))


ANY_EDGE = any_of(EdgeKind)

# A count of changes tells those who hold vectors in memory that theirs are old.
CHANGES = "MATCH (s:IconographSchema) RETURN coalesce(s.changes, 0)"
COUNT_CHANGE = "MATCH (s:IconographSchema) SET s.changes = coalesce(s.changes, 0) + 1"
CLEAR = f"""
MATCH (n:{"|".join(STORED)})
CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 1000 ROWS"""

# Writing
ADD_SPACE = """
MERGE (s:VectorSpace {name: $name})
ON CREATE SET s.dim = $dim, s.weights_sha256 = $weights_sha256, s.modality = $modality,
  s.property = $property, s.index = $index, s.caption = $name
RETURN s.name, s.dim, s.weights_sha256, s.modality"""
KEEP_RUNS = """
UNWIND $rows AS row
MERGE (n:Run {id: row.id})
ON CREATE SET n += row.properties
MERGE (n)-[:RECORDED_AS]->(d:Record)
ON CREATE SET d.name = 'record', d.json = row.json"""


def upsert(label: str) -> str:
    """Insert or update the nodes of one of `RECORDED`."""
    return f"""
UNWIND $rows AS row
MERGE (n:{label} {{id: row.id}})
SET n += row.properties
MERGE (n)-[:RECORDED_AS]->(d:Record)
SET d.name = 'record', d.json = row.json"""


UPSERT_REGIONS = (
    upsert("Region")
    + """
FOREACH (_ IN CASE row.properties.level WHEN 'entity' THEN [1] ELSE [] END | SET n:Entity)
FOREACH (_ IN CASE row.properties.level WHEN 'group' THEN [1] ELSE [] END | SET n:Group)
FOREACH (_ IN CASE row.properties.level WHEN 'scene' THEN [1] ELSE [] END | SET n:Scene)
WITH n
MATCH (i:Image {id: $image})
MERGE (i)-[:HAS_REGION]->(n)"""
)
UPSERT_AXES = (
    upsert("Axis")
    + """
WITH n
MATCH (i:Image {id: $image})
MERGE (i)-[:HAS_AXIS]->(n)"""
)

# Parameters: image, work. Gives the works that lost the image.
LINK_IMAGE = """
MATCH (i:Image {id: $image}), (w:Work {id: $work})
MERGE (w)-[:HAS_IMAGE]->(i)
WITH i, w
MATCH (other:Work)-[link:HAS_IMAGE]->(i) WHERE other <> w
DELETE link
RETURN other.id"""
LINK_RUNS = """
UNWIND $rows AS row
MATCH (i:Image {id: row.image}), (u:Run {id: row.run})
MERGE (i)-[:PROCESSED_BY]->(u)"""
UNLINK_REGIONS = """
MATCH (r:Region) WHERE r.id IN $ids
OPTIONAL MATCH (r)-[depicts:DEPICTS]->(:Concept)
OPTIONAL MATCH (:Region)-[part:HAS_PART]->(r)
DELETE depicts, part"""
UNLINK_WORK = "MATCH (:Work {id: $work})-[depicts:DEPICTS]->(:Concept) DELETE depicts"
LINK_PARENTS = """
UNWIND $rows AS row
MATCH (parent:Region {id: row.parent}), (child:Region {id: row.child})
MERGE (parent)-[:HAS_PART]->(child)"""


def link_concepts(label: str) -> str:
    """Say what regions or works depict; a concept that nobody described yet gets its id as name."""
    return f"""
UNWIND $rows AS row
MATCH (n:{label} {{id: row.id}})
MERGE (c:Concept {{id: row.concept}})
ON CREATE SET c.name = row.concept
MERGE (n)-[:DEPICTS]->(c)"""


def upsert_edges(kind: EdgeKind) -> str:
    """Insert or update the edges of a kind."""
    return f"""
UNWIND $rows AS row
MATCH (s:Region {{id: row.subject}}), (o:Region {{id: row.object}})
MERGE (s)-[e:{kind.value} {{id: row.properties.id}}]->(o)
SET e = row.properties"""


# The procedure keeps 4 bytes for each number, SET would keep 8.
SET_VECTORS = """
UNWIND $rows AS row
MATCH (r:Region {id: row.id})
CALL db.create.setNodeVectorProperty(r, $property, row.vector)"""

# A property that is set to null is removed; parameter: cleared, of properties and nulls.
CLEAR_PROPERTIES = """
MATCH (:Image {id: $image})-[:HAS_REGION]->(r:Region) WHERE r.id IN $ids
SET r += $cleared"""
REMOVE_EDGES = f"""
MATCH (:Image {{id: $image}})-[:HAS_REGION]->(:Region)-[e:{ANY_EDGE}]->(:Region)
WHERE e.id IN $ids DELETE e"""
REMOVE_AXES = """
MATCH (:Image {id: $image})-[:HAS_AXIS]->(a:Axis) WHERE a.id IN $ids
OPTIONAL MATCH (a)-[:RECORDED_AS]->(d:Record)
DETACH DELETE a, d"""
CHILDREN = """
MATCH (:Image {id: $image})-[:HAS_REGION]->(p:Region)-[:HAS_PART]->(c:Region)-[:RECORDED_AS]->(d)
WHERE p.id IN $ids RETURN c.id, d.json"""
SET_RECORDS = """
UNWIND $rows AS row
MATCH (:Region {id: row.id})-[:RECORDED_AS]->(d:Record)
SET d.json = row.json"""
REMOVE_REGIONS = """
MATCH (:Image {id: $image})-[:HAS_REGION]->(r:Region) WHERE r.id IN $ids
OPTIONAL MATCH (r)-[:RECORDED_AS]->(d:Record)
DETACH DELETE r, d"""
# Parameter: image. Gives the works that lost it.
REMOVE_IMAGE = """
MATCH (w:Work)-[:HAS_IMAGE]->(i:Image {id: $image})
CALL (i) {
  MATCH (i)-[:HAS_REGION|HAS_AXIS]->(part)
  OPTIONAL MATCH (part)-[:RECORDED_AS]->(d:Record)
  DETACH DELETE part, d
}
CALL (i) {
  OPTIONAL MATCH (i)-[:RECORDED_AS]->(d:Record)
  DETACH DELETE i, d
}
RETURN w.id"""
REMOVE_EMPTY_WORKS = """
MATCH (w:Work) WHERE w.id IN $ids AND NOT EXISTS { (w)-[:HAS_IMAGE]->() }
OPTIONAL MATCH (w)-[:RECORDED_AS]->(d:Record)
DETACH DELETE w, d"""

# Reading
SPACES = """
MATCH (s:VectorSpace)
RETURN s.name, s.dim, s.weights_sha256, s.modality, s.property, s.index ORDER BY s.name"""
# A concept that was only named has no record yet.
_COUNTED = {
    **{label: f"(n:{label})" for label in RECORDED},
    "Concept": "(n:Concept)-[:RECORDED_AS]->()",
}
COUNTS = "\nUNION ALL\n".join(
    f"MATCH {pattern} WITH count(n) AS number RETURN '{label.lower()}' AS type, number"
    for label, pattern in _COUNTED.items()
)
COUNT_EDGES = f"MATCH ()-[e:{ANY_EDGE}]->() RETURN type(e) AS kind, count(e) ORDER BY kind"


def page(label: str) -> str:
    """Records in order of id; parameters: after, limit."""
    return f"""
MATCH (n:{label}) WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
MATCH (n)-[:RECORDED_AS]->(d:Record) RETURN d.json ORDER BY n.id"""


def by_id(label: str) -> str:
    """Records in order of id; parameter: ids."""
    return f"""
MATCH (n:{label})-[:RECORDED_AS]->(d:Record) WHERE n.id IN $ids
RETURN d.json ORDER BY n.id"""


ALL_RUNS = "MATCH (n:Run)-[:RECORDED_AS]->(d:Record) RETURN d.json ORDER BY n.id"
IMAGE_IDS = "MATCH (i:Image) WHERE i.id > $after RETURN i.id ORDER BY i.id LIMIT $limit"
REGIONS_PAGE_OF_IMAGE = """
MATCH (:Image {id: $image})-[:HAS_REGION]->(n:Region) WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
MATCH (n)-[:RECORDED_AS]->(d:Record) RETURN d.json ORDER BY n.id"""
IMAGES_OF_WORKS = """
MATCH (w:Work)-[:HAS_IMAGE]->(i:Image)-[:RECORDED_AS]->(d:Record) WHERE w.id IN $ids
RETURN d.json ORDER BY i.id"""

_EDGE = "type(e), s.id, o.id, properties(e)"
EDGES_BY_ID = f"""
UNWIND $ids AS id
CALL (id) {{
{" UNION ALL ".join(f"MATCH (s)-[e:{k.value} {{id: id}}]->(o) RETURN s, e, o" for k in EdgeKind)}
}}
RETURN {_EDGE} ORDER BY e.id"""
EDGES_OF_REGIONS = f"""
MATCH (r:Region)-[e:{ANY_EDGE}]-(:Region) WHERE r.id IN $ids
WITH DISTINCT e, startNode(e) AS s, endNode(e) AS o
RETURN {_EDGE} ORDER BY e.id"""

IMAGE_AND_WORK = """
MATCH (wd:Record)<-[:RECORDED_AS]-(:Work)-[:HAS_IMAGE]->(i:Image {id: $image})
MATCH (i)-[:RECORDED_AS]->(d:Record)
RETURN wd.json, d.json"""
REGIONS_OF_IMAGE = """
MATCH (:Image {id: $image})-[:HAS_REGION]->(n:Region)-[:RECORDED_AS]->(d:Record)
RETURN d.json ORDER BY n.id"""
AXES_OF_IMAGE = """
MATCH (:Image {id: $image})-[:HAS_AXIS]->(n:Axis)-[:RECORDED_AS]->(d:Record)
RETURN d.json ORDER BY n.id"""
EDGES_OF_IMAGE = f"""
MATCH (:Image {{id: $image}})-[:HAS_REGION]->(s:Region)-[e:{ANY_EDGE}]->(o:Region)
RETURN {_EDGE} ORDER BY e.id"""
VECTORS_OF_IMAGE = """
MATCH (:Image {id: $image})-[:HAS_REGION]->(r:Region) WHERE r[$property] IS NOT NULL
RETURN r.id, r[$property] ORDER BY r.id"""
