"""Celery application, tasks, schedule and scorers."""
