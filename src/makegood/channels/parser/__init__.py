"""The parser process: whatever reads a stranger's bytes runs there, limited, and is replaced when it dies."""
