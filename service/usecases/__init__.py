"""One verb per file; each use case owns its transaction."""
