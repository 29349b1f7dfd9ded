"""Readers of requests: public parameters and JSON become messages."""
