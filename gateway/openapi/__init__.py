"""OpenAPI 3.1 document of the HTTP API, made from endpoints, readers of parameters, shapes and errors."""
