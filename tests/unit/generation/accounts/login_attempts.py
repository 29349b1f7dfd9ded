"""Tries to log in, counted in memory."""


class Tallies:
    """Fills the port LoginTries without a store; nothing is forgotten by itself."""

    def __init__(self) -> None:
        self.tries: dict[str, list[str]] = {}

    async def count(self, name: str, try_id: str, most: int) -> bool:
        counted = self.tries.setdefault(name, [])
        if len(counted) >= most:
            return False
        counted.append(try_id)
        return True

    async def forget(self, name: str, try_id: str) -> None:
        if try_id in self.tries.get(name, ()):
            self.tries[name].remove(try_id)

    async def forget_all(self, name: str) -> None:
        self.tries.pop(name, None)
