"""The document of the HTTP API (OpenAPI 3.1), made from the URL tables, the readers of parameters and the errors."""
