"""Geocoders: addresses of positions, offline or from online services under a rate limit.

May import `kit`, `domain` and `words`.
"""
