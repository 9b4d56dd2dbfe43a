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

    policy: Annotated[str, Meta(pattern="^(fairband|fcfs|fairscale)$")] = "fairband"
    """``fairband``, or ``fcfs``: strictly first come, first served."""
    band: Minutes = 5.0
    """Minutes within which the system may help the longer queue."""
    kappa: Annotated[float, Meta(ge=0, le=100)] = 3.0
    """Minutes of order that one extra minute of walking or slowness counts for."""
    head_appointment: Minutes = 15.0
    """Minutes by which a booking goes before its time."""
    appointment_grace: Minutes = 10.0
    """Minutes after which a late booking is a walk-in."""
    return_credit: Minutes = 5.0
    """Minutes of head start of a person who comes back."""
    red_line: Minutes | None = None
    """Minutes of waiting beyond which strict order rules; None is off."""
    priority_in_row: Few = 2
    """Privileged calls in a row before an ordinary ticket may go first."""
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
    """Times a ticket may be called again."""
    recall_spacing: Seconds = 10.0
    """Seconds between two calls of the same ticket."""
    no_show_calls: Few = 2
    """Calls before a ticket may be marked as missed."""
    no_show_seconds: Seconds = 60.0
    """Seconds after the first call before it may."""
    restore_place: Annotated[str, Meta(pattern="^(after|keep|back)$")] = "after"
    """Where a returning no-show goes: ``after`` (behind the next ``restore_after`` people),
    ``keep`` or ``back``."""
    restore_after: Few = 3
    """People who still go before a returning no-show."""
    restore_limit: Few = 2
    """Times a missed ticket may come back."""
    hold_limit: Few = 3
    """Tickets a window may hold at once."""
    undo_seconds: Seconds = 5.0
    """Seconds in which a finish or a no-show can be taken back."""
    call_spacing: Seconds = 1.0
    """Seconds in which a second call-next of one window counts as a slip of the finger."""
    transfer_place: Annotated[str, Meta(pattern="^(keep|front|back)$")] = "keep"
    """Where a transferred ticket goes unless the clerk says otherwise."""
    call_chosen: Annotated[str, Meta(pattern="^(supervisor|clerk)$")] = "supervisor"
    """Who may call a chosen ticket: ``supervisor`` or ``clerk``; always with a reason."""
    call_chosen_quota: Few = 5
    """Chosen calls per window and day."""
    outcomes: tuple[Id, ...] = ("done", "told", "deferred", "not-needed")
    """Words a clerk may end a ticket with."""
    pause_reasons: tuple[Id, ...] = ("meal", "meeting", "system", "rest")
    """Words a clerk may pause with."""
    per_card: Few = 3
    """Open tickets one identity card may hold a day."""
    kiosk_interval: Seconds = 3.0
    """Seconds between two tickets of one kiosk without a card."""
    first_day_counts: bool = False
    """Whether the day of receipt is the first day of a period."""
    told_once_days: Days = 5
    """Days to say, once and completely, what is missing (licensing law art. 32)."""
    consult_answer_days: Days = 2
    """Days to answer a question that could not be answered on the spot (BA-31)."""
    delivery_days: Days = 10
    """Days to deliver a result (licensing law art. 44)."""
    decision_days: Days = 20
    """Statutory days for a decision, licensing law art. 42; one extension is possible."""
    decision_extension: Days = 10
    """Days of that extension."""
    joint_days: Days = 45
    """Days for a joint decision of several departments."""
    joint_extension: Days = 15
    """Days by which it can be extended."""
    lower_days: Days = 20
    """Days a lower authority has before it passes a case up (art. 43)."""
    warning_days: Days = 1
    """Days before a deadline from which it is yellow."""
    after_hours_receipt: Annotated[str, Meta(pattern="^(same-day|next-day)$")] = "same-day"
    """Which day counts for papers handed in after closing."""
    day_unit: Annotated[str, Meta(pattern="^(working|calendar)$")] = "working"
    """What kind of days periods are counted in."""
    staff_floor: Count = 0
    """Least people in the hall (BA-29)."""
    window_staff_floor: Count = 0
    """Least people at a window of a department (GZ-19)."""
    comprehensive_share: Share = 0.0
    """Least share of comprehensive windows among callable ones, 0 to 1 (DJ-19)."""
    promised_share: Share = 0.5
    """Most of the statutory time that a promise may take (XX-13)."""
    max_steps: Few = 4
    """Most steps of an item (XX-13)."""
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
    """From best to worst."""
    rating_dimensions: tuple[Text, ...] = ()
    """Further questions of the rating."""
    rating_minutes: Minutes = 15.0
    """Minutes in which a rating may be changed."""
    rating_days: Days = 5
    """Days in which the code on the slip still rates."""
    contact_days: Days = 1
    """Days until somebody calls back after a bad rating."""
    simple_fix_days: Days = 5
    """Days to put a simple complaint right."""
    complex_fix_days: Days = 15
    """Days to put a complicated one right."""
    integrity_notice: Text = {}
    """Said before a ticket is issued (XX-20)."""
    card_retention_days: Days = 1
    """Days a keyed hash of a card is kept."""
    identity_retention_days: Days = 30
    """Days an identity check is kept."""
    log_retention_days: Days = 183
    """Days the log is kept at least."""


class Palette(Part, frozen=True, kw_only=True):
    """Colours of the hall, ``#rrggbb``; contrast is checked when the file is."""

    primary: Colour = "#0b5cad"
    """Headers and keys."""
    accent: Colour = "#f2b705"
    """What is new: the row that is being called."""
    ink: Colour = "#14202b"
    """Text on paper."""
    paper: Colour = "#f6f8fa"
    """Ground of kiosk and console."""
    night: Colour = "#07131f"
    """Ground of boards."""


class Calendar(Part, frozen=True, kw_only=True):
    """What differs here from the national working-day calendar, dates as YYYY-MM-DD.

    ``closed`` and ``open`` only shut and open the doors; deadlines do not notice. ``rest`` and
    ``work`` are days that the local government itself made holidays or working days.
    """

    closed: tuple[Date, ...] = ()
    """Days on which the hall stays shut."""
    open: tuple[Date, ...] = ()
    """Days on which it opens besides."""
    rest: tuple[Date, ...] = ()
    """Local holidays."""
    work: tuple[Date, ...] = ()
    """Local working days."""
