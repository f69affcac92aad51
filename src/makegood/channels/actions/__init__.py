"""What can be done with what comes in and goes out."""
