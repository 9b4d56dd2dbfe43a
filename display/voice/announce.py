"""From a call to one sound: the chime, then the sentence in each language, as often as the hall
says. Clips where a set is complete, the speech engine where it is not; when neither can, the chime
alone, so that people at least look up."""

import asyncio
from array import array
from dataclasses import dataclass
from pathlib import Path

import structlog

from config.hall import Hall, Voice
from config.wire import events
from display.voice import clips, sound
from display.voice.phrases import Called, Phrase, phrase
from display.voice.tts import Engine, SpeechError

log = structlog.get_logger()

AFTER_CHIME = 0.35
BETWEEN_LANGUAGES = 0.5


@dataclass(frozen=True, slots=True)
class Announcement:
    """A sound to play, the languages in it, and what could not be said."""

    samples: "array[int]"
    languages: tuple[str, ...]
    faults: tuple[str, ...] = ()


class Announcer:
    """Makes announcements for one loudspeaker group; clips lie in `clip_folder`."""

    def __init__(self, hall: Hall, voice: Voice, engine: Engine, clip_folder: Path) -> None:
        self._hall, self._voice, self._engine, self._clips = hall, voice, engine, clip_folder
        self._chime: array[int] | None = None

    async def announce(
        self, called: events.Called, *, times: int, languages: tuple[str, ...], volume: float
    ) -> Announcement:
        """The whole announcement of `called`, `volume` from 0 to 1."""
        said: dict[str, array[int]] = {}
        faults = []
        for language in languages:
            words = phrase(self.words(called), language, yao=self._voice.yao)
            if words is None:
                faults.append(f"{language}: no words for it")
                continue
            try:
                said[language] = await self._say(words)
            except (SpeechError, sound.SoundError) as error:
                faults.append(f"{language}: {error}")
        samples = await asyncio.to_thread(self._whole, list(said.values()), times, volume)
        return Announcement(samples, tuple(said), tuple(faults))

    def words(self, called: events.Called) -> Called:
        """What is said of `called` here: the floor too, when it is another than the listeners'."""
        zone = self._hall.zone_by_id.get(called.zone)
        area = self._hall.area_by_id[self._voice.area]
        window = self._hall.window_by_id.get(called.window)
        elsewhere = zone is not None and (zone.site, zone.floor) != (area.site, area.floor)
        return Called(
            number=called.number,
            label=called.label,
            name={} if window is None else window.name,
            floor=zone.floor if zone is not None and elsewhere else None,
        )

    async def _say(self, words: Phrase) -> "array[int]":
        lacking = clips.missing(self._clips, words)
        if not lacking:
            try:
                return await asyncio.to_thread(clips.join, self._clips, words)
            except sound.SoundError as error:
                log.warning("clip", fault=str(error))
        path = await self._engine.render(words.text, words.language)
        return await asyncio.to_thread(lambda: sound.level(sound.trim(sound.read(path))))

    def _whole(self, said: list["array[int]"], times: int, volume: float) -> "array[int]":
        if self._chime is None:
            self._chime = self._own_chime() or sound.chime()
        parts = [self._chime]
        for turn in range(times if said else 0):
            for n, sentence in enumerate(said):
                pause = BETWEEN_LANGUAGES if n else self._voice.gap if turn else AFTER_CHIME
                parts += [sound.silence(pause), sentence]
        return sound.gain(sound.join(parts), volume)

    def _own_chime(self) -> "array[int] | None":
        """The hall's own chime, if it put one beside its clips."""
        path = self._clips / "chime.wav"
        try:
            return sound.read(path) if path.is_file() else None
        except sound.SoundError as error:
            log.warning("chime", fault=str(error))
            return None
