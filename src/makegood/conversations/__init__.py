"""The heart: conversations with their messages, notes and drafts."""
