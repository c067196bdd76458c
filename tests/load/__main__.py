"""`make load`: how the site answers while 16, 40 and 80 people work with it, each thinking 1–3 seconds between acts.

Every number of people signs in before its clock starts. The rate counts what was answered while the clock ran; the
times are also those of requests that were still on their way then. Exit status 1: something was answered with an error.
"""

import argparse
import os
import signal
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from gevent import sleep

from tests.load.people import PATIENCE, Stage
from tests.load.site import SERVING, Site, site_of

SIGNING_IN = 300  # seconds, for all of them


@dataclass
class Figures:
    """What happened while the clock ran."""

    seconds: float = 0
    answered: int = 0  # before the clock stopped
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # kind → ms of each request
    errors: Counter[str] = field(default_factory=Counter)
    processors: dict[str, float] = field(default_factory=dict)  # who → processors busy with it, on average

    def request(self, name: str, response_time: float, exception: Exception | None, **rest: Any) -> None:
        self.times[name].append(response_time)
        if exception:
            self.errors[f"{name}: {exception}"] += 1

    def user_error(self, exception: Exception, **rest: Any) -> None:
        self.errors[f"somebody could not go on: {exception!r}"] += 1


def measured(site: Site, people: int, seconds: float) -> Figures:
    """Let that many people sign in, then work for so many seconds."""
    stage, figures = Stage(host=site.address, stop_timeout=PATIENCE), Figures()
    stage.events.request.add_listener(figures.request)
    stage.events.user_error.add_listener(figures.user_error)
    runner = stage.create_local_runner()
    runner.start(people, spawn_rate=people)
    deadline = time.monotonic() + SIGNING_IN
    while stage.signed_in < people:
        if figures.errors or time.monotonic() > deadline:
            sys.exit(f"only {stage.signed_in} of {people} people could sign in: {', '.join(figures.errors)}")
        sleep(0.1)
    figures.times.clear()
    before, begin = _processor_seconds(site), time.monotonic()
    stage.gate.set()
    sleep(seconds)
    figures.seconds = time.monotonic() - begin
    figures.answered = sum(map(len, figures.times.values()))
    figures.processors = {who: (now - before[who]) / figures.seconds for who, now in _processor_seconds(site).items()}
    runner.quit()
    return figures


def _processor_seconds(site: Site) -> dict[str, float]:
    whole = psutil.cpu_times()
    busy = sum(whole) - whole.idle - getattr(whole, "iowait", 0) - getattr(whole, "guest", 0)
    return site.seconds() | {"this tool": time.process_time(), "whole machine": busy}


def show(people: int, figures: Figures) -> None:
    """Print the figures of one number of people."""
    print(f"\n{people} people, {figures.seconds:.0f} s\n{'':28}{'requests':>9}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    for kind in sorted(figures.times):
        _line(kind, figures.times[kind])
    _line("all", [time for times in figures.times.values() for time in times])
    busy = ", ".join(f"{who} {share:.2f}" for who, share in figures.processors.items())
    rate = figures.answered / figures.seconds
    served = sum(figures.processors[who] for who in SERVING)
    print(
        f"{rate:.1f} requests/s, each {1000 * served / rate:.0f} ms of processor; {sum(figures.errors.values())} errors"
    )
    print(f"processors busy, of {os.cpu_count()}: {busy}")
    for error, times in figures.errors.most_common(10):
        print(f"  {times} × {error}")
    sys.stdout.flush()


def _line(kind: str, times: list[float]) -> None:
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    print(f"{kind:28}{len(times):9}{statistics.median(times):9.0f}{p95:9.0f}{max(times):9.0f}")


def end(number: int, frame: object) -> None:
    """End as after Ctrl-C: the site first. Once it ends, nothing disturbs that."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--people", type=int, nargs="+", default=[16, 40, 80], help="how many at a time (16 40 80)")
    parser.add_argument("--seconds", type=float, default=90, help="how long each number of them works (90)")
    parser.add_argument("--source", type=Path, default=Path(), help="another checkout to serve instead of this one")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, end)
    errors = 0
    with site_of(options.source.resolve()) as site:
        for people in options.people:
            figures = measured(site, people, options.seconds)
            show(people, figures)
            errors += sum(figures.errors.values())
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
