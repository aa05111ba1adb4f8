"""The template deployed and its state machine executed: the real binary, permissions that are checked, real time.

Only the pauses between two attempts are shorter than in the definition; the limit of an invocation is a parameter of
each test. What a test waits for comes however busy the machine is; a wait of Adobe is as long as an invocation may be, so
that none sleeps through it.
"""

import json
import unittest
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from emulator import Emulator
from school import SCHEDULED, School, ago, publish, scheduled, wait_for
from together import Together

# How many action requests a pass over the sandbox's data takes; the faults below come before the last of them.
BATCHES = 13
# Seconds that an invocation may take where something has to outlast it. What a slice does until then takes two.
SHORT = 25


@contextmanager
def emulated():
    """What all of them share."""
    global emulator
    emulator = Emulator()
    try:
        publish(emulator)
        yield
    finally:
        emulator.stop()


def load_tests(loader, _standard, _pattern):
    """The longest begin first."""
    ways = (Slowly, Machine, Directly)
    tests = [test for way in ways for test in loader.loadTestsFromTestCase(way)]
    return Together(tests, during=emulated)


def throttled(after, seconds):
    return {"after": after, "times": 1, "reply": {"status": 429, "retry_after": seconds}}


class Passes(unittest.TestCase):
    """What the tests of all classes below ask of an execution."""

    maxDiff = None

    def school(self, name, **settings):
        school = School(emulator, name, **settings)
        self.addCleanup(school.close)
        return school

    def wait_for_waiting(self, execution):
        """Returns the id of the pass as soon as the machine waits for the first time."""
        wait_for(lambda: execution.entered()[-1:] == ["Wait"], "the machine waits", execution.told)
        return execution.heads()[-1]["run_id"]

    def assert_complete(self, execution):
        """Its output."""
        status, output = execution.end()
        self.assertEqual(status, "SUCCEEDED", f"{output}\n{execution.told()}")
        self.assertEqual(output["status"], "complete")
        return output

    def assert_in_step(self, school):
        self.assertTrue(school.state()["in_step"], "Adobe is as the roster wants it")

    def assert_closed(self, school, execution, error, named=None, recorded=None):
        """The summary names the error; the machine keeps its name alone. Returns the summary for people."""
        self.assertEqual(execution.entered()[-4:], ["Say why", "Close", "Error name", "Failed"])
        (closing,) = execution.inputs("Close")
        self.assertEqual(closing["pass"], named or execution.inputs("Slice")[0]["event"])
        self.assertEqual(closing["why"]["close"]["error"], error)
        self.assertEqual(execution.inputs("Failed"), [{"error": error}])
        summary = school.json("latest/summary.json")
        self.assertEqual((summary["status"], summary["error"]["name"]), ("failed", recorded or error))
        text = school.text("latest/summary.txt")
        self.assertIn(summary["error"]["name"], text)
        # What happened, and what to do about it.
        self.assertIn(summary["error"]["message"].split("\n")[0], text)
        self.assertIn(summary["error"]["next_step"], text)
        return text


class Machine(Passes):
    """Executions that end by themselves within seconds."""

    # Passes that are done

    def test_a_pass_of_one_slice_is_complete(self):
        school = self.school("complete")
        execution = school.start()
        output = self.assert_complete(execution)
        self.assertEqual(set(output), {"status", "run_id"})
        self.assertEqual(
            execution.entered(), ["Begin", "Time and name", "First event", "Slice", "Answered", "Outcome", "Done"]
        )
        (sent,) = execution.inputs("Slice")
        named = {"time": None, "execution": execution.name()}
        self.assertEqual(sent["event"] | {"time": None}, SCHEDULED | named)
        self.assertEqual(school.summary(output["run_id"])["status"], "complete")
        self.assert_in_step(school)
        # The schedule's event once more, an hour late, say.
        before = school.state()
        self.assertEqual(self.assert_complete(school.start()), output)
        self.assertEqual(school.state(), before)

    def test_a_pass_that_holds_something_has_ended(self):
        school = self.school("held")
        school.configure("user-sync-config.yml", "courses::Studio Art::students", "courses::Sculpture::students")
        status, output = school.start().end()
        self.assertEqual((status, output["status"]), ("SUCCEEDED", "held"))

    def test_the_schedule_starts_the_machine(self):
        school = self.school("scheduled")
        scheduler = emulator.client("scheduler")
        schedule = scheduler.get_schedule(Name="scheduled")
        # Once, in a moment, instead of every night; the emulator does not put in the time, as Scheduler does.
        due = datetime.now(timezone.utc) + timedelta(seconds=2)
        target = schedule["Target"]
        target["Input"] = target["Input"].replace("<aws.scheduler.scheduled-time>", f"{due:%Y-%m-%dT%H:%M:%SZ}")
        scheduler.update_schedule(
            Name="scheduled",
            ScheduleExpression=f"at({due:%Y-%m-%dT%H:%M:%S})",
            State="ENABLED",
            FlexibleTimeWindow=schedule["FlexibleTimeWindow"],
            Target=target,
        )
        wait_for(school.executions, "the schedule has started an execution")
        (execution,) = school.executions()
        self.assert_complete(execution)
        (sent,) = execution.inputs("Slice")
        asked = {"trigger": "schedule", "scheduled_time": f"{due:%Y-%m-%dT%H:%M:%SZ}"}
        self.assertLessEqual(asked.items(), sent["event"].items())

    def test_an_approval_in_the_bucket_starts_the_machine(self):
        school = self.school("approved")
        # Neither of these is one: had they started something, there would be more than one execution.
        school.put("approvals/", b"")
        school.put("latest/approvals/nobody.json", b"{}")
        school.approve("tuesday")
        wait_for(school.executions, "the approval has started an execution")
        (execution,) = school.executions()
        output = self.assert_complete(execution)
        (sent,) = execution.inputs("Slice")
        told = execution.input()
        self.assertEqual(told["detail"]["object"]["key"], "approvals/tuesday.json")
        self.assertEqual(sent["event"], told | {"execution": execution.name()})
        self.assertEqual(school.summary(output["run_id"])["trigger"], "approval")
        self.assert_in_step(school)
        # EventBridge delivers it once more.
        before = school.state()
        self.assertEqual(self.assert_complete(school.start(told)), output)
        self.assertEqual(school.state(), before)

    # Passes that fail

    def test_an_error_that_stays_is_not_tried_again(self):
        school = self.school("refused")
        school.configure("connector-oneroster.yml", "platform: clever", "platform: clevr")
        execution = school.start()
        self.assertEqual(execution.end(), ("FAILED", "ConfigInvalid"))
        self.assertEqual(execution.errors(), ["ConfigInvalid"])
        text = self.assert_closed(school, execution, "ConfigInvalid")
        self.assertIn("did you mean 'clever'?", text)

    def test_an_input_that_is_no_event_starts_no_pass(self):
        school = self.school("mistyped")
        execution = school.start({"mode": "aply"})
        self.assertEqual(execution.end(), ("FAILED", "EventInvalid"))
        self.assertEqual(execution.errors(), ["EventInvalid", "EventInvalid"])
        self.assertEqual(school.keys("runs/") + school.keys("state/"), [])

    def test_an_answer_that_nobody_knows_leaves_no_pass_open(self):
        school = self.school("odd", code="odd.zip")
        execution = school.start()
        self.assertEqual(execution.end(), ("FAILED", "AnswerUnknown"))
        text = self.assert_closed(school, execution, "AnswerUnknown", recorded="PassAbandoned")
        self.assertIn("deploy both from one template", text)
        # What the next schedule starts is a pass like any other.
        self.assert_complete(school.start(scheduled(hours=3)))
        self.assert_in_step(school)

    def test_five_kills_without_progress_end_the_pass(self):
        school = self.school("hopeless")
        school.order("roster", {"after": 0, "times": 1_000_000, "hang": 600})
        execution = school.start()
        for number in range(1, 6):
            wait_for(lambda: school.slice(number), f"slice {number} reads the roster", execution.told)
            # As if its time were over: the next attempt need not wait for it.
            school.change("state/lease.json", busy_until=ago(seconds=1))
            self.assertEqual(school.kill_function(), 1)
        self.assertEqual(execution.end(), ("FAILED", "NoProgress"))
        self.assertEqual(execution.errors(), ["Runtime.ExitError"] * 5 + ["NoProgress"])
        text = self.assert_closed(school, execution, "NoProgress")
        self.assertIn("MemorySize", text)
        self.assertEqual(school.state()["asked"], 0)


class Slowly(Passes):
    """Executions that wait, for Adobe or for each other."""

    def test_an_error_that_may_pass_is_tried_again_and_then_closed(self):
        school = self.school("failing")
        school.order("roster", {"after": 0, "times": 1_000_000, "reply": {"status": 503}})
        execution = school.start()
        self.assertEqual(execution.end(), ("FAILED", "RosterUnavailable"))
        self.assertEqual(execution.errors(), ["RosterUnavailable"] * 6)
        self.assert_closed(school, execution, "RosterUnavailable")

    def test_a_long_wait_is_the_machines(self):
        # An invocation would have the time to sleep through it.
        school = self.school("throttled", time_limit=300)
        school.order("action", throttled(3, 62))
        execution = school.start()
        self.assert_complete(execution)
        first, last = execution.heads()
        self.assertEqual((first["status"], last["status"]), ("continue", "complete"))
        self.assertTrue(55 <= first["wait_seconds"] <= 62, first["wait_seconds"])
        (entered,) = execution.events("WaitStateEntered")
        (left,) = execution.events("WaitStateExited")
        self.assertGreaterEqual(left["timestamp"] - entered["timestamp"], timedelta(seconds=55))
        self.assert_in_step(school)

    def test_a_pass_goes_on_slice_by_slice_and_reads_nothing_again(self):
        school = self.school("several", time_limit=SHORT)
        school.order("action", throttled(3, SHORT), throttled(3, SHORT))
        execution = school.start()
        output = self.assert_complete(execution)
        self.assertEqual([head["status"] for head in execution.heads()], ["continue", "continue", "complete"])
        run_id = output["run_id"]
        self.assertEqual({head["run_id"] for head in execution.heads()}, {run_id})
        later = execution.inputs("Slice")[1:]
        self.assertEqual(
            later,
            [{"event": {"run_id": run_id, "slice": n}, "pass": {"run_id": run_id}, "slice": n} for n in (2, 3)],
        )
        self.assert_in_step(school)
        state = school.state()
        self.assertEqual((state["pages"], state["actions"]), (1, BATCHES))

    def test_a_slice_that_is_killed_is_sent_again(self):
        school = self.school("killed", time_limit=SHORT)
        school.order("action", {"after": 4, "times": 1, "hang": 600})
        execution = school.start()
        wait_for(lambda: school.state()["asked"] == 5, "Adobe holds a request", execution.told)
        self.assertEqual(school.kill_function(), 1)
        output = self.assert_complete(execution)
        self.assertEqual(execution.errors(), ["Runtime.ExitError"])
        self.assertEqual({head["run_id"] for head in execution.heads()}, {output["run_id"]})
        self.assert_in_step(school)
        # Four went through before, and what hung was not carried out; what no journal tells is sent once more.
        state = school.state()
        self.assertEqual(state["pages"], 1)
        self.assertTrue(1 + BATCHES <= state["asked"] <= 5 + BATCHES, state)

    def test_a_pass_that_fails_in_a_later_slice_is_closed_by_its_id(self):
        school = self.school("later", time_limit=SHORT)
        school.order("action", throttled(3, SHORT), {"after": 0, "times": 1_000, "reply": {"status": 403}})
        execution = school.start()
        run_id = self.wait_for_waiting(execution)
        self.assertEqual(execution.end(), ("FAILED", "AdobeRefused"))
        self.assertEqual(execution.errors(), ["AdobeRefused"])
        self.assert_closed(school, execution, "AdobeRefused", {"run_id": run_id})

    # Plans that are void

    def test_a_plan_that_is_too_old_is_closed_and_the_pass_starts_over(self):
        school = self.school("expired", time_limit=SHORT)
        school.order("action", throttled(3, SHORT))
        execution = school.start()
        first = self.wait_for_waiting(execution)
        school.age(first, hours=21)
        self.assert_started_over(school, execution, first, "plan-expired")

    def test_a_plan_of_another_configuration_is_closed_and_the_pass_starts_over(self):
        school = self.school("changed", time_limit=SHORT)
        school.order("action", throttled(3, SHORT))
        execution = school.start()
        first = self.wait_for_waiting(execution)
        school.configure("user-sync-config.yml", "max_adobe_only_users: 200", "max_adobe_only_users: 201")
        self.assert_started_over(school, execution, first, "configuration-changed")

    def assert_started_over(self, school, execution, first, finding):
        output = self.assert_complete(execution)
        self.assertNotEqual(output["run_id"], first)
        self.assertEqual(execution.entered().count("Start over"), 1)
        waited, closed, *_ = execution.heads()
        self.assertEqual((waited["status"], closed["status"], closed["start_over"]), ("continue", "partial", True))
        summary = school.summary(first)
        self.assertEqual(summary["status"], "partial")
        self.assertIn(finding, [found["name"] for found in summary["findings"]])
        begun, again = execution.inputs("Slice")[0], execution.inputs("Slice")[2]
        self.assertEqual(again["event"]["scheduled_time"], None)
        self.assertGreater(again["event"]["time"], begun["event"]["time"])
        self.assertEqual(again["slice"], 1)
        self.assert_in_step(school)

    # Another version deployed in mid-pass

    def test_a_pass_of_another_version_fails_and_the_next_schedule_is_not_kept_by_it(self):
        school = self.school("redeployed", time_limit=SHORT)
        school.order("action", throttled(3, SHORT))
        execution = school.start()
        first = self.wait_for_waiting(execution)
        school.change(f"runs/{first}/run.json", schema=1_000)
        self.assertEqual(execution.end(), ("FAILED", "Internal"))
        # Nor can this version close it.
        self.assertEqual(execution.errors(), ["Internal", "Internal"])
        self.assertEqual(school.state()["actions"], 3)
        school.change("state/lease.json", resume_at=ago(minutes=16))
        output = self.assert_complete(school.start(scheduled(hours=3)))
        self.assertNotEqual(output["run_id"], first)
        self.assert_in_step(school)

    # Two at once

    def test_a_second_execution_steps_aside(self):
        school = self.school("skipped", time_limit=SHORT)
        school.order("action", throttled(3, SHORT))
        execution = school.start()
        first = self.wait_for_waiting(execution)
        second = school.start({"adobe_only_user_action": "preserve"})
        self.assertEqual(second.end(), ("SUCCEEDED", {"status": "skipped", "run_id": first}))
        self.assertEqual(self.assert_complete(execution)["run_id"], first)
        self.assertEqual(school.state()["pages"], 1)
        self.assert_in_step(school)

    def test_of_two_executions_at_once_one_steps_aside(self):
        school = self.school("atonce", time_limit=SHORT)
        school.order("action", throttled(3, SHORT))
        executions = [school.start(), school.start({"adobe_only_user_action": "preserve"})]
        ends = [execution.end() for execution in executions]
        self.assertEqual([status for status, _ in ends], ["SUCCEEDED", "SUCCEEDED"], ends)
        (won,) = [output for _, output in ends if output["status"] == "complete"]
        (aside,) = [output for _, output in ends if output["status"] == "skipped"]
        self.assertEqual(aside["run_id"], won["run_id"])
        self.assertEqual(school.state()["pages"], 1)
        self.assert_in_step(school)

    def test_a_schedule_that_is_delivered_twice_is_one_pass(self):
        school = self.school("twice", time_limit=SHORT)
        school.order("action", throttled(3, SHORT), throttled(3, SHORT))
        executions = [school.start(), school.start()]
        first, second = [self.assert_complete(execution) for execution in executions]
        self.assertEqual(first, second)
        self.assertEqual(school.passes(), {first["run_id"]})
        # Whichever went on with it each time: nothing was read or sent again.
        state = school.state()
        self.assertEqual((state["pages"], state["actions"], state["asked"]), (1, BATCHES, BATCHES + 2))
        self.assertEqual(school.summary(first["run_id"])["slice"], 3)
        self.assert_in_step(school)


class Directly(Passes):
    """Without a state machine."""

    def test_an_approval_in_the_bucket_invokes_the_function(self):
        school = self.school("directly", engine="Direct")
        school.approve("tuesday")
        wait_for(lambda: "latest/summary.json" in school.keys("latest/"), "the approval has started a pass")
        summary = school.json("latest/summary.json")
        self.assertEqual((summary["status"], summary["trigger"]), ("complete", "approval"))
        self.assert_in_step(school)

    def invoke(self, event):
        reply = emulator.client("lambda").invoke(FunctionName="direct", Payload=json.dumps(event))
        return json.loads(reply["Payload"].read())

    def test_the_next_event_goes_on_with_a_pass_that_waits(self):
        school = self.school("direct", engine="Direct", time_limit=SHORT)
        self.assertNotIn("StateMachineArn", school.outputs)
        school.order("action", throttled(3, SHORT))
        first = self.invoke(SCHEDULED)
        self.assertEqual(first["status"], "continue", first)
        later = scheduled(hours=2)
        early = self.invoke(later)
        self.assertEqual((early["status"], early["run_id"]), ("skipped", first["run_id"]))
        # As if its time had come a while ago.
        school.change("state/lease.json", resume_at=ago(minutes=16))
        last = self.invoke(later)
        self.assertEqual((last["status"], last["run_id"]), ("complete", first["run_id"]))
        state = school.state()
        self.assertEqual((state["pages"], state["actions"]), (1, BATCHES))
        self.assert_in_step(school)


if __name__ == "__main__":
    unittest.main()
