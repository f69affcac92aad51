"""The people who write: contacts, their handles (addresses) and companies."""
