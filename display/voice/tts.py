"""Speech from text, by an engine in a process of its own that is killed when it does not answer.

The engine is started with the first sentence and kept. A sentence is asked for at most `TRIES`
times; between two tries the process is replaced. Sentences once rendered are kept as files, the
newest `KEPT` of them.
"""

import asyncio
import contextlib
import hashlib
import json
import sys
from pathlib import Path

VOICES = {"zh": ("sit/cmn", 165), "yue": ("sit/yue", 165), "en": ("gmw/en", 150)}
"""Language -> voice of espeak-ng and words a minute. `sit/cmn` of 1.52 reads Chinese characters;
the one of 1.51 reads their pinyin as if it were English."""
TRIES = 2
KEPT = 200


class SpeechError(Exception):
    """The engine could not say it; the reason is for a technician."""


class Engine:
    """Renders sentences to WAV files under `folder`, one at a time."""

    def __init__(
        self,
        folder: Path,
        *,
        limit: float = 10.0,
        command: tuple[str, ...] = (sys.executable, "-m", "display.voice.engine"),
    ) -> None:
        self._folder, self._limit, self._command = folder, limit, command
        self._process: asyncio.subprocess.Process | None = None
        self._one = asyncio.Lock()
        self.restarts = 0
        """How often the process had to be replaced."""

    @property
    def pid(self) -> int | None:
        """The process now running, if there is one."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def render(self, text: str, language: str) -> Path:
        """A WAV file with `text` in `language`.

        Raises:
            SpeechError: no such voice, or the engine failed more than once.
        """
        if language not in VOICES:
            raise SpeechError(f"no voice for language {language!r}")
        voice, rate = VOICES[language]
        name = hashlib.sha256(f"{voice}\n{rate}\n{text}".encode()).hexdigest()[:24]
        path = self._folder / f"{name}.wav"
        async with self._one:
            if path.is_file():
                path.touch()
                return path
            request = {"text": text, "voice": voice, "rate": rate, "path": str(path)}
            await self._until_answered(json.dumps(request) + "\n")
            self._forget_old()
        return path

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _until_answered(self, request: str) -> None:
        reason = ""
        for attempt in range(TRIES):
            if attempt:
                self.restarts += 1
                await self.close()
            try:
                answer = await asyncio.wait_for(self._ask(request), self._limit)
            except TimeoutError:
                reason = f"no answer in {self._limit:g} s"
            except (OSError, ValueError) as error:
                reason = str(error)
            else:
                if answer.get("ok") is True:
                    return
                reason = str(answer.get("error", "refused"))
        await self.close()
        raise SpeechError(reason)

    async def _ask(self, request: str) -> dict[str, object]:
        self._folder.mkdir(parents=True, exist_ok=True)
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        if process.stdin is None or process.stdout is None:
            raise OSError("the engine has no pipes")
        process.stdin.write(request.encode())
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise OSError("the engine died")
        answer: dict[str, object] = json.loads(line)
        return answer

    def _forget_old(self) -> None:
        files = sorted(self._folder.glob("*.wav"), key=lambda f: f.stat().st_mtime, reverse=True)
        for old in [*files[KEPT:], *self._folder.glob("*.part")]:
            old.unlink(missing_ok=True)
