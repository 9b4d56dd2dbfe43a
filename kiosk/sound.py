"""What a kiosk sounds like: three short tones, and sentences where the hall has recorded them.

Played by ``aplay``, never waited for; a kiosk without it, or without a loudspeaker, is silent.
Sentences are WAV files ``DATA/voice/LANGUAGE/KEY.wav`` with the keys of the table ``say``.
"""

import asyncio
import math
import shutil
import struct
import wave
from pathlib import Path

TONES: dict[str, tuple[tuple[float, float], ...]] = {
    "touch": ((1200, 0.03),),
    "good": ((880, 0.09), (1320, 0.14)),
    "attention": ((660, 0.16), (520, 0.22)),
}
"""Sound -> pairs of hertz and seconds."""
RATE = 22_050
LOUDNESS = 0.25


class Sound:
    """Plays from the folder `data`, one sound at a time: a newer one ends the older."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._player = shutil.which("aplay")
        self._playing: asyncio.subprocess.Process | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        for name, tone in TONES.items():
            write_tone(data / "sounds" / f"{name}.wav", tone)

    def beep(self, sound: str) -> None:
        self._play(self._data / "sounds" / f"{sound}.wav")

    def say(self, key: str, language: str) -> None:
        recorded = self._data / "voice" / language / f"{key.removeprefix('say.')}.wav"
        if recorded.exists():
            self._play(recorded)

    async def close(self) -> None:
        """End what is still playing."""
        if self._playing is not None and self._playing.returncode is None:
            self._playing.terminate()
        await asyncio.gather(*self._tasks)

    def _play(self, file: Path) -> None:
        if self._player is None:
            return
        task = asyncio.get_running_loop().create_task(self._run(self._player, file))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, player: str, file: Path) -> None:
        if self._playing is not None and self._playing.returncode is None:
            self._playing.terminate()
        quiet = asyncio.subprocess.DEVNULL
        playing = await asyncio.create_subprocess_exec(
            player, "-q", str(file), stdin=quiet, stdout=quiet, stderr=quiet
        )
        self._playing = playing
        await playing.wait()


def write_tone(path: Path, tone: tuple[tuple[float, float], ...]) -> None:
    """A WAV file of soft sine tones, one after another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples: list[int] = []
    for hertz, seconds in tone:
        count = int(RATE * seconds)
        for i in range(count):
            swell = math.sin(math.pi * i / count)
            value = math.sin(2 * math.pi * hertz * i / RATE)
            samples.append(int(32_767 * LOUDNESS * swell * value))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, len(samples), "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
