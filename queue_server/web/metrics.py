"""Figures for Prometheus, read from the server when asked."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from queue_server.web.web import Web


class _Hall(Collector):
    def __init__(self, web: Web) -> None:
        self._web = web

    def collect(self) -> Iterator[Metric]:
        day, counters = self._web.server.day, self._web.counters
        waiting = _gauge("waiting", "Tickets that wait", ["service"])
        for service in day.hall.services:
            waiting.add_metric([service.id], day.queue.waiting(service.id))
        yield waiting
        yield _counted("windows", "Windows by state", [w.state for w in day.windows.values()])
        states = [t.state.value for t in day.tickets.values()]
        yield _counted("tickets", "Tickets of today by state", states)
        yield _value("log_seq", "Place of the last event in the log", day.seq)
        yield _value(
            "store_failing", "1 while nothing can be stored", bool(self._web.server.failing)
        )
        yield _value("http_streams", "Live pages and readers now", counters.streams)
        yield CounterMetricFamily("yichuang_http_malformed", "No command", counters.malformed)
        yield CounterMetricFamily("yichuang_http_denied", "No right", counters.denied)
        asked = CounterMetricFamily(
            "yichuang_http_commands", "Commands by outcome", labels=["kind", "code"]
        )
        for (kind, code), count in counters.commands.items():
            asked.add_metric([kind, code], count)
        yield asked


def _gauge(name: str, words: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"yichuang_{name}", words, labels=labels)


def _value(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"yichuang_{name}", words, value)


def _counted(name: str, words: str, states: list[str]) -> GaugeMetricFamily:
    family = _gauge(name, words, ["state"])
    for state in sorted({*states}):
        family.add_metric([state], states.count(state))
    return family


def figures(web: Web) -> bytes:
    """All figures, in the text format."""
    registry = CollectorRegistry()
    registry.register(_Hall(web))
    return generate_latest(registry)
