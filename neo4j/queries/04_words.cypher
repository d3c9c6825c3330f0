// Which regions are labelled or described with a word? Words are stored as dictionary forms: woman, goat.
CALL db.index.fulltext.queryNodes('region_text', 'woman OR goat') YIELD node AS region, score
MATCH (work:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(region)
RETURN region.name AS region, region.caption AS caption, work.name AS work, round(score, 2) AS score
ORDER BY score DESC, region
LIMIT 25;
