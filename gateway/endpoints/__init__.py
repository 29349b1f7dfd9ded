"""What stands behind each route: read the parameters, make one call, write the answer."""
