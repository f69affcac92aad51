"""The memory of the house: every event is a row, and others react to it from their own cursors."""
