"""What can be done with inboxes."""
