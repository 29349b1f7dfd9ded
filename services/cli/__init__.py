"""The `daybook` command: one file per command group, each a gRPC client, and the embedded stack.

It imports generated messages, `services.runtime`, Typer and Rich, and nothing of a service.
"""
