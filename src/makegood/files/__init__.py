"""Attachments: bytes kept under random names, served with care."""
