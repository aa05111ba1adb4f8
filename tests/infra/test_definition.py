"""infra/statemachine.asl.json: what neither its validator nor an emulator holds it to."""

import json
import re
import unittest

from translated import DEFINITION, rust, source, texts

# How Step Functions and Lambda name a slice that died, or that could not be started just now.
DIED = {
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ResourceConflictException",
    "Lambda.ResourceNotReadyException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Runtime.Unknown",
    "Sandbox.Timedout",
    "States.Timeout",
}
# Errors of ours that may be gone in some minutes.
TRANSIENT = {"AdobeUnavailable", "LeaseLost", "RosterUnavailable", "StoreUnavailable"}
MOST_EVENTS = 25_000
# Events of a Task, a Choice, a Wait and a Pass state.
EVENTS_OF_A_SLICE = 5 + 2 + 2 + 2


class Definition(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.machine = json.loads(DEFINITION.read_text(encoding="utf-8"))
        cls.states = cls.machine["States"]
        cls.slice, cls.close = cls.states["Slice"], cls.states["Close"]

    def retried(self, task):
        """Error name -> how it is retried."""
        return {name: retry for retry in task["Retry"] for name in retry["ErrorEquals"]}

    # What is tried again

    def test_a_slice_that_died_is_sent_again_five_times(self):
        for task in (self.slice, self.close):
            retried = self.retried(task)
            for name in DIED:
                self.assertEqual(retried[name]["MaxAttempts"], 5, name)
                self.assertGreaterEqual(retried[name]["BackoffRate"], 2, name)

    def test_what_may_be_well_in_some_minutes_is_waited_for(self):
        retried = self.retried(self.slice)
        for name in TRANSIENT:
            self.assertEqual(retried[name]["MaxAttempts"], 5, name)
            self.assertGreaterEqual(retried[name]["IntervalSeconds"], 60, name)
            self.assertGreaterEqual(retried[name]["BackoffRate"], 2, name)

    def test_nothing_else_is_tried_again(self):
        self.assertEqual(set(self.retried(self.slice)), DIED | TRANSIENT)
        # Closing asks nobody but the bucket.
        self.assertEqual(set(self.retried(self.close)), DIED | {"LeaseLost", "StoreUnavailable"})

    def test_errors_of_ours_are_those_that_the_program_names(self):
        known = set(re.findall(r'=> "(\w+)"', rust("pass/error.rs")))
        ours = {name for name in self.retried(self.slice) if "." not in name}
        self.assertEqual(ours - known, set())

    # How it ends

    def test_what_is_not_tried_again_closes_the_pass(self):
        (catch,) = self.slice["Catch"]
        self.assertEqual(catch["ErrorEquals"], ["States.ALL"])
        self.assertEqual(self.path(catch["Next"]), ["Give up", "Say why", "Close", "Error name", "Failed"])

    def test_a_failing_close_has_failed_all_the_same(self):
        (catch,) = self.close["Catch"]
        self.assertEqual(catch["ErrorEquals"], ["States.ALL"])
        self.assertEqual(self.path(catch["Next"]), ["Error name", "Failed"])

    def path(self, name):
        """The states from there on, straight ahead."""
        names = [name]
        while "Next" in self.states[names[-1]]:
            names.append(self.states[names[-1]]["Next"])
        return names

    def test_every_end_of_a_pass_is_one_of_the_machine(self):
        choices = self.states["Answered"]["Choices"]
        self.assertEqual([choice["Next"] for choice in choices], ["Not understood", "Start over", "Wait", "Outcome"])
        ended = {condition["StringEquals"] for condition in choices[-1]["Or"]}
        self.assertEqual(ended, {"complete", "partial", "held", "skipped"})
        self.assertEqual(self.states["Answered"]["Default"], "Not understood")
        self.assertEqual(self.path("Not understood"), ["Not understood", "Say why", "Close", "Error name", "Failed"])

    # Times

    def test_lambdas_limit_comes_before_the_tasks(self):
        limit = source()["Resources"]["Function"]["Properties"]["Timeout"]
        for task in (self.slice, self.close):
            self.assertGreater(task["TimeoutSeconds"], limit)
            self.assertLess(task["TimeoutSeconds"], 900)

    def test_the_machine_ends_before_its_history_is_full(self):
        seconds = self.machine["TimeoutSeconds"]
        self.assertEqual(seconds, 14 * 24 * 3600)
        slices = seconds / source()["Resources"]["Function"]["Properties"]["Timeout"]
        self.assertLess(slices * EVENTS_OF_A_SLICE, MOST_EVENTS)
        # An Adobe that sends the pass away minute by minute fills it in more than a day; the next schedule goes on.
        shortest = re.search(r"LONGEST_WAIT: Duration = Duration::from_mins\((\d+)\)", rust("handler.rs"))[1]
        self.assertGreater(MOST_EVENTS / EVENTS_OF_A_SLICE * int(shortest), 24 * 60)

    # What is kept in the state

    def test_every_task_invokes_the_function_and_nothing_else(self):
        for task in (s for s in self.states.values() if s["Type"] == "Task"):
            self.assertEqual(task["Resource"], "${LambdaInvoke}")
            self.assertEqual(task["Parameters"]["FunctionName"], "${FunctionArn}")
            self.assertEqual(set(task["Parameters"]), {"FunctionName", "Payload.$"})
        substituted = set(re.findall(r"\$\{(\w+)\}", DEFINITION.read_text(encoding="utf-8")))
        self.assertEqual(substituted, {"FunctionArn", "LambdaInvoke"})

    def test_the_next_slice_knows_the_pass_and_its_number_alone(self):
        kept = self.states["Next event"]["Parameters"]
        self.assertEqual(set(kept), {"event", "pass", "slice.$"})
        self.assertEqual(set(kept["event"]), {"run_id.$", "slice.$"})
        self.assertEqual(set(kept["pass"]), {"run_id.$"})

    def test_the_outcome_is_a_status_and_an_id(self):
        self.assertEqual(set(self.states["Outcome"]["Parameters"]), {"status.$", "run_id.$"})

    def test_an_error_leaves_its_name_and_not_its_message(self):
        self.assertEqual(self.states["Error name"]["Parameters"], {"error.$": "$.why.close.error"})
        self.assertNotIn("CausePath", self.states["Failed"])
        self.assertIsNone(self.close["ResultPath"])

    def test_a_pass_that_is_started_over_is_of_now(self):
        begin = self.states["Time and name"]["Parameters"]["own"]
        again = self.states["Start over"]["Parameters"]["own"]
        self.assertEqual(again, begin | {"scheduled_time": None})
        self.assertEqual(set(begin), {"time.$", "execution.$"})

    def test_braces_of_a_text_are_escaped(self):
        # Intrinsic functions take braces in texts for places to fill in.
        for text in texts(self.states):
            for quoted in re.findall(r"'([^']*)'", text) if text.startswith("States.") else []:
                self.assertNotRegex(quoted, r"(?<!\\)[{}]", text)


if __name__ == "__main__":
    unittest.main()
