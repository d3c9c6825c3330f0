// What is in this painting, and how do the things in it relate?
// Set the title first:  :param title => 'Eden'
MATCH (w:Work {name: $title})-[has:HAS_IMAGE]->(i:Image)-[shows:HAS_REGION]->(r:Region)
OPTIONAL MATCH (r)-[edge:HOLDS|WEARS|TOUCHES|GAZES_AT|POINTS_AT|FACES|BESIDE|ABOVE|IN_FRONT_OF|INSIDE|PART_OF|ACROSS_DIVIDE|SAME_SIDE]->(other:Region)
RETURN w, has, i, shows, r, edge, other
LIMIT 300;
