"""A stack under load: k6 plays its clients (`clients.js`), and each process is looked at meanwhile."""
