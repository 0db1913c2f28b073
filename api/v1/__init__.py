"""The public API, version 1: one endpoint per file, all listed in `endpoints`."""
