"""Geocoders: offline, online, and the rate limit of the online ones.

May import `kit`, `domain` and `words`.
"""
