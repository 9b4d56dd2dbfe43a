"""Where the sound goes: a sound card through `aplay`, or a file that holds what would be heard."""

import asyncio
import contextlib
import shutil
import struct
import wave
from pathlib import Path
from typing import Protocol

from config.hall import Hall, Voice

GRACE = 5.0
"""Seconds a player may take longer than the sound lasts."""
_CARDS = Path("/proc/asound/cards")


class PlayerError(Exception):
    """The sound was not heard; the reason is for a technician."""


class Player(Protocol):
    """A loudspeaker."""

    def fault(self) -> str:
        """Why nothing can be heard now; empty when nothing speaks against it."""

    async def play(self, sound: Path, seconds: float) -> None:
        """Play a WAV file that lasts `seconds`, to its end.

        Raises:
            PlayerError: it could not be played.
        """


class Aplay:
    """A sound card, named and not numbered (numbers move): ``plughw:CARD=Device,DEV=0``.

    `aplay` runs as a child with a time limit, so that a stuck card stops one announcement and not
    the hall.
    """

    def __init__(self, card: str | None = None, *, command: str = "aplay") -> None:
        self._card, self._command = card, command

    def fault(self) -> str:
        if shutil.which(self._command) is None:
            return f"没有播放程序 {self._command} is not installed"
        try:
            cards = _CARDS.read_text()
        except OSError:
            return "没有声卡 no sound card"
        return "没有声卡 no sound card" if "no soundcards" in cards else ""

    async def play(self, sound: Path, seconds: float) -> None:
        card = ["-D", self._card] if self._card else []
        try:
            child = await asyncio.create_subprocess_exec(
                self._command,
                "-q",
                *card,
                str(sound),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise PlayerError(f"{self._command}: {error.strerror}") from None
        try:
            _, said = await asyncio.wait_for(child.communicate(), seconds + GRACE)
        except TimeoutError:
            raise PlayerError(f"{self._command}: still playing after {seconds:.0f} s") from None
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode:
            lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise PlayerError(f"{self._command}: {lines[-1]}")


class FilePlayer:
    """Appends every sound to one WAV file: what would be heard, one after the other.

    With `paced` it also takes as long as the sound does.
    """

    def __init__(self, path: Path, *, paced: bool = True) -> None:
        self._path, self._paced = path, paced

    def fault(self) -> str:
        return ""

    async def play(self, sound: Path, seconds: float) -> None:
        try:
            self._append(sound)
        except (OSError, wave.Error) as error:
            raise PlayerError(f"{self._path.name}: {error}") from None
        if self._paced:
            await asyncio.sleep(seconds)

    def _append(self, sound: Path) -> None:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sound, self._path)
            return
        with wave.open(str(sound), "rb") as file:
            frames = file.readframes(file.getnframes())
        with self._path.open("r+b") as heard:
            end = heard.seek(0, 2)
            heard.write(frames)
            heard.seek(4)
            heard.write(struct.pack("<I", end + len(frames) - 8))
            heard.seek(40)
            heard.write(struct.pack("<I", end + len(frames) - 44))


def player_for(hall: Hall, voice: Voice, data: Path) -> Player:
    """The loudspeaker that the hall file names: ``alsa:CARD`` or ``file:NAME.wav`` as the link of
    the voice's device. Without a device, the machine's own sound card; an emulated one is a file.
    """
    device = next((d for d in hall.devices if d.id == voice.device), None)
    if device is None:
        return Aplay()
    kind, _, where = device.link.partition(":")
    if kind == "alsa":
        return Aplay(where or None)
    if kind == "file":
        return FilePlayer(data / (where or f"{voice.id}.wav"))
    if kind == "emulator":
        return FilePlayer(data / f"{voice.id}.wav")
    return Aplay()
