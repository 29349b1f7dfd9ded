"""Endpoints: each declares the reader of its request, its RPC and the shape of its response.

They import clients, requests, shapes and streams; routes and the OpenAPI document import them.
"""
