"""A visitor who is not there: touches what a scene offers, until a number is shown.

For a kiosk without a window (a demonstration, a whole-hall test): the same scenes and the same
flow as with a person in front of the screen.
"""

import asyncio
import random
from collections.abc import Callable

from kiosk.scenes.parts import Scene, Tile
from kiosk.state import Choice, PickService, PickZone, Press

KINDS = (PickService, PickZone)


class Visitor:
    """Comes every `every` seconds, touches something every `pause` seconds; `seed` decides what."""

    def __init__(self, *, seed: int = 0, every: float = 30.0, pause: float = 1.0) -> None:
        self._random = random.Random(seed)
        self._every, self._pause = every, pause

    async def run(self, look: Callable[[], Scene], touch: Callable[[Choice], None]) -> None:
        """Use the kiosk until cancelled; `look` is what is on the screen now."""
        while True:
            choice = self.choose(look())
            if choice is not None:
                touch(choice)
            done = choice is Press.FINISH
            await asyncio.sleep(self._every if done else self._pause)

    def choose(self, scene: Scene) -> Choice | None:
        """What to touch now; None waits."""
        body = scene.body
        match body.kind:
            case "home" | "tiles":
                tiles = [
                    t for t in body.tiles + body.more if t.open and isinstance(t.choice, KINDS)
                ]
                return self._random.choice(tiles).choice if tiles else self._home(scene)
            case "confirm" | "number":
                return self._main(body.actions)
            case "message" if body.actions:
                return self._main(body.actions)
        return self._home(scene)

    def _main(self, actions: tuple[Tile, ...]) -> Choice | None:
        wanted = [t for t in actions if t.open and (t.main or len(actions) == 1)]
        return wanted[0].choice if wanted else None

    def _home(self, scene: Scene) -> Choice | None:
        home = [t for t in scene.bar if t.choice is Press.HOME and t.open]
        return Press.HOME if home else None
