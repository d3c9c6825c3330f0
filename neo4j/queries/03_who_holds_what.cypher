// Who holds what? The arrow runs from the holder to what is held.
MATCH (holder:Region)-[edge:HOLDS]->(held:Region)
WHERE edge.status <> 'rejected'
RETURN holder, edge, held
ORDER BY edge.confidence DESC
LIMIT 25;
