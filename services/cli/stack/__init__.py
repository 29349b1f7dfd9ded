"""The embedded stack: MongoDB and the three services as supervised processes on loopback."""
