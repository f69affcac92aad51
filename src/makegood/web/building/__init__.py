"""Makes the served assets (fonts, icons, one stylesheet, one script) out of packages and of our own sources."""
