"""What all rooms need of the database beyond Django's ORM: inserts whose statement is kept, and leases."""
