"""Work that must be done later, surely and once: leases, attempts, dead letters, things done every so often."""
