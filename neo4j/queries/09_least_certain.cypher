// Which statements should a person look at first? Those that no one judged and that are least certain.
MATCH (work:Work)-[:HAS_IMAGE]->(:Image)-[:HAS_REGION]->(subject:Region)-[edge]->(object:Region)
WHERE edge.status = 'machine'
RETURN work.name AS work, subject.name AS subject, type(edge) AS relation, object.name AS object,
  edge.confidence AS confidence, edge.id AS edge_id
ORDER BY abs(confidence - 0.5), edge_id
LIMIT 25;
