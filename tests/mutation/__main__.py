"""`make mutants`: put faults into the code one at a time and see whether a related test notices.

    python -m tests.mutation --count 200 --seed 1        a sample of all places
    python -m tests.mutation --again var/mutants/1.json  its survivors, and what it had no time for, once more
    python -m tests.mutation --under models/calendar.py --tests tests/models/test_calendar.py   a part

The report and every survivor with its change go to var/mutants. A survivor is answered by a new test that says what
the rules say, or by an entry in equivalent.toml that says why nobody could notice.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.equivalents import reason_for
from tests.mutation.relation import TESTS, Relation, relation
from tests.mutation.runner import SURVIVED, UNDECIDED
from tests.mutation.running import LONGEST, Copy, Result, prepare
from tests.mutation.sampling import ROOT, Mutant, compiles, modules, sample

FOLDER = ROOT / "var" / "mutants"


def chosen(asked: argparse.Namespace) -> list[Mutant]:
    """The faults to try."""
    if asked.again is not None:
        known = json.loads(asked.again.read_text())["results"]
        again = [Mutant(**each["mutant"]) for each in known if each["outcome"] in (SURVIVED, UNDECIDED)]
        return [mutant for mutant in again if compiles(mutant)]
    paths = [path for path in modules() if path.startswith(tuple(asked.under))]
    return sample(asked.count, asked.seed, paths)[asked.skip :]


def tried(mutants: list[Mutant], known: Relation, copies: list[Copy]) -> Iterator[Result]:
    """One after the other, as many at a time as there are copies."""
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)
    seconds = {test: took for each in known.files.values() for test, took in each.seconds.items()}

    def one(mutant: Mutant) -> Result:
        tests = known.tests_for(mutant.path, mutant.line)
        copy = free.get()
        try:
            return copy.try_out(mutant, tests, sum(seconds[test] for test in tests))
        finally:
            free.put(copy)

    with ThreadPoolExecutor(max(len(copies), 1)) as pool:
        yield from pool.map(one, mutants)


def main(arguments: list[str] | None = None) -> int:
    """0 when enough of them were noticed."""
    asked = _parser().parse_args(arguments)
    asked.folder = asked.folder.resolve()
    asked.folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    mutants, known = chosen(asked), relation(asked.folder, asked.tests or TESTS)
    say(
        f"{len(mutants)} faults, seed {asked.seed}; related tests known after {time.monotonic() - began:.0f} s"
    )
    prepared = prepare(asked.folder, tests=asked.tests or TESTS) if mutants else asked.folder
    together = min(asked.at_a_time, len(mutants))
    copies = [
        Copy(asked.folder / f"copy-{number}", prepared=prepared, longest=asked.longest)
        for number in range(together)
    ]
    results = []
    try:
        for number, result in enumerate(tried(mutants, known, copies), 1):
            results.append(result)
            place = f"{result.mutant.path}:{result.mutant.line}"
            say(
                f"{number:4} {result.outcome:9} {result.seconds:5.1f} s {result.tests:4} tests  {place} {result.mutant.operator}"
            )
    finally:
        for copy in copies:
            copy.__exit__()
    return report(asked, results, time.monotonic() - began)


def report(asked: argparse.Namespace, results: list[Result], took: float) -> int:
    """Print the rate and the survivors, and write both down."""
    survivors = [each for each in results if each.outcome == SURVIVED]
    reasons = {each.mutant: reason_for(each.diff) for each in survivors}
    unanswered = [each for each in survivors if not reasons[each.mutant]]
    undecided = [each for each in results if each.outcome == UNDECIDED]
    counted = len(results) - len(undecided) - (len(survivors) - len(unanswered))
    rate = 100 * (counted - len(unanswered)) / counted if counted else 100.0
    for each in survivors:
        verdict = (
            f"equivalent: {reasons[each.mutant]}"
            if reasons[each.mutant]
            else f"{each.tests} tests did not notice"
        )
        say(f"\n{each.diff}\n# {each.mutant.operator}; {verdict}")
    text = (
        f"{len(results)} faults, {len(survivors)} survived, {len(survivors) - len(unanswered)} of them equivalent, "
        f"{len(undecided)} undecided in their time: {rate:.1f} % noticed, in {took:.0f} s"
    )
    say(f"\n{text}")
    name = asked.again.stem + "-again" if asked.again is not None else str(asked.seed)
    kept = {"summary": text, "rate": round(rate, 1), "results": [asdict(each) for each in results]}
    (asked.folder / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1))
    return 0 if rate >= asked.at_least else 1


def say(text: str) -> None:
    """To whoever looks on."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests.mutation", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", type=int, default=0, help="so many of them were tried already")
    parser.add_argument("--under", nargs="*", default=[""], help="paths that the faults' files begin with")
    parser.add_argument("--tests", nargs="*", help="test files or folders instead of all")
    parser.add_argument("--again", type=Path, help="a result file: its survivors and undecided once more")
    parser.add_argument(
        "--longest", type=float, default=LONGEST, help="seconds that the tests of one fault may take"
    )
    parser.add_argument("--at-a-time", type=int, default=2)
    parser.add_argument("--at-least", type=float, default=90.0, help="percent that must be noticed")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    return parser


if __name__ == "__main__":
    sys.exit(main())
