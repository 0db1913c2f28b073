"""Coral's external moderation phase: Coral asks before it publishes a comment, and obeys.

Coral publishes where it gets an error, or no answer in time. So every answer is a decision, and
whatever fails here puts the comment before a person there. docs/coral.md says how it is set up.
"""
