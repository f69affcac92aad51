"""Template tags of the layouts and components."""
