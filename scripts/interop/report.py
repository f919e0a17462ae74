"""Runs checks one by one and says of each what came of it."""

import sys
import time
import traceback


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.part = ""

    def section(self, title):
        self.part = title
        print(f"\n{title}")

    def check(self, title, work):
        """Runs `work`; what it returns is told beside the title. Gives back whether it passed."""
        began = time.monotonic()
        try:
            detail = work()
        except Exception as error:  # Whatever goes wrong in a tool is what this is for.
            self.failed.append(f"{self.part}: {title}")
            where = traceback.extract_tb(error.__traceback__)[-1]
            print(f"  FAIL  {title}: {type(error).__name__}: {error}")
            cause = error.__cause__ or error.__context__
            while cause is not None:
                print(f"        because of {type(cause).__name__}: {short(str(cause))}")
                cause = cause.__cause__ or cause.__context__
            print(f"        at {where.filename}:{where.lineno}: {where.line}")
            return False
        self.passed += 1
        took = time.monotonic() - began
        print(f"  ok    {title}{'' if detail is None else f': {detail}'}{f'  ({took:.1f} s)' if took >= 1 else ''}")
        return True

    def end(self):
        print(f"\n{self.passed} passed, {len(self.failed)} failed")
        for title in self.failed:
            print(f"  failed: {title}")
        sys.exit(1 if self.failed else 0)


def equal(actual, expected, what="value"):
    if actual != expected:
        raise AssertionError(f"{what} is {short(actual)}, expected {short(expected)}")


def true(condition, message):
    if not condition:
        raise AssertionError(message)


def raises(kind, work):
    try:
        work()
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected, and nothing was raised")


def short(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
