"""The one place where real adapters are chosen: the process, and a module for each group of services.

May import everything of generation.
"""
