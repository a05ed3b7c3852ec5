"""Searches over settings: their candidates, what was found, how optimistic that is."""
