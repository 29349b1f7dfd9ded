"""The web page: what browsers get, beside the APIs."""
