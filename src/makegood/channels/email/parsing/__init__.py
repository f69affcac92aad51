"""Reading one incoming e-mail, whatever its bytes: linear in time, and it never raises."""
