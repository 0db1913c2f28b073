"""The Celery process: tasks, their schedule, and webhooks over HTTP."""
