"""The screen before the number: what, where, how long, and what is good to know (pure)."""

from config.hall import Item, text
from kiosk.menu import Menu
from kiosk.scenes.parts import Body, Fact, Hint, Tile
from kiosk.slip import place
from kiosk.state import Confirm, PickService, Press, State
from kiosk.touch import offer
from kiosk.words import Words

MOST_MATERIALS = 4


def confirming(menu: Menu, state: State, say: Words, screen: Confirm) -> Body:
    hall = menu.hall
    service = hall.service_by_id[screen.service]
    item = hall.item_by_code.get(screen.item) if screen.item else None
    choice = offer(state, service.id)
    name = text(service.name, say.language)
    where = text(hall.zone_by_id[service.zone].name, say.language)
    facts = [
        Fact(label=say("confirm.place"), value=f"{where}\n{place(hall, service.zone, say)}"),
        Fact(
            label=say("confirm.ahead"),
            value=say(
                "confirm.people" if choice.waiting else "confirm.nobody", waiting=choice.waiting
            ),
            large=True,
        ),
    ]
    if wait := say.wait(choice.low, choice.high):
        facts.append(Fact(label=say("confirm.wait"), value=wait, large=True))
    consult = hall.service_by_id.get(service.consult_first or "")
    advised = consult is not None and offer(state, consult.id).open
    hints = _hints(say, item)
    take = Tile(choice=Press.TAKE, text=say("confirm.take"), main=not advised, icon="slip")
    actions = [take]
    if consult is not None and advised:
        told = say("confirm.consult_hint", consult=text(consult.name, say.language))
        hints.insert(0, Hint(icon="talk", text=told))
        go = Tile(
            choice=PickService(service=consult.id),
            text=say("confirm.consult"),
            main=True,
            icon="talk",
        )
        actions = [Tile(choice=Press.TAKE, text=say("confirm.take_direct"), icon="slip"), go]
    return Body(
        kind="confirm",
        title=text(item.name, say.language) if item else name,
        lead=name if item else "",
        facts=tuple(facts),
        hints=tuple(hints),
        actions=tuple(actions),
        more_title=text(hall.rules.integrity_notice, say.language) or say("confirm.integrity"),
    )


def _hints(say: Words, item: Item | None) -> list[Hint]:
    """What is good to know before the number is taken; none of it refuses anybody."""
    if item is None:
        return []
    hints = []
    if item.bundle:
        told = say("confirm.bundle", count=len(item.bundle))
        hints.append(Hint(icon="folder", text=told))
    if item.online:
        hints.append(Hint(icon="screen", text=say("confirm.online")))
    if item.materials and say.language.startswith("zh"):
        named = "、".join(item.materials[:MOST_MATERIALS])
        more = "等" if len(item.materials) > MOST_MATERIALS else ""
        hints.append(Hint(icon="form", text=say("confirm.materials", materials=named + more)))
    if item.needs_original:
        hints.append(Hint(icon="info", text=say("confirm.original")))
    if not item.agent_allowed:
        hints.append(Hint(icon="person", text=say("confirm.agent")))
    return hints
