"""The speech engine's own process: reads sentences from standard input, writes WAV files.

    {"text": "请 A ...", "voice": "sit/cmn", "rate": 170, "path": "x.wav"}  ->  {"ok": true}

It may hang, crash or be killed at any time; `display.voice.tts` starts another. What it works
around, all of it seen in pyttsx3 2.99 with espeak-ng:

- `runAndWait` may return before the file is written, and then the next sentence takes its path.
  So: a name of its own for every try, and a try counts only when the file holds enough sound.
- A voice that does not exist is ignored without a word. So: ask which voice really spoke.
- A path that cannot be written hangs for ever. So: it is written to first.
- It prints to standard output. So: the answers have a channel of their own.
- Debian 12's own espeak-ng reads Mandarin as English. So: the library in the wheel, by its path.
"""

import ctypes
import json
import os
import sys
import wave
from pathlib import Path
from typing import Any

import espeakng_loader

TRIES = 3
ENOUGH = 1000
"""Frames; a file with fewer holds no sentence."""


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    engine = _start()
    for line in sys.stdin:
        asked = json.loads(line)
        fault = _render(engine, asked["text"], asked["voice"], asked["rate"], Path(asked["path"]))
        answers.write(json.dumps({"ok": fault == "", "error": fault}) + "\n")
        answers.flush()


def _start() -> Any:
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    library = Path(espeakng_loader.get_library_path()).with_name("libespeak-ng.so.1")
    ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    import pyttsx3  # finds the library just loaded by its name

    return pyttsx3.init("espeak")


def _render(engine: Any, text: str, voice: str, rate: int, path: Path) -> str:
    """Write `text` to `path`; what went wrong, or nothing."""
    fault = "no try"
    for attempt in range(TRIES):
        part = path.with_name(f"{path.name}.{os.getpid()}.{attempt}.part")
        try:
            part.write_bytes(b"")
        except OSError as error:
            return f"cannot write: {error.strerror}"
        fault = _try(engine, text, voice, rate, part)
        if not fault:
            part.replace(path)
            return ""
        part.unlink(missing_ok=True)
    return fault


def _try(engine: Any, text: str, voice: str, rate: int, part: Path) -> str:
    engine.setProperty("voice", voice)
    engine.setProperty("rate", rate)
    engine.save_to_file(text, str(part))
    engine.runAndWait()
    spoke = engine.getProperty("voice")
    if spoke != voice:
        return f"asked for voice {voice}, got {spoke}"
    try:
        with wave.open(str(part), "rb") as file:
            frames = file.getnframes()
    except (wave.Error, EOFError, OSError) as error:
        return f"no sound: {error}"
    return "" if frames >= ENOUGH else f"only {frames} frames"


if __name__ == "__main__":
    main()
