"""Answer targets: how soon we answer, and when that falls due in working hours."""
