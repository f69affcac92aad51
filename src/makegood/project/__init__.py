"""Settings, addresses, navigation and first run: what ties the rooms together."""
