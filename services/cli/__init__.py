"""The `daybook` command: one file per command group, each a gRPC client like any other, and the embedded stack."""
