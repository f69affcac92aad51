"""Reading and cleaning what people wrote: charsets, HTML, quotes, signatures. Pure: no database, no Django."""
