"""The embedded mode: everything on one machine, as children of one small process.

`python -m moderation.embedded` is `copydesk run` without the time that loading all other commands
takes. It imports neither the storage nor Celery, so that it is ready soon and stays small.
"""
