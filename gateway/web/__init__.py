"""Web page: its routes, sessions, headers and words, server-rendered templates and the files that browsers load.

May import generated stubs, `services.runtime` and the rest of the gateway; it alone knows Jinja2 and Babel.
"""
