"""Reads: take a session, return models or rows, never write."""
