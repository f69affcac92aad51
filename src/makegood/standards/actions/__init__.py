"""What can be done with conversations, one capability a file."""
