"""What a person or a script types: one file a command, each with `add_arguments` and `run`."""
