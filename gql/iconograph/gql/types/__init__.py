"""GraphQL types: what a client sees of the model's values."""
