"""Runtime shared by all processes: servers, channels, errors, limits, logs, metrics, tracing, TLS.

It imports gRPC, the libraries of its own trade and `services.errors`, and nothing of a service.
"""
