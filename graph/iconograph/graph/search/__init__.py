"""Words to a pattern, a pattern to ranked works, each with its why."""
