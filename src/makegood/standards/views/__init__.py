"""Pages of conversations: a view parses, asks the policy, calls one action and answers."""
