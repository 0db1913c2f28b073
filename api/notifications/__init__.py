"""What people are told of outside the desk: feeds, and links that stop mails. No cookies here."""

from api.notifications.endpoints import register

__all__ = ["register"]
