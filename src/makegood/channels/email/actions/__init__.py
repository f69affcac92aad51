"""What was found out about a mailbox is kept with its inbox."""
