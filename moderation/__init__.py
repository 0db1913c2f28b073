"""The moderation domain: model, services, storage and the operator's commands."""
