"""The web process: the public API, the drop-in endpoints and the dashboard."""
