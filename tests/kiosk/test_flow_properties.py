"""Whatever happens to it, the kiosk neither crashes, strands anybody, nor asks twice."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from config.wire.commands import IssueTicket
from kiosk.flow import patience, start, step
from kiosk.scenes.frame import scene
from kiosk.state import (
    Ask,
    Asking,
    Card,
    Choice,
    Effect,
    Home,
    Input,
    Letter,
    Line,
    PickLanguage,
    PickService,
    PickZone,
    Press,
    Printed,
    Printer,
    PrinterSaid,
    Printing,
    Recovered,
    Replied,
    State,
    Tap,
    Tick,
    Viewed,
)
from tests.kiosk.helpers import MORNING, Play, issued, menu, refused, view

SERVICES = [s.id for s in menu().hall.services]

choices: st.SearchStrategy[Choice] = st.one_of(
    st.sampled_from(Press),
    st.builds(PickZone, zone=st.sampled_from([z.id for z in menu().hall.zones] + ["?"])),
    st.builds(
        PickService,
        service=st.sampled_from([*SERVICES, "?"]),
        item=st.sampled_from([None, *menu().hall.item_by_code]),
    ),
    st.builds(PickLanguage, language=st.sampled_from(["zh", "en", "xx"])),
    st.builds(Letter, text=st.sampled_from("abcxyz")),
)


class Hand:
    """Turns drawn steps into inputs that carry the flow's own ids and a clock of their own."""

    def __init__(self) -> None:
        self.state: State = start(menu(), 0.0, MORNING)
        self.effects: list[Effect] = []
        self.taps = 0

    def feed(self, what: Input) -> None:
        before = self.state.screen
        self.state, effects = step(menu(), self.state, what)
        self.effects += effects
        scene(menu(), self.state, "http://hall")
        asked = [e for e in effects if isinstance(e, Ask) and isinstance(e.command, IssueTicket)]
        assert len(asked) <= 1
        if asked and isinstance(what, Tap):
            assert what.choice is Press.TAKE
            assert isinstance(self.state.screen, Asking)
            assert not isinstance(before, Asking | Printing)

    def answer_all(self) -> None:
        """The server speaks again, and answers what the kiosk kept asking."""
        for effect in list(self.effects):
            if isinstance(effect, Ask) and isinstance(effect.command, IssueTicket):
                reply = refused(effect.command.id, "quota-reached")
                self.feed(Replied(at=self.state.at, id=effect.command.id, reply=reply))

    def play(self, kind: str, choice: Choice, pause: float, odd: int) -> None:
        at = self.state.at + pause
        ids = [e.command.id for e in self.effects if isinstance(e, Ask)] or ["none"]
        id = ids[odd % len(ids)]
        match kind:
            case "tap":
                self.taps += 1
                self.feed(Tap(at=at, choice=choice, id=f"id{self.taps}"))
            case "tick":
                self.feed(Tick(at=at, wall=MORNING + at))
            case "card":
                self.feed(Card(at=at, person="hash"))
            case "view":
                shut = SERVICES[odd % len(SERVICES)] if odd % 2 else ""
                reason = ("hours", "no-window", "quota", "day-closed")[odd % 4]
                self.feed(Viewed(at=at, view=view(closed=shut, reason=reason, open_now=odd != 7)))
            case "line":
                self.feed(Line(at=at, up=odd % 3 > 0))
            case "printer":
                self.feed(PrinterSaid(at=at, printer=list(Printer)[odd % len(Printer)]))
            case "reply":
                reply = issued(id) if odd % 3 else refused(id, "quota-reached")
                self.feed(Replied(at=at, id=id, reply=reply))
            case "printed":
                self.feed(Printed(at=at, id=id, ok=odd % 2 == 0, why="out" if odd % 2 else ""))
            case _:
                self.feed(
                    Recovered(
                        at=at, id=f"old{odd}", service="social", language="zh",
                        answered=odd % 2 == 0, age=float(odd * 30),
                    )
                )  # fmt: skip


KINDS = ["tap"] * 8 + ["tick"] * 2 + ["view", "line", "printer", "reply", "reply", "printed"]
KINDS += ["card", "recovered"]

steps = st.lists(
    st.tuples(
        st.sampled_from(KINDS), choices, st.sampled_from([0.05, 0.31, 1.0, 5.0]), st.integers(0, 9)
    ),
    max_size=60,
)


def well() -> Hand:
    hand = Hand()
    hand.feed(Viewed(at=0.1, view=view()))
    hand.feed(Line(at=0.1, up=True))
    hand.feed(PrinterSaid(at=0.1, printer=Printer.OK))
    return hand


@settings(max_examples=300, deadline=None)
@given(steps)
def test_it_always_comes_home(what: list[tuple[str, Choice, float, int]]) -> None:
    hand = well()
    for one in what:
        hand.play(*one)
    # All repaired, nobody touches: the longest way home is an answer that comes after half a
    # minute, a lost print, a minute of the number on the screen.
    hand.feed(Viewed(at=hand.state.at, view=view()))
    hand.feed(Line(at=hand.state.at, up=True))
    hand.feed(PrinterSaid(at=hand.state.at, printer=Printer.OK))
    for second in range(200):
        hand.feed(Tick(at=hand.state.at + 1, wall=MORNING))
        if second == 30:
            hand.answer_all()
    assert hand.state.screen == Home()
    assert hand.state.person is None
    assert (hand.state.large, hand.state.low, hand.state.language) == (False, False, "zh")
    assert hand.state.trail == ()
    assert patience(hand.state) is None


@settings(max_examples=300, deadline=None)
@given(steps)
def test_no_id_is_ever_asked_for_twice(what: list[tuple[str, Choice, float, int]]) -> None:
    hand = well()
    for one in what:
        hand.play(*one)
    taken = [
        e.command.id
        for e in hand.effects
        if isinstance(e, Ask) and isinstance(e.command, IssueTicket)
    ]
    again = Counter(id for id in taken if not id.startswith("old"))
    assert all(count == 1 for count in again.values())


def test_play_and_hand_agree_on_the_plain_way() -> None:
    play = Play()
    play.tap(PickService(service="social"), Press.TAKE)
    assert isinstance(play.screen(), Asking)
