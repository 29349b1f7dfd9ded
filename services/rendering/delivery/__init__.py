"""Delivery of scheduled reports by e-mail and webhook.

It claims work from generation, renders with rendering's own renderer, and keeps nothing. It may import all of rendering
but the servicer, the entry point and the assembly.
"""
