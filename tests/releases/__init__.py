"""A small database of each release, for the test of upgrades."""
