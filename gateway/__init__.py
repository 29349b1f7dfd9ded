"""The HTTP gateway: translates the public API to gRPC and back, holds no state and decides nothing."""
