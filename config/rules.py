# ruff: noqa: RUF012 - msgspec copies an empty default for every value it makes
"""How a hall behaves: its rules, colours and local days. Part of the hall file (`config.hall`)."""

from typing import Annotated

from msgspec import Meta

from config.bounds import (
    Clock,
    Colour,
    Count,
    Date,
    Days,
    Few,
    Hours,
    Id,
    Minutes,
    Part,
    Seconds,
    Share,
    Text,
)


class DispatchRules(Part, frozen=True, kw_only=True):
    """Who is called next. Each field is explained to a manager in docs/dispatch.md."""

    policy: Annotated[str, Meta(pattern="^(fairband|fcfs)$")] = "fairband"
    band: Minutes = 5.0
    """Minutes within which the system may help the longer queue."""
    kappa: Annotated[float, Meta(ge=0, le=100)] = 3.0
    """Minutes of order that one extra minute of walking or slowness counts for."""
    head_appointment: Minutes = 15.0
    appointment_grace: Minutes = 10.0
    return_credit: Minutes = 5.0
    red_line: Minutes | None = None
    """Minutes of waiting beyond which strict order rules; None is off."""
    priority_in_row: Few = 2
    ordinary_patience: Minutes = 20.0
    """After ``priority_in_row`` privileged calls in a row at a window, an ordinary ticket that
    has waited this many minutes goes first."""


class Rules(Part, frozen=True, kw_only=True):
    """How the hall behaves; every key has a default a county hall can live with."""

    dispatch: DispatchRules = DispatchRules()
    hours: tuple[Hours, ...] = ("08:30-12:00", "13:30-17:30")
    """Hours in which tickets are issued and windows scheduled."""
    take_from: Annotated[int, Meta(ge=0, le=720)] = 20
    """Minutes before opening from which tickets may be taken."""
    weekend_opening: tuple[Annotated[int, Meta(ge=6, le=7)], ...] = ()
    """Weekdays (6, 7) on which the hall opens although they are no working days."""
    day_starts: Clock = "00:00"
    """When the business day rolls over, hall time."""
    recall_limit: Few = 3
    recall_spacing: Seconds = 10.0
    """Seconds between two calls of the same ticket."""
    no_show_calls: Few = 2
    no_show_seconds: Seconds = 60.0
    restore_place: Annotated[str, Meta(pattern="^(after|keep|back)$")] = "after"
    """Where a returning no-show goes: ``after`` (behind the next ``restore_after`` people),
    ``keep`` or ``back``."""
    restore_after: Few = 3
    restore_limit: Few = 2
    hold_limit: Few = 3
    undo_seconds: Seconds = 5.0
    call_spacing: Seconds = 1.0
    """Seconds in which a second call-next of one window counts as a slip of the finger."""
    transfer_place: Annotated[str, Meta(pattern="^(keep|front|back)$")] = "keep"
    call_chosen: Annotated[str, Meta(pattern="^(supervisor|clerk)$")] = "supervisor"
    """Who may call a chosen ticket: ``supervisor`` or ``clerk``; always with a reason."""
    call_chosen_quota: Few = 5
    """Chosen calls per window and day."""
    outcomes: tuple[Id, ...] = ("done", "told", "deferred", "not-needed")
    pause_reasons: tuple[Id, ...] = ("meal", "meeting", "system", "rest")
    per_card: Few = 3
    """Open tickets one identity card may hold a day."""
    kiosk_interval: Seconds = 3.0
    """Seconds between two tickets of one kiosk without a card."""
    first_day_counts: bool = False
    told_once_days: Days = 5
    consult_answer_days: Days = 2
    delivery_days: Days = 10
    decision_days: Days = 20
    """Statutory days for a decision, licensing law art. 42; one extension is possible."""
    decision_extension: Days = 10
    joint_days: Days = 45
    joint_extension: Days = 15
    lower_days: Days = 20
    """Days a lower authority has before it passes a case up (art. 43)."""
    warning_days: Days = 1
    after_hours_receipt: Annotated[str, Meta(pattern="^(same-day|next-day)$")] = "same-day"
    day_unit: Annotated[str, Meta(pattern="^(working|calendar)$")] = "working"
    staff_floor: Count = 0
    window_staff_floor: Count = 0
    comprehensive_share: Share = 0.0
    """Least share of comprehensive windows among callable ones, 0 to 1 (DJ-19)."""
    promised_share: Share = 0.5
    max_steps: Few = 4
    longest_wait: Minutes = 30.0
    """Minutes after which the manager is told."""
    mode: Annotated[str, Meta(pattern="^(trial|formal)$")] = "formal"
    """``trial`` sits two people at a window, ``formal`` one (DJ-12)."""
    formal_from: Date | None = None
    """Day on which a trial ends and ``formal`` begins."""
    assistance: tuple[Id, ...] = ("guided", "agent", "accompanied", "home-visit")
    """Ways of helping a person that kiosk and desk offer (GZ-23)."""
    rating_levels: tuple[Text, ...] = (
        {"zh": "非常满意", "en": "Very satisfied"},
        {"zh": "满意", "en": "Satisfied"},
        {"zh": "基本满意", "en": "Fairly satisfied"},
        {"zh": "不满意", "en": "Dissatisfied"},
        {"zh": "非常不满意", "en": "Very dissatisfied"},
    )
    rating_dimensions: tuple[Text, ...] = ()
    rating_minutes: Minutes = 15.0
    rating_days: Days = 5
    contact_days: Days = 1
    simple_fix_days: Days = 5
    complex_fix_days: Days = 15
    integrity_notice: Text = {}
    card_retention_days: Days = 1
    identity_retention_days: Days = 30
    log_retention_days: Days = 183


class Palette(Part, frozen=True, kw_only=True):
    """Colours of the hall, ``#rrggbb``; contrast is checked when the file is."""

    primary: Colour = "#0b5cad"
    accent: Colour = "#f2b705"
    ink: Colour = "#14202b"
    paper: Colour = "#f6f8fa"
    night: Colour = "#07131f"


class Calendar(Part, frozen=True, kw_only=True):
    """What differs here from the national working-day calendar, dates as YYYY-MM-DD.

    ``closed`` and ``open`` only shut and open the doors; deadlines do not notice. ``rest`` and
    ``work`` are days that the local government itself made holidays or working days.
    """

    closed: tuple[Date, ...] = ()
    open: tuple[Date, ...] = ()
    rest: tuple[Date, ...] = ()
    work: tuple[Date, ...] = ()
