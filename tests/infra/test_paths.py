"""infra/statemachine.asl.json on every way that it can take, by an interpreter that is as strict as AWS.

The emulator gives null where a path leads nowhere; AWS ends the execution, and no pass is closed.
"""

import json
import unittest

from strict import Broken, Machine, Raised
from translated import DEFINITION, EVENTS

RUN = "20261124T020000Z-1a2b3c4d"
OTHER = "20261124T223140Z-5e6f7a8b"
# A head has these fields always; those of a wait and of starting over are null or absent elsewhere.
HEAD = {"run_id": RUN, "mode": "apply", "wait_seconds": None, "slices_left": None, "counters": None, "report_key": None}
COMPLETE = HEAD | {"status": "complete"}
CLOSING = ["Say why", "Close", "Error name", "Failed"]


def waiting(seconds, run_id=RUN):
    return HEAD | {"status": "continue", "run_id": run_id, "wait_seconds": seconds}


def event(name):
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


class Paths(unittest.TestCase):
    maxDiff = None

    def run_machine(self, *answers, given=None, closed=None):
        """Executes it with a function that answers one after the other; an error is raised."""
        left = list(answers)

        def function(sent):
            answer = closed if "close" in sent else left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        machine = Machine(json.loads(DEFINITION.read_text(encoding="utf-8")), function)
        given = {"trigger": "schedule", "scheduled_time": "2026-11-24T02:00:00Z"} if given is None else given
        end = machine.run(given)
        self.assertEqual(left, [], "answers that nobody asked for")
        return machine, end

    def assert_closed(self, machine, end, error):
        self.assertEqual(end, ("FAILED", error))
        self.assertEqual(machine.entered[-4:], CLOSING)
        self.assertEqual(machine.sent[-1]["close"]["error"], error)

    # Passes that end

    def test_every_end_of_a_pass_ends_the_execution(self):
        for status in ("complete", "partial", "held", "skipped"):
            _, end = self.run_machine(HEAD | {"status": status})
            self.assertEqual(end, ("SUCCEEDED", {"status": status, "run_id": RUN}))

    def test_a_pass_goes_on_until_it_has_ended(self):
        machine, end = self.run_machine(waiting(0), waiting(1), waiting(3600), COMPLETE)
        self.assertEqual(end, ("SUCCEEDED", {"status": "complete", "run_id": RUN}))
        self.assertEqual(machine.waits, [0, 1, 3600])
        self.assertEqual(machine.sent[1:], [{"run_id": RUN, "slice": n} for n in (2, 3, 4)])

    def test_the_pass_that_a_trigger_goes_on_with_is_the_one_that_is_continued(self):
        machine, _ = self.run_machine(waiting(60, OTHER), COMPLETE | {"run_id": OTHER})
        self.assertEqual(machine.sent[1], {"run_id": OTHER, "slice": 2})

    def test_a_void_pass_is_followed_by_one_of_now(self):
        void = HEAD | {"status": "partial", "start_over": True}
        machine, end = self.run_machine(waiting(60), void, waiting(60, OTHER), COMPLETE | {"run_id": OTHER})
        self.assertEqual(end, ("SUCCEEDED", {"status": "complete", "run_id": OTHER}))
        first, _, again, last = machine.sent
        self.assertEqual(again["scheduled_time"], None)
        self.assertGreater(again["time"], first["time"])
        self.assertEqual(again["execution"], first["execution"])
        self.assertEqual(last, {"run_id": OTHER, "slice": 2})

    def test_an_event_of_aws_keeps_its_time_until_it_starts_over(self):
        for name in ("approval", "scheduler-default", "scheduled-rule"):
            given = event(name)
            void = HEAD | {"status": "partial", "start_over": True}
            machine, _ = self.run_machine(void, COMPLETE | {"run_id": OTHER}, given=given)
            first, again = machine.sent
            self.assertEqual(first, given | {"execution": "an-execution"}, name)
            self.assertEqual(again | {"time": None}, first | {"time": None, "scheduled_time": None}, name)
            self.assertTrue(again["time"].startswith("2026-11-24T02:00:"), name)

    def test_what_others_say_of_the_time_counts_for_nothing(self):
        for given in ({"time": "2020-01-01T00:00:00Z"}, {"source": "aws.s3"}):
            machine, _ = self.run_machine(COMPLETE, given=given)
            self.assertTrue(machine.sent[0]["time"].startswith("2026-11-24T02:00:"), given)

    def test_an_approval_that_fails_is_closed_as_what_it_began(self):
        machine, end = self.run_machine(Raised("ConfigInvalid", "x"), given=event("approval"))
        self.assert_closed(machine, end, "ConfigInvalid")
        begun, closing = machine.sent
        self.assertEqual(closing | {"close": None}, begun | {"close": None})

    def test_start_over_may_be_absent_null_or_false(self):
        for word in (None, False):
            _, end = self.run_machine(COMPLETE | {"start_over": word})
            self.assertEqual(end[0], "SUCCEEDED")

    def test_an_input_without_anything_is_one(self):
        machine, _ = self.run_machine(COMPLETE, given={})
        self.assertEqual(set(machine.sent[0]), {"time", "execution"})

    # Answers that it does not understand

    def test_an_answer_that_is_not_understood_closes_the_pass(self):
        without = lambda name: {field: value for field, value in COMPLETE.items() if field != name}
        odd = {
            "a word that nobody knows": HEAD | {"status": "later"},
            "no word": without("status"),
            "a word that is none": HEAD | {"status": None},
            "no pass": without("run_id"),
            "a wait without its time": HEAD | {"status": "continue"},
            "a wait that does not say so": {"status": "continue", "run_id": RUN},
            "a wait of some length": HEAD | {"status": "continue", "wait_seconds": "60"},
            "nothing": None,
            "a text": "complete",
            "a list": [],
        }
        for what, answer in odd.items():
            with self.subTest(what):
                machine, end = self.run_machine(waiting(5), answer)
                self.assert_closed(machine, end, "AnswerUnknown")
                closing = machine.sent[-1]
                self.assertEqual((closing["run_id"], set(closing)), (RUN, {"run_id", "close"}))

    def test_an_answer_that_is_not_understood_at_first_closes_the_pass_that_began(self):
        machine, end = self.run_machine(HEAD | {"status": "later"})
        self.assert_closed(machine, end, "AnswerUnknown")
        begun, closing = machine.sent
        self.assertEqual(closing | {"close": None}, begun | {"close": None})

    # Errors

    def test_an_error_that_stays_closes_the_pass(self):
        machine, end = self.run_machine(Raised("ConfigInvalid", "the configuration cannot be used"))
        self.assert_closed(machine, end, "ConfigInvalid")
        self.assertEqual(machine.sent[-1]["close"]["cause"], "the configuration cannot be used")

    def test_an_error_needs_no_cause(self):
        machine, end = self.run_machine(waiting(5), Raised("NoProgress"))
        self.assert_closed(machine, end, "NoProgress")
        self.assertEqual(machine.sent[-1]["close"], {"error": "NoProgress", "cause": ""})

    def test_what_is_tried_again_is_sent_as_it_was(self):
        for error in ("Lambda.Unknown", "Sandbox.Timedout", "LeaseLost", "AdobeUnavailable"):
            machine, end = self.run_machine(*[Raised(error)] * 5, COMPLETE)
            self.assertEqual(end[0], "SUCCEEDED")
            self.assertEqual(machine.sent, machine.sent[:1] * 6)

    def test_the_count_of_attempts_begins_anew_with_every_slice(self):
        died = [Raised("Runtime.ExitError")] * 5
        _, end = self.run_machine(*died, waiting(5), *died, COMPLETE)
        self.assertEqual(end[0], "SUCCEEDED")

    def test_what_dies_six_times_in_a_row_is_given_up(self):
        machine, end = self.run_machine(*[Raised("Runtime.OutOfMemory")] * 6)
        self.assert_closed(machine, end, "Runtime.OutOfMemory")

    def test_a_close_that_fails_has_failed_with_the_first_error(self):
        for closed in (Raised("Internal", "a mistake"), Raised("Lambda.Unknown"), Raised("LeaseLost")):
            machine, end = self.run_machine(Raised("AdobeRefused"), closed=closed)
            self.assert_closed(machine, end, "AdobeRefused")

    # What it sends

    def test_the_events_are_those_of_the_samples(self):
        machine, _ = self.run_machine(
            waiting(60), HEAD | {"status": "partial", "start_over": True}, waiting(60), Raised("NoProgress", "x")
        )
        first, later, again, _, closing = machine.sent
        shapes = [("engine-schedule", first), ("slice", later), ("start-over", again), ("close", closing)]
        for name, sent in shapes:
            self.assertEqual(set(sent), set(event(name)), name)
        self.assertEqual(set(closing["close"]), set(event("close")["close"]))
        on_demand, _ = self.run_machine(COMPLETE, given=event("on-demand-options"))
        self.assertEqual(set(on_demand.sent[0]), set(event("on-demand-options")) | {"time", "execution"})

    def test_a_slice_makes_as_many_events_as_the_definition_says(self):
        few, _ = self.run_machine(waiting(60), COMPLETE)
        many, _ = self.run_machine(*[waiting(60)] * 11, COMPLETE)
        self.assertEqual(many.events - few.events, 10 * 11)

    # The interpreter itself

    def test_a_path_that_leads_nowhere_ends_everything(self):
        machine = Machine({"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"b.$": "$.c"}, "Next": "A"}}}, None)
        self.assertRaises(Broken, machine.run, {})


if __name__ == "__main__":
    unittest.main()
