"""Views: a file for each part of the page, with the endpoints by path and method and what they answer.

May import what lies beside this folder, but no other view.
"""
