"""The contracts answered: message in, use case, message out; one file for each service."""
