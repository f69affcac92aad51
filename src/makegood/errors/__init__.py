"""What people are told when something cannot be done: `Refused` and its few kin."""
