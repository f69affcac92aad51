"""The doors of the house: what comes in is stored before it is understood, what goes out waits in the outbox."""
