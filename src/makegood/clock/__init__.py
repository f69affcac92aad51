"""The one `now()`, working hours and how people say times. Pure: no database, no Django."""
