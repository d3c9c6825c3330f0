// Which statements did a machine make, which a person, and how sure are they?
MATCH (:Region)-[edge]->(:Region)
WHERE edge.layer IS NOT NULL
RETURN type(edge) AS relation, edge.layer AS layer, edge.method AS method, edge.status AS status,
  count(*) AS statements, round(avg(edge.confidence), 2) AS mean_confidence
ORDER BY relation, layer, method;
