"""What all rooms need of the database beyond Django's ORM: inserts and reads whose statement is kept, and leases."""
