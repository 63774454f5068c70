"""The outside world: database, queue, Redis, rule language, tokens, fetching, metrics."""
