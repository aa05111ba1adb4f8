"""Tests that mostly wait, several at once."""

import unittest
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 9


class Together(unittest.TestSuite):
    """Runs its tests in threads, `during` what they share, and reports them in their order."""

    def __init__(self, tests, during):
        super().__init__(tests)
        self.during = during

    def run(self, result, debug=False):
        tests = list(self)
        with self.during(), ThreadPoolExecutor(AT_ONCE) as pool:
            for test, own in zip(tests, pool.map(alone, tests)):
                result.startTest(test)
                result.failures += own.failures
                result.errors += own.errors
                if own.wasSuccessful():
                    result.addSuccess(test)
                result.stopTest(test)
        return result


def alone(test):
    own = unittest.TestResult()
    test.run(own)
    return own
