"""What crosses rooms, on real counterparts."""
