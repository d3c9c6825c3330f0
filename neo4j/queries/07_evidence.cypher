// Why was this said? Every statement carries the numbers that it rests on.
MATCH (subject:Region)-[edge]->(object:Region)
WHERE edge.layer IS NOT NULL
RETURN subject.name AS subject, type(edge) AS relation, object.name AS object, edge.confidence AS confidence,
  [name IN keys(edge) WHERE name STARTS WITH 'evidence_' | substring(name, 9) + ' = ' + toString(edge[name])] AS evidence
ORDER BY confidence DESC
LIMIT 25;
