"""The dashboard: server-rendered pages for moderators and operators."""

from api.dashboard.blueprint import register

__all__ = ["register"]
