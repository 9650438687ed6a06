"""Template tags of suspected duplicates and merges."""
