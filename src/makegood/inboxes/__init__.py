"""The addresses and accounts we are reached at, and the teams that may open them."""
