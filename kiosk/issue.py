"""A ticket's course at the kiosk: asked for, printed, shown, or given up (pure).

* One confirmed touch is one command id. Whatever is lost, late or broken after that, the same id
  is asked again; a second ticket is never made.
* A ticket exists before its slip. When paper fails the number stands on the screen, and the
  request is settled only when the person has had time to read it.
* A ticket whose answer comes when nobody waits for it any more is cancelled.
"""

from msgspec.structs import replace

from config.wire.commands import CancelTicket, IssueTicket, ReportPrint, Result
from kiosk.menu import Menu
from kiosk.moves import After, forget, go_home, show
from kiosk.state import (
    CANNOT_PRINT,
    Ask,
    Asking,
    Beep,
    Choice,
    Confirm,
    Done,
    Effect,
    NoSlip,
    Press,
    Print,
    Printed,
    Printer,
    Printing,
    Recovered,
    Refused,
    Replied,
    Settle,
    Speak,
    State,
    Ticket,
)

GIVE_UP = 15.0
"""Seconds a person waits for a number before being sent elsewhere."""
PRINT_LIMIT = 20.0
"""Seconds a printer may take before the number is shown on the screen."""
FRESH = 120.0
"""Seconds after a touch in which, after a restart, the person may still stand there."""


def take(menu: Menu, state: State, screen: Confirm, fresh: str) -> After:
    """Ask for the ticket that was confirmed."""
    command = IssueTicket(
        id=fresh,
        service=screen.service,
        item=screen.item,
        kiosk=menu.kiosk.id,
        language=state.language,
        person=state.person,
    )
    asking = Asking(id=fresh, service=screen.service, item=screen.item)
    return show(replace(state, trail=()), asking), (Ask(command=command),)


def replied(state: State, what: Replied) -> After:
    """The server answered, perhaps too late; in any case it is there."""
    state = replace(state, down=None)
    screen, result = state.screen, what.reply.result if what.reply.ok else None
    if not isinstance(screen, Asking) or screen.id != what.id:
        return state, _unwanted(what.id, result)
    if result and result.ticket and result.number:
        return _issued(state, screen, result)
    code = what.reply.error.code if what.reply.error else "unavailable"
    refused = show(state, Refused(code=code, service=screen.service))
    return refused, (Beep(sound="attention"), Settle(id=what.id))


def _unwanted(id: str, result: Result | None) -> tuple[Effect, ...]:
    """Nobody waits for this answer any more: no ghost may stand in the queue."""
    if result and result.ticket:
        cancel = CancelTicket(id=f"{id}.c", ticket=result.ticket, reason="kiosk: too late")
        return Ask(command=cancel), Settle(id=id)
    return (Settle(id=id),)


def _issued(state: State, screen: Asking, result: Result) -> After:
    ticket = Ticket(
        id=screen.id,
        ticket=result.ticket or "",
        number=result.number or "",
        service=result.service or screen.service,
        item=screen.item,
        language=state.language,
        ahead=result.ahead,
        low=result.low,
        high=result.high,
        token=result.token,
        issued=result.issued or state.wall,
    )
    copy = 1 if screen.again else 0
    if state.printer is Printer.NONE:
        return show(state, NoSlip(ticket=ticket, why="no-printer")), (Beep(sound="good"),)
    said = Speak(key="say.printing", language=state.language)
    printing = Printing(ticket=ticket, copy=copy)
    return show(state, printing), (Print(ticket=ticket, reprint=copy > 0), said)


def printed(state: State, what: Printed) -> After:
    """The printer is done with the slip, one way or the other."""
    screen = state.screen
    if not isinstance(screen, Printing | NoSlip) or screen.ticket.id != what.id:
        return state, ()
    report = ReportPrint(
        id=f"{what.id}.p{screen.copy}{'' if what.ok else '.no'}",
        ticket=screen.ticket.ticket,
        printed=what.ok,
        reason=what.why,
        reprint=screen.copy > 0,
    )
    if what.ok:
        done = show(state, Done(ticket=screen.ticket))
        return done, (Beep(sound="good"), Settle(id=what.id), Ask(command=report))
    if isinstance(screen, NoSlip):
        return state, (Ask(command=report),)
    after, effects = _no_slip(state, screen, what.why or "fault")
    return after, (*effects, Ask(command=report))


def _no_slip(state: State, screen: Printing, why: str) -> After:
    said = Speak(key="say.no_slip", language=state.language)
    shown = NoSlip(ticket=screen.ticket, why=why, copy=screen.copy)
    return show(state, shown), (Beep(sound="attention"), said)


def overdue(state: State) -> After:
    """Whether a person has waited long enough for the server or for the printer. A server that
    lets one person wait counts as gone until it says something."""
    waited = state.at - state.since
    match state.screen:
        case Asking() as screen if waited >= GIVE_UP:
            refused = show(state, Refused(code="unavailable", service=screen.service))
            if screen.again:
                # It may be in the person's hand: ask no more, and so never cancel it.
                return refused, (Beep(sound="attention"), Settle(id=screen.id))
            down = state.at if state.down is None else state.down
            return replace(refused, down=down), (Beep(sound="attention"),)
        case Printing() as screen if waited >= PRINT_LIMIT:
            return _no_slip(state, screen, "silent")
    return state, ()


def after_ticket(menu: Menu, state: State, choice: Choice) -> After:
    """A touch while the number stands on the screen."""
    match choice, state.screen:
        case Press.REPRINT, NoSlip(ticket=ticket, copy=copy) if can_reprint(state):
            again = show(state, Printing(ticket=ticket, copy=copy + 1))
            return again, (Print(ticket=ticket, reprint=True),)
        case ((Press.FINISH | Press.HOME), _):
            return go_home(menu, state)
    return state, ()


def can_reprint(state: State) -> bool:
    """Whether trying the printer once more makes sense."""
    return state.printer not in CANNOT_PRINT | {Printer.NONE}


def recovered(menu: Menu, state: State, what: Recovered) -> After:
    """A request from before a restart. Fresh: the person stands there, ask again and show it.
    Old and perhaps printed: it is theirs. Old and never shown: ask, and cancel what comes."""
    busy = isinstance(state.screen, Asking | Printing | NoSlip)
    if what.answered and (busy or what.age > FRESH):
        return state, (Settle(id=what.id),)
    command = IssueTicket(
        id=what.id,
        service=what.service,
        item=what.item,
        kiosk=menu.kiosk.id,
        language=what.language,
    )
    if not busy and what.age <= FRESH:
        asking = Asking(id=what.id, service=what.service, item=what.item, again=what.answered)
        state = replace(forget(menu, state), language=what.language, touched=state.at)
        state = show(state, asking)
    return state, (Ask(command=command),)
