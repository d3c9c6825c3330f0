"""The graph as GraphQL."""
