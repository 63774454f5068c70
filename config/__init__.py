"""Settings and data files an operator edits."""
