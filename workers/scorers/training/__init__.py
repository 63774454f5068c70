"""Scripts that make the shipped models. Never imported by the service or the worker."""
