// Which makers show which things most often?
MATCH (work:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(region:Region)
UNWIND work.makers AS maker
RETURN maker, region.name AS thing, count(*) AS regions, count(DISTINCT work) AS works
ORDER BY regions DESC, maker, thing
LIMIT 25;
