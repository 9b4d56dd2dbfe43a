"""Screens that tell: the number, and whatever stands in its way (pure)."""

from config.hall import text
from kiosk.hours import hours_of, taking_hours
from kiosk.issue import can_reprint
from kiosk.menu import Menu
from kiosk.scenes.parts import Body, Fact, Hint, Tile
from kiosk.slip import citizen_page, place
from kiosk.state import (
    Asking,
    Closed,
    Done,
    Help,
    NoSlip,
    OutOfService,
    Press,
    Printing,
    Refused,
    State,
    Ticket,
)
from kiosk.touch import offer
from kiosk.words import Words


def telling(menu: Menu, state: State, say: Words, page_url: str) -> Body:
    """The middle of a screen on which there is something to read; of any other, that the kiosk
    is starting."""
    match state.screen:
        case Closed(service=service):
            return _closed(menu, state, say, service)
        case Help():
            phone = menu.hall.phone and say("help.phone", phone=menu.hall.phone)
            return _message(say, "help", "help", *([phone] if phone else []))
        case Asking():
            return _message(say, "asking", "clock")
        case Printing(ticket=ticket):
            return _number(menu, say, ticket, say("printing.title"), "printer", done=False)
        case Done(ticket=ticket):
            return _number(menu, say, ticket, say("number.title"), "check")
        case NoSlip():
            return _no_slip(menu, state, say, state.screen, page_url)
        case Refused(code=code):
            return _refused(say, code)
        case OutOfService(why=why):
            return _out(menu, say, why)
    return _message(say, "starting", "clock")


def _closed(menu: Menu, state: State, say: Words, service_id: str) -> Body:
    service = menu.hall.service_by_id[service_id]
    reason = offer(state, service_id).reason or "no-window"
    hours = say("place.join").join(hours_of(menu.hall, service))
    return Body(
        kind="message",
        icon="closed",
        title=say("closed.title", service=text(service.name, say.language)),
        lead=say(f"closed.{reason}", hours=hours),
        hints=(Hint(icon="info", text=say("closed.go")),),
    )


def _number(
    menu: Menu, say: Words, ticket: Ticket, title: str, icon: str, *, done: bool = True
) -> Body:
    """The number and where to go with it; nothing moves between printing and done."""
    zone = menu.hall.service_by_id[ticket.service].zone
    where = text(menu.hall.zone_by_id[zone].name, say.language)
    facts = [Fact(label=say("number.go", zone=where), value=place(menu.hall, zone, say))]
    if ticket.ahead is not None:
        ahead = say("number.ahead", ahead=ticket.ahead) if ticket.ahead else say("number.first")
        wait = say.wait(ticket.low, ticket.high) if ticket.ahead else ""
        facts.append(Fact(label=ahead, value=say("number.wait", wait=wait) if wait else ""))
    return Body(
        kind="number",
        icon=icon,
        title=title,
        lead=say("number.listen" if done else "printing.lead"),
        number=ticket.number,
        facts=tuple(facts),
        actions=(Tile(choice=Press.FINISH, text=say("number.done"), main=True, open=done),),
    )


def _no_slip(menu: Menu, state: State, say: Words, screen: NoSlip, page_url: str) -> Body:
    number = _number(menu, say, screen.ticket, say("no_slip.title"), "info")
    qr = citizen_page(page_url, screen.ticket)
    noted = Tile(choice=Press.FINISH, text=say("no_slip.noted"), main=True)
    again = Tile(choice=Press.REPRINT, text=say("no_slip.reprint"), icon="printer")
    return Body(
        kind="number",
        icon="info",
        title=number.title,
        lead=say(f"no_slip.{screen.why}"),
        number=number.number,
        facts=number.facts,
        qr=qr,
        more_title=say("no_slip.scan") if qr else "",
        actions=(again, noted) if can_reprint(state) else (noted,),
    )


SAID = ("service-closed", "quota-reached", "series-full", "too-many", "day-closed")


def _refused(say: Words, code: str) -> Body:
    return Body(
        kind="message",
        icon="closed",
        title=say("refused.title"),
        lead=say(f"refused.{code if code in SAID else 'other'}"),
        hints=(Hint(icon="info", text=say("refused.go")),),
        actions=(Tile(choice=Press.HOME, text=say("refused.again"), main=True, icon="home"),),
    )


def _out(menu: Menu, say: Words, why: str) -> Body:
    hall = menu.hall
    closed = why == "closed"
    hints = []
    if closed:
        hours = say("place.join").join(taking_hours(hall))
        hints.append(Hint(icon="clock", text=say("out.hours", hours=hours)))
    else:
        go = text(menu.kiosk.fallback, say.language) or say("out.go")
        hints.append(Hint(icon="info", text=go))
    if hall.phone:
        hints.append(Hint(icon="phone", text=say("out.phone", phone=hall.phone)))
    return Body(
        kind="message",
        icon="clock" if closed else "closed",
        title=say("out.closed_title" if closed else "out.title"),
        lead=say(f"out.{why}"),
        hints=tuple(hints),
    )


def _message(say: Words, key: str, icon: str, *more: str) -> Body:
    hints = tuple(Hint(icon="phone", text=line) for line in more)
    return Body(
        kind="message", icon=icon, title=say(f"{key}.title"), lead=say(f"{key}.lead"), hints=hints
    )
