"""Order time: where a ticket stands, in minutes since midnight, fixed while it waits.

A privilege is a head start, never absolute: the order time of a privileged ticket is moved back by
some minutes, and from then on it is compared like any other. So a ticket's place can be explained
with two clock times and one number.
"""

from config.hall import DispatchRules


def order_time(
    rules: DispatchRules,
    *,
    ready: float,
    issued: float | None = None,
    head_start: float = 0.0,
    appointment: float | None = None,
    returned: bool = False,
) -> float:
    """Return the order time of a ticket that joins the waiting set at `ready`.

    `issued` is the time of the visit's first ticket when this one was transferred (a transfer keeps
    the place), None otherwise. `head_start` is the largest of the person's priority classes.
    `appointment` is the booked slot: checked in no later than the grace, the ticket counts from
    slot - `head_appointment`; later, as a walk-in. A no-show who comes back counts from the return,
    less `return_credit`. All in minutes.
    """
    if returned:
        return ready - rules.return_credit
    start = ready if issued is None else issued
    if head_start > 0:
        return start - head_start
    if appointment is not None and ready <= appointment + rules.appointment_grace:
        return appointment - rules.head_appointment
    return start
