"""How often one may knock."""

from queue_server.web.limits import MOST_KEYS, Lockout, Rate


def test_a_bucket_empties_and_fills() -> None:
    rate = Rate(2, 3)
    assert [rate.allows("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert rate.allows("b", 0.0)
    assert not rate.allows("a", 0.4)
    assert rate.allows("a", 0.6)
    assert [rate.allows("a", 100.0) for _ in range(4)] == [True, True, True, False]


def test_looking_takes_nothing() -> None:
    rate = Rate(0, 1)
    assert rate.allows("a", 0.0, cost=0.0)
    assert rate.allows("a", 0.0, cost=0.0)
    assert rate.allows("a", 0.0)
    assert not rate.allows("a", 0.0, cost=0.0)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    rate = Rate(1, 1)
    assert rate.allows("a", 100.0)
    assert not rate.allows("a", 50.0)


def test_the_longest_unseen_is_forgotten() -> None:
    rate, lock = Rate(0, 1), Lockout(tries=1)
    for n in range(MOST_KEYS + 5):
        assert rate.allows(f"k{n}", 0.0)
        lock.fail(f"k{n}", "a", 0.0)
    assert rate.allows("k0", 0.0)
    assert not rate.allows(f"k{MOST_KEYS + 4}", 0.0)
    assert not lock.locked("k0", "a", 1.0)
    assert lock.locked(f"k{MOST_KEYS + 4}", "a", 1.0)


def test_a_lock_is_for_one_account_from_one_address() -> None:
    lock = Lockout(tries=2, seconds=60)
    for _ in range(2):
        assert not lock.locked("clerk", "10.0.0.1", 0.0)
        lock.fail("clerk", "10.0.0.1", 0.0)
    assert lock.locked("Clerk", "10.0.0.1", 59.0)
    assert not lock.locked("clerk", "10.0.0.2", 1.0)
    assert not lock.locked("guide", "10.0.0.1", 1.0)
    assert not lock.locked("clerk", "10.0.0.1", 60.0)
    lock.fail("clerk", "10.0.0.1", 61.0)
    assert not lock.locked("clerk", "10.0.0.1", 62.0)


def test_a_right_password_opens() -> None:
    lock = Lockout(tries=2)
    lock.fail("clerk", "a", 0.0)
    lock.succeed("clerk", "a")
    lock.fail("clerk", "a", 1.0)
    assert not lock.locked("clerk", "a", 2.0)
