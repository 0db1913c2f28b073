"""Google's Perspective API (Comment Analyzer, v1alpha1), answered by the classifier of this house.

Its client is pointed here by one URL. docs/migrating-from-perspective.md says what differs.
"""
