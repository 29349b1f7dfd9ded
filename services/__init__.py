"""Daybook's services: generation owns the data and computes, rendering makes files, the command talks to both."""
