"""The life of a ticket: every legal move, and nothing else.

This table is the contract. `evolve` refuses an event that is not in it, `decide` never makes one,
and the diagram in docs/tickets.md is drawn from it. A finish or a no-show can be taken back within
seconds (`TicketReopened`); apart from that nobody leaves DONE, CANCELLED or EXPIRED.
"""

from enum import StrEnum

from config.wire.events import (
    PriorityGranted,
    TicketCalled,
    TicketCancelled,
    TicketExpired,
    TicketFinished,
    TicketHeld,
    TicketIssued,
    TicketMissed,
    TicketRecalled,
    TicketReopened,
    TicketRestored,
    TicketResumed,
    TicketStarted,
    TicketTransferred,
)


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    MISSED = "missed"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S = TicketState

FIRST = (TicketIssued, S.WAITING)
"""How a ticket comes to be."""

TRANSITIONS: dict[TicketState, dict[type, TicketState]] = {
    S.WAITING: {
        TicketCalled: S.CALLED,
        TicketTransferred: S.WAITING,
        PriorityGranted: S.WAITING,
        TicketCancelled: S.CANCELLED,
        TicketExpired: S.EXPIRED,
    },
    S.CALLED: {
        TicketRecalled: S.CALLED,
        TicketStarted: S.SERVING,
        TicketFinished: S.DONE,
        TicketMissed: S.MISSED,
        TicketTransferred: S.WAITING,
        TicketHeld: S.HELD,
        TicketCancelled: S.CANCELLED,
        TicketExpired: S.EXPIRED,
    },
    S.SERVING: {
        TicketFinished: S.DONE,
        TicketTransferred: S.WAITING,
        TicketHeld: S.HELD,
        TicketExpired: S.EXPIRED,
    },
    S.HELD: {
        TicketResumed: S.SERVING,
        TicketTransferred: S.WAITING,
        TicketCancelled: S.CANCELLED,
        TicketExpired: S.EXPIRED,
    },
    S.MISSED: {
        TicketRestored: S.WAITING,
        TicketReopened: S.CALLED,
        TicketCancelled: S.CANCELLED,
        TicketExpired: S.EXPIRED,
    },
    S.DONE: {TicketReopened: S.SERVING},
    S.CANCELLED: {},
    S.EXPIRED: {},
}

ENDED = frozenset({S.DONE, S.CANCELLED, S.EXPIRED})
AT_WINDOW = frozenset({S.CALLED, S.SERVING})


class IllegalMoveError(RuntimeError):
    """An event that the table does not allow: a damaged log or a bug, never a user's mistake."""


def move(state: TicketState, event: type) -> TicketState:
    """Return the state after `event`.

    Raises:
        IllegalMoveError: the table has no such move.
    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalMoveError(f"{event.__name__} on a ticket that is {state}") from None


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {FIRST[1]}: {FIRST[0].__name__}"]
    lines += [
        f"    {state} --> {after}: {event.__name__}"
        for state, moves in TRANSITIONS.items()
        for event, after in moves.items()
    ]
    lines += [f"    {state} --> [*]" for state in TRANSITIONS if state in ENDED]
    return "\n".join(lines) + "\n"
