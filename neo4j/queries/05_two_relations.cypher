// Who stands beside one thing and holds another, in the same picture?
MATCH (other:Region)-[beside:BESIDE]-(figure:Region)-[holds:HOLDS]->(held:Region)
WHERE beside.status <> 'rejected' AND holds.status <> 'rejected'
RETURN other, beside, figure, holds, held
LIMIT 25;
