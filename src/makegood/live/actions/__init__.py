"""What changes who is there. Without events: nobody is to read tomorrow who looked at what for how long."""
