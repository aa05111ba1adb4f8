"""A school that has deployed the template: its stack on the emulator, its roster and its Adobe from the sandbox."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from emulator import TARGET
from translated import DEFINITION, translated

PACKAGES = "packages"
# Seconds after which something will not be so any more, however busy this machine is.
PATIENCE = 300
# A function that answers its first event as no version of this program does; after that it is the real one.
OF_ANOTHER_VERSION = """#!{python}
import os, urllib.request
invocations = f"http://{{os.environ['AWS_LAMBDA_RUNTIME_API']}}/2018-06-01/runtime/invocation"
with urllib.request.urlopen(f"{{invocations}}/next") as event:
    request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
answer = b'{{"status": "later", "run_id": "20261124T020000Z-1a2b3c4d"}}'
urllib.request.urlopen(f"{{invocations}}/{{request_id}}/response", data=answer).close()
real = os.path.join(os.path.dirname(os.path.abspath(__file__)), "roster-sync")
os.execv(real, [real])
"""
ENDED = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}


def scheduled(hours=0):
    """What the schedule sends, due so many hours after this minute: a pass takes no time that is a day away."""
    return {"trigger": "schedule", "scheduled_time": f"{BEGUN + timedelta(hours=hours):%Y-%m-%dT%H:%M:00Z}"}


BEGUN = datetime.now(timezone.utc)
SCHEDULED = scheduled()


def publish(emulator):
    """Puts the function's code where stacks take it from."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=PACKAGES)
    real = (TARGET / "roster-sync").read_bytes()
    odd = OF_ANOTHER_VERSION.format(python=sys.executable).encode()
    s3.put_object(Bucket=PACKAGES, Key="roster-sync.zip", Body=zipped({"bootstrap": real}))
    s3.put_object(Bucket=PACKAGES, Key="odd.zip", Body=zipped({"bootstrap": odd, "roster-sync": real}))


def zipped(programs):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w", zipfile.ZIP_STORED) as archive:
        for name, content in programs.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, content)
    return code.getvalue()


def hurried(definition):
    """The definition with a second between two attempts; nothing else is another."""
    for state in definition["States"].values():
        for retry in state.get("Retry", []):
            retry |= {"IntervalSeconds": 1, "BackoffRate": 1}
    return definition


class School:
    """One stack with everything around it."""

    def __init__(self, emulator, name, engine="StepFunctions", time_limit=120, code="roster-sync.zip"):
        self.emulator, self.name = emulator, name
        self.folder = emulator.folder / name
        self.folder.mkdir()
        self.sandbox = subprocess.Popen(
            [TARGET / "examples" / "sandbox", "--serve", self.folder], stdin=subprocess.PIPE
        )
        try:
            self.world = self.read_world()
            self.outputs = self.deploy(engine, time_limit, code)
            self.bucket = self.outputs["BucketName"]
            self.fill()
        except Exception:
            self.close()
            raise

    def read_world(self):
        path = self.folder / "world.json"
        wait_for(path.exists, "the sandbox serves")
        return json.loads(path.read_text())

    def deploy(self, engine, time_limit, code):
        definition = hurried(json.loads(DEFINITION.read_text(encoding="utf-8")))
        packages = f"{PACKAGES}/{self.name}"
        s3 = self.emulator.client("s3")
        s3.put_object(Bucket=PACKAGES, Key=f"{self.name}/{DEFINITION.name}", Body=json.dumps(definition))
        template = translated(f"s3://{packages}", Engine=engine)
        # The emulator speaks plain HTTP, which this policy denies.
        del template["Resources"]["BucketPolicy"]
        function = template["Resources"]["Function"]["Properties"]
        function["Code"] = {"S3Bucket": PACKAGES, "S3Key": code}
        function["Architectures"] = ["x86_64"]
        function["Timeout"] = time_limit
        cloudformation = self.emulator.client("cloudformation")
        cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": "SecretsPrefix", "ParameterValue": self.name}],
            Capabilities=["CAPABILITY_IAM"],
        )
        (stack,) = wait_for(
            lambda: [s for s in cloudformation.describe_stacks(StackName=self.name)["Stacks"] if deployed(s)],
            "the stack is deployed",
        )
        if stack["StackStatus"] != "CREATE_COMPLETE":
            events = cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
            reasons = [f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}" for e in events]
            raise RuntimeError("\n".join([stack["StackStatus"], *reasons]))
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def fill(self):
        """What README asks an administrator to do."""
        secrets = json.loads((self.folder / "secrets.json").read_text())
        manager = self.emulator.client("secretsmanager")
        for name, value in secrets.items():
            manager.put_secret_value(SecretId=f"{self.name}/{name.split('/')[1]}", SecretString=value)
        for path in (self.folder / "config").iterdir():
            self.put(f"config/{path.name}", path.read_bytes())

    def configure(self, name, old, new):
        """Changes a configuration file."""
        text = (self.folder / "config" / name).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{name} has no {old!r}")
        self.put(f"config/{name}", text.replace(old, new).encode())

    # The bucket

    def put(self, key, body):
        self.emulator.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def text(self, key):
        return self.emulator.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()

    def json(self, key):
        return json.loads(self.text(key))

    def keys(self, prefix=""):
        listed = self.emulator.client("s3").list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def summary(self, run_id):
        return self.json(f"runs/{run_id}/summary.json")

    def age(self, run_id, hours):
        """Makes the roster of a pass that much older than it is."""
        key = f"runs/{run_id}/run.json"
        read = datetime.fromisoformat(self.json(key)["read_at"])
        self.change(key, read_at=written(read - timedelta(hours=hours)))

    def change(self, key, **fields):
        """Other fields in a JSON object of the bucket."""
        self.put(key, json.dumps(self.json(key) | fields).encode())

    def passes(self):
        """The ids of all passes."""
        return {key.split("/")[1] for key in self.keys("runs/")}

    def slice(self, number):
        """The id of the pass that is in its slice of that number now, if one is."""
        for run_id in self.passes():
            if f"runs/{run_id}/run.json" in self.keys(f"runs/{run_id}/"):
                record = self.json(f"runs/{run_id}/run.json")
                if (record["slice"], record["status"]) == (number, "running"):
                    return run_id
        return None

    def approve(self, name):
        """An approval of a hold that is not there: what it starts is a pass like any other."""
        approval = {"run_id": "20261124T020000Z-1a2b3c4d", "hash": "0" * 64}
        self.put(f"approvals/{name}.json", json.dumps(approval).encode())

    # Adobe and the roster

    def order(self, where, *faults):
        """Faults from now on, for `action` or `roster`."""
        body = json.dumps(faults).encode()
        request = urllib.request.Request(f"{self.world['control']}/{where}", data=body, method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def state(self):
        with urllib.request.urlopen(self.world["control"], timeout=10) as reply:
            return json.load(reply)

    # Executions

    def start(self, event=SCHEDULED):
        machine = self.emulator.client("stepfunctions")
        arn = self.outputs["StateMachineArn"]
        return Execution(machine, machine.start_execution(stateMachineArn=arn, input=json.dumps(event))["executionArn"])

    def executions(self):
        """Every execution so far."""
        machine = self.emulator.client("stepfunctions")
        listed = machine.list_executions(stateMachineArn=self.outputs["StateMachineArn"])["executions"]
        return [Execution(machine, execution["executionArn"]) for execution in listed]

    def kill_function(self):
        """SIGKILL for the process of the function. Returns how many there were."""
        killed = 0
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and self.runs(process):
                os.kill(int(process.name), signal.SIGKILL)
                killed += 1
        return killed

    def runs(self, process):
        """Whether this is the function of this stack, started by this emulator."""
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            return False
        wanted = {
            f"AWS_LAMBDA_FUNCTION_NAME={self.name}".encode(),
            f"AWS_ENDPOINT_URL={self.emulator.url}".encode(),
        }
        return wanted <= set(environment)

    def close(self):
        self.sandbox.stdin.close()
        try:
            self.sandbox.wait(10)
        except subprocess.TimeoutExpired:
            self.sandbox.kill()
            self.sandbox.wait()


class Execution:
    """A pass, as Step Functions sees it."""

    def __init__(self, machine, arn):
        self.machine, self.arn = machine, arn

    def described(self):
        return self.machine.describe_execution(executionArn=self.arn)

    def name(self):
        return self.arn.rsplit(":", 1)[1]

    def input(self):
        return json.loads(self.described()["input"])

    def end(self):
        """How it ended: `(status, output or error)`."""
        wait_for(lambda: self.described()["status"] in ENDED, "the execution ends", self.told)
        described = self.described()
        if described["status"] == "SUCCEEDED":
            return "SUCCEEDED", json.loads(described["output"])
        return described["status"], described.get("error")

    def events(self, *kinds):
        pages = self.machine.get_paginator("get_execution_history").paginate(executionArn=self.arn)
        events = [event for page in pages for event in page["events"]]
        return [event for event in events if not kinds or event["type"] in kinds]

    def entered(self):
        """The names of the states that were entered, in order."""
        events = [e for e in self.events() if e["type"].endswith("StateEntered")]
        return [event["stateEnteredEventDetails"]["name"] for event in events]

    def inputs(self, state):
        """What that state was entered with, each time."""
        details = [e["stateEnteredEventDetails"] for e in self.events() if e["type"].endswith("StateEntered")]
        return [json.loads(detail["input"]) for detail in details if detail["name"] == state]

    def heads(self):
        """What the function answered, in order."""
        return [entered["answer"]["head"] for entered in self.inputs("Answered")]

    def errors(self):
        """The names of the errors of its tasks, in order."""
        return [event["taskFailedEventDetails"]["error"] for event in self.events("TaskFailed")]

    def told(self):
        """Its history in short."""
        return "\n".join(f"{e['type']} {json.dumps(e, default=str)[:600]}" for e in self.events()[-12:])


def deployed(stack):
    return not stack["StackStatus"].endswith("_IN_PROGRESS")


def ago(**time):
    """A time in the past, as the function writes it."""
    return written(datetime.now(timezone.utc) - timedelta(**time))


def written(time):
    return time.isoformat().replace("+00:00", "Z")


def wait_for(condition, what, told=str):
    """The condition's value as soon as it is true; if it never is, what is told then."""
    until = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"after {PATIENCE} s it is not yet so that {what}\n{told()}")
        time.sleep(0.2)
