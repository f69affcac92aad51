"""Pages of this room: the style guide, for those who build."""
