// Where does a woman stand next to an animal? Beside reads the same both ways, so no arrow.
MATCH (w:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(person:Region {kind: 'person'})
MATCH (person)-[edge:BESIDE]-(animal:Region {kind: 'animal'})
WHERE edge.status <> 'rejected'
RETURN w.name AS work, person, edge, animal
ORDER BY edge.confidence DESC
LIMIT 25;
