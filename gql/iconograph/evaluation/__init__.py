"""How good the answers are: relations and search measured against annotations."""
