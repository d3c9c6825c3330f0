"""All SQL that reads and writes the graph; values only as parameters."""

from __future__ import annotations

UPSERT_WORK = """
INSERT INTO work (id, record) VALUES (?, ?)
ON CONFLICT (id) DO UPDATE SET record = excluded.record WHERE record IS NOT excluded.record"""
UPSERT_IMAGE = """
INSERT INTO image (id, work, record) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET work = excluded.work, record = excluded.record
WHERE record IS NOT excluded.record"""
UPSERT_CONCEPT = """
INSERT INTO concept (id, record) VALUES (?, ?)
ON CONFLICT (id) DO UPDATE SET record = excluded.record WHERE record IS NOT excluded.record"""
KEEP_RUN = "INSERT INTO run (id, record) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
UPSERT_REGION = """
INSERT INTO region (image, id, level, kind, record) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET level = excluded.level, kind = excluded.kind, record = excluded.record
WHERE record IS NOT excluded.record"""
UPSERT_AXIS = """
INSERT INTO axis (image, id, record) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET record = excluded.record WHERE record IS NOT excluded.record"""
UPSERT_EDGE = """
INSERT INTO edge (id, kind, subject, object, confidence, rejected, record)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET confidence = excluded.confidence, rejected = excluded.rejected, record = excluded.record
WHERE record IS NOT excluded.record"""

WORK_KEY = "SELECT key FROM work WHERE id = ?"
IMAGE_KEY = "SELECT key, work FROM image WHERE id = ?"
REGION_KEYS = "SELECT id, key FROM region WHERE image = ?"
CONCEPTS_OF_WORK = "SELECT concept FROM work_concept WHERE work = ?"

CLEAR_WORK_CONCEPTS = "DELETE FROM work_concept WHERE work = ?"
ADD_WORK_CONCEPT = "INSERT OR IGNORE INTO work_concept (concept, work) VALUES (?, ?)"
CLEAR_REGION_CONCEPTS = "DELETE FROM region_concept WHERE region = ?"
ADD_REGION_CONCEPT = "INSERT OR IGNORE INTO region_concept (concept, region) VALUES (?, ?)"
CLEAR_CAPTION = "DELETE FROM caption WHERE rowid = ?"
ADD_CAPTION = "INSERT INTO caption (rowid, tokens) VALUES (?, ?)"
CLEAR_LABELS = "DELETE FROM label WHERE region = ?"
KEEP_LABEL_TEXT = "INSERT INTO label_text (text) VALUES (?) ON CONFLICT (text) DO NOTHING"
ADD_LABEL = """
INSERT INTO label (text, region, confidence)
SELECT key, ?, ? FROM label_text WHERE text = ?"""

SPACES = "SELECT name, dim, weights_sha256, modality FROM space ORDER BY name"
SPACE = "SELECT name, dim, weights_sha256, modality FROM space WHERE name = ?"
ADD_SPACE = "INSERT INTO space (name, dim, weights_sha256, modality) VALUES (?, ?, ?, ?)"
VECTORS = "SELECT regions, matrix FROM vectors WHERE space = ? AND image = ?"
VECTORS_OF_IMAGE = "SELECT space, regions, matrix FROM vectors WHERE image = ? ORDER BY space"
VECTOR_KEYS_OF_SPACE = "SELECT regions FROM vectors WHERE space = ? ORDER BY image"
MATRICES_OF_SPACE = "SELECT matrix FROM vectors WHERE space = ? ORDER BY image"
REPLACE_VECTORS = (
    "INSERT OR REPLACE INTO vectors (space, image, regions, matrix) VALUES (?, ?, ?, ?)"
)
REMOVE_VECTORS = "DELETE FROM vectors WHERE space = ? AND image = ?"

ORPHAN_CHILDREN = """
UPDATE region SET record = json_remove(record, '$.parent_id')
WHERE image = ? AND json_extract(record, '$.parent_id') IN (SELECT value FROM json_each(?))"""
REMOVE_REGIONS = """
DELETE FROM region WHERE image = ? AND id IN (SELECT value FROM json_each(?))"""
REMOVE_EDGES = """
DELETE FROM edge WHERE id IN (SELECT value FROM json_each(?1))
AND subject IN (SELECT key FROM region WHERE image = ?2)"""
REMOVE_AXES = """
DELETE FROM axis WHERE image = ? AND id IN (SELECT value FROM json_each(?))"""
REMOVE_IMAGE = "DELETE FROM image WHERE key = ?"
REMOVE_WORK_WITHOUT_IMAGE = """
DELETE FROM work WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM image WHERE work = ?1)"""

COUNTS = """
SELECT 'work', count(*) FROM work UNION ALL SELECT 'image', count(*) FROM image
UNION ALL SELECT 'run', count(*) FROM run UNION ALL SELECT 'concept', count(*) FROM concept
UNION ALL SELECT 'region', count(*) FROM region UNION ALL SELECT 'axis', count(*) FROM axis
UNION ALL SELECT 'edge', count(*) FROM edge
UNION ALL SELECT * FROM (SELECT 'edge:' || kind, count(*) FROM edge GROUP BY kind ORDER BY kind)"""

WORKS_PAGE = "SELECT record FROM work WHERE id > ? ORDER BY id LIMIT ?"
REGIONS_PAGE = "SELECT record FROM region WHERE id > ? ORDER BY id LIMIT ?"
REGIONS_PAGE_OF_IMAGE = """
SELECT record FROM region WHERE id > ? AND image = (SELECT key FROM image WHERE id = ?)
ORDER BY id LIMIT ?"""
NEXT_IMAGE = "SELECT id FROM image WHERE id > ? ORDER BY id LIMIT 1"
WORKS_BY_ID = "SELECT record FROM work WHERE id IN (SELECT value FROM json_each(?))"
IMAGES_BY_ID = "SELECT record FROM image WHERE id IN (SELECT value FROM json_each(?))"
IMAGES_OF_WORKS = """
SELECT i.record FROM image i JOIN work w ON w.key = i.work
WHERE w.id IN (SELECT value FROM json_each(?)) ORDER BY i.id"""
REGIONS_BY_ID = "SELECT record FROM region WHERE id IN (SELECT value FROM json_each(?))"
CONCEPTS_BY_ID = (
    "SELECT record FROM concept WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
)
EDGES_BY_ID = "SELECT record FROM edge WHERE id IN (SELECT value FROM json_each(?))"
EDGES_OF_REGIONS = """
WITH wanted AS (SELECT key FROM region WHERE id IN (SELECT value FROM json_each(?)))
SELECT record FROM edge
WHERE subject IN (SELECT key FROM wanted) OR object IN (SELECT key FROM wanted) ORDER BY id"""
RUNS = "SELECT record FROM run ORDER BY id"
RUNS_BY_ID = "SELECT record FROM run WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"

IMAGE_AND_WORK = """
SELECT i.key, i.record, w.record FROM image i JOIN work w ON w.key = i.work WHERE i.id = ?"""
REGIONS_OF_IMAGE = "SELECT key, record FROM region WHERE image = ? ORDER BY id"
AXES_OF_IMAGE = "SELECT record FROM axis WHERE image = ? ORDER BY id"
EDGES_OF_IMAGE = """
SELECT e.record FROM region r JOIN edge e ON e.subject = r.key WHERE r.image = ? ORDER BY e.id"""

ALL_WORKS = "SELECT key, id, record FROM work ORDER BY id"
ALL_IMAGES = "SELECT key, id, work FROM image ORDER BY id"
ALL_REGIONS = "SELECT key, id, image, level, kind FROM region ORDER BY id"
ALL_LABELS = "SELECT text, region, confidence FROM label"
LABEL_TEXTS = """
SELECT key, text FROM label_text WHERE key IN (SELECT text FROM label) ORDER BY text"""
EDGES_OF_KIND = """
SELECT id, subject, object, confidence FROM edge WHERE kind = ? AND NOT rejected ORDER BY id"""
REGIONS_CAPTIONED_WITH = "SELECT rowid FROM caption WHERE caption MATCH ?"
REGIONS_DEPICTING = """
SELECT region FROM region_concept WHERE concept = ?1
UNION SELECT r.key FROM work_concept c
JOIN image i ON i.work = c.work JOIN region r ON r.image = i.key WHERE c.concept = ?1"""
WORKS_BELOW_CONCEPT = """
SELECT work FROM work_concept WHERE concept >= ?1 AND concept < ?1 || char(1114111)
UNION SELECT i.work FROM region_concept c
JOIN region r ON r.key = c.region JOIN image i ON i.key = r.image
WHERE c.concept >= ?1 AND c.concept < ?1 || char(1114111)"""
