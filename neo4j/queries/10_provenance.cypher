// What made these facts? Runs name the software, its models and parameters.
MATCH (work:Work)-[:HAS_IMAGE]->(image:Image)-[by:PROCESSED_BY]->(run:Run)
RETURN work, image, by, run
LIMIT 50;
