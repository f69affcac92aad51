"""The people who answer: agents, teams, roles, sign-in, and the one policy of who may do what."""
