"""Reads files of the format ``hall-scenario/1``: a hall, its people, and what may go wrong.

The format belongs to the judge that compares dispatchers; here it is turned into a hall file of our
own, so that the production engine runs the same day.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from config.hall import (
    Area,
    DispatchRules,
    Hall,
    PriorityClass,
    Rules,
    Series,
    Service,
    Shift,
    Site,
    Stage,
    Window,
    Zone,
)
from queue_server.simulate.scenario import (
    Closure,
    Habits,
    Onward,
    Scenario,
    usual_day,
)

STAGES = {"consult": Stage.CONSULT, "instant": Stage.INSTANT, "pickup": Stage.PICKUP}


def read(path: Path) -> Scenario:
    """Read a file of the format ``hall-scenario/1``.

    Work behind the scenes (services of kind ``back``) is a delay here: nobody is called to it.

    Raises:
        ValueError: the file is of another format.
    """
    raw = msgspec.json.decode(path.read_bytes())
    if raw.get("format") != "hall-scenario/1":
        raise ValueError(f"{path.name}: not a file of the format hall-scenario/1")
    front = {s["id"]: s for s in raw["services"] if s["kind"] != "back"}
    back = {s["id"]: s for s in raw["services"] if s["kind"] == "back"}
    arrivals, people, clerks = raw["arrivals"], raw["people"], raw["clerks"]
    weights = {s: d.get("weight", 0.0) for s, d in front.items()}
    total = sum(s.get("weight", 0.0) for s in raw["services"])
    count = raw["computed"]["visitors_per_day"] / total
    segments = tuple((float(a), float(b)) for a, b in raw["segments"])
    return Scenario(
        id=raw["id"],
        hall=_hall(raw, front, segments),
        visitors={s: count * w for s, w in weights.items() if w > 0},
        staffed={
            w["id"]: tuple((float(a), float(b)) for a, b in w.get("segments") or segments)
            for w in raw["windows"]
            if any(s in front for s in w["skills"])
        },
        onward={s: _onward(d, front, back) for s, d in front.items()},
        profile=tuple((float(a), float(b)) for a, b in arrivals.get("profile", ()))
        or usual_day(segments),
        rushes=tuple(
            (frozenset(r["services"]), r["from"], r["to"], r["factor"])
            for r in arrivals.get("rush", ())
        ),
        habits=Habits(
            day_cv=arrivals["day_cv"],
            service_day_cv=arrivals["service_day_cv"],
            priority=people["priority"],
            appointment=people["appointment"],
            slot=people["appt_slot"],
            punctual=(people["appt_mean"], people["appt_sd"]),
            absent=people["appt_absent"],
            no_show=people["no_show"],
            no_show_minutes=people["no_show_waste"],
            comes_back=people["return"],
            back_after=tuple(people["return_delay"]),
            gap=tuple(clerks["gap"]),
            speed_cv=clerks["speed_cv"],
            breaks=clerks["breaks_per_half_day"],
            break_minutes=tuple(clerks["break"]),
        ),
        closures=tuple(
            Closure(e["window"], e["at"], e["minutes"])
            for e in raw.get("events", ())
            if e["type"] == "halt"
        ),
        seed=raw["seed"],
    )


def _onward(
    service: Mapping[str, Any], front: Mapping[str, Any], back: Mapping[str, Any]
) -> tuple[Onward, ...]:
    found = []
    for step in service.get("next", ()):
        delay, target, share = step["delay"], step["service"], step["p"]
        while target in back:  # work nobody sees: wait for it, then go on
            after = back[target].get("next", ())
            delay = (delay[0] + back[target]["mean"], delay[1])
            if not after:
                break
            target, share = after[0]["service"], share * after[0]["p"]
            delay = (delay[0] + after[0]["delay"][0], delay[1])
        if target in front:
            found.append(Onward(share, target, (float(delay[0]), float(delay[1]))))
    transfer = service.get("transfer") or {"p": 0.0, "to": []}
    for target in transfer["to"]:
        share = transfer["p"] / len(transfer["to"])
        found.append(Onward(share, target, (0.5, 0.0), transfer=True))
    return tuple(found)


def _hall(
    raw: Mapping[str, Any], front: Mapping[str, Any], segments: tuple[tuple[float, float], ...]
) -> Hall:
    halls = raw["halls"]
    return Hall(
        id=raw["id"],
        name={"zh": raw["title"], "en": raw["title"]},
        synthetic=True,
        sites=tuple(Site(id=h, name={"zh": h, "en": h}) for h in halls),
        areas=tuple(Area(id=h, name={"zh": h, "en": h}, site=h) for h in halls),
        zones=tuple(Zone(id=h, name={"zh": h, "en": h}, site=h) for h in halls),
        series=tuple(
            Series(id=s, prefix=f"{d['prefix']}{i}-") for i, (s, d) in enumerate(front.items())
        ),
        services=tuple(
            Service(
                id=s,
                name={"zh": d["name"], "en": d["name"]},
                zone=d["hall"],
                series=s,
                stage=STAGES.get(d["kind"], Stage.ACCEPT),
                mean=float(d["mean"]),
                cv=float(d["cv"]),
                target=float(d.get("target", 20)),
            )
            for s, d in front.items()
        ),
        windows=tuple(
            Window(
                id=w["id"],
                number=w["id"],
                zone=w["hall"],
                services=tuple(s for s in w["skills"] if s in front),
                slow={s: f for s, f in w.get("factor", {}).items() if s in front},
                roster=_roster(w, segments),
                temporary=bool(w.get("temporary")),
            )
            for w in raw["windows"]
            if any(s in front for s in w["skills"])
        ),
        priorities=(PriorityClass(id="priority", name={"zh": "优先", "en": "Priority"}),),
        walk={
            a: dict(zip(halls, row, strict=True)) for a, row in zip(halls, raw["walk"], strict=True)
        },
        rules=Rules(
            dispatch=DispatchRules(),
            hours=tuple(f"{_clock(a)}-{_clock(b)}" for a, b in segments),
            restore_place="back",
            no_show_calls=1,
            no_show_seconds=60.0,
        ),
    )


def _roster(
    window: Mapping[str, Any], segments: tuple[tuple[float, float], ...]
) -> tuple[Shift, ...]:
    """Shifts from changes of skill by the clock; one counts from the next session on."""
    changes = window.get("skills_schedule", ())
    found = []
    for start, end in segments:
        latest = [skills for at, skills in changes if at <= start]
        if latest:
            hours = (f"{_clock(start)}-{_clock(end)}",)
            found.append(Shift(hours=hours, services=tuple(latest[-1]), days=(1, 2, 3, 4, 5, 6, 7)))
    return tuple(found)


def _clock(minute: float) -> str:
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"
