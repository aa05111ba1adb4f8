"""A small interpreter of Amazon States Language, as strict as AWS: a path that leads nowhere, a wait that is no number or a
word in the wrong place ends the execution in a way that nothing catches. It knows what infra/statemachine.asl.json uses.
"""

import json
import re

# A Choice, a Pass and a Wait state write two events into the history; a Task state two and three for each attempt.
ENTERED_AND_LEFT = 2
AN_ATTEMPT = 3


class Broken(Exception):
    """The execution would end with States.Runtime, which no state can catch."""


class Raised(Exception):
    """A task failed. Not every error comes with a cause."""

    def __init__(self, error, cause=None):
        super().__init__(error)
        self.output = {"Error": error} if cause is None else {"Error": error, "Cause": cause}


class Machine:
    """Executes a definition; `function` takes what a task sends and returns a payload or raises `Raised`."""

    def __init__(self, definition, function):
        self.definition, self.function = definition, function
        self.entered, self.sent, self.waits = [], [], []
        self.events = 2

    def run(self, given, limit=200):
        """How it ended: `("SUCCEEDED", output)` or `("FAILED", error)`."""
        execution = {"Input": given, "Name": "an-execution"}
        state, value = self.definition["StartAt"], given
        for number in range(limit):
            self.entered.append(state)
            self.context = {"Execution": execution, "State": {"EnteredTime": f"2026-11-24T02:00:{number:02}.123Z"}}
            described = self.definition["States"][state]
            kind = described["Type"]
            if kind == "Succeed":
                return "SUCCEEDED", value
            if kind == "Fail":
                return "FAILED", self.text(self.at(described["ErrorPath"], value))
            self.events += ENTERED_AND_LEFT
            state, value = getattr(self, f"do_{kind.lower()}")(described, json.loads(json.dumps(value)))
        raise Broken(f"no end after {limit} states")

    # States

    def do_pass(self, state, value):
        return state["Next"], self.built(state["Parameters"], value)

    def do_wait(self, state, value):
        seconds = self.at(state["SecondsPath"], value)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= 99_999_999:
            raise Broken(f"{seconds!r} is no time to wait")
        self.waits.append(seconds)
        return state["Next"], value

    def do_choice(self, state, value):
        for rule in state["Choices"]:
            if self.holds(rule, value):
                return rule["Next"], value
        if "Default" not in state:
            raise Broken("States.NoChoiceMatched")
        return state["Default"], value

    def do_task(self, state, value):
        tried = [0] * len(state["Retry"])
        while True:
            self.events += AN_ATTEMPT
            try:
                sent = self.built(state["Parameters"], value)["Payload"]
                self.sent.append(sent)
                result = {"Payload": self.function(sent), "StatusCode": 200}
                if "ResultSelector" in state:
                    result = self.built(state["ResultSelector"], result)
                return state["Next"], put(state["ResultPath"], value, result)
            except Raised as raised:
                error = raised.output["Error"]
                number = next((n for n, retry in enumerate(state["Retry"]) if catches(retry, error)), None)
                if number is not None and tried[number] < state["Retry"][number]["MaxAttempts"]:
                    tried[number] += 1
                    continue
                for catch in state["Catch"]:
                    if catches(catch, error):
                        return catch["Next"], put(catch["ResultPath"], value, raised.output)
                raise Broken(f"{error} is not caught") from raised

    # Choices

    def holds(self, rule, value):
        if "And" in rule:
            return all(self.holds(part, value) for part in rule["And"])
        if "Or" in rule:
            return any(self.holds(part, value) for part in rule["Or"])
        (operator,) = set(rule) - {"Variable", "Next"}
        wanted = rule[operator]
        try:
            found = self.at(rule["Variable"], value)
        except Broken:
            if operator == "IsPresent":
                return not wanted
            raise
        match operator:
            case "IsPresent":
                return wanted
            case "IsNumeric":
                return (isinstance(found, int | float) and not isinstance(found, bool)) == wanted
            case "StringEquals" | "BooleanEquals":
                return type(found) is type(wanted) and found == wanted
        raise Broken(f"{operator} is not known here")

    # Values

    def built(self, template, value):
        """A payload template filled in."""
        if isinstance(template, list):
            return [self.built(item, value) for item in template]
        if not isinstance(template, dict):
            return template
        filled = {}
        for name, content in template.items():
            if name.endswith(".$"):
                filled[name[:-2]] = self.evaluated(content, value)
            else:
                filled[name] = self.built(content, value)
        return filled

    def evaluated(self, text, value):
        if not text.startswith("States."):
            return self.at(text, value)
        name, inside = re.fullmatch(r"States\.(\w+)\((.*)\)", text, re.DOTALL).groups()
        given = [self.argument(argument, value) for argument in arguments(inside)]
        match name:
            case "JsonMerge":
                left, right, deep = given
                if deep or not (isinstance(left, dict) and isinstance(right, dict)):
                    raise Broken(f"{text} does not merge two objects")
                return left | right
            case "MathAdd":
                if any(isinstance(n, bool) or not isinstance(n, int) for n in given):
                    raise Broken(f"{text} does not add two numbers")
                return sum(given)
            case "Format":
                (template,) = given
                if re.search(r"(?<!\\)[{}]", template):
                    raise Broken(f"{text} has a place to fill in, or a lonely brace")
                return re.sub(r"\\(.)", r"\1", template)
            case "StringToJson":
                return json.loads(given[0])
        raise Broken(f"States.{name} is not known here")

    def argument(self, text, value):
        if text.startswith("'"):
            return text[1:-1]
        if text.startswith(("$", "States.")):
            return self.evaluated(text, value)
        return json.loads(text)

    def at(self, path, value):
        if path.startswith("$$"):
            path, value = path[1:], self.context
        for name in path.removeprefix("$").split(".")[1:]:
            if not isinstance(value, dict) or name not in value:
                raise Broken(f"{path} leads nowhere")
            value = value[name]
        return value

    @staticmethod
    def text(value):
        if not isinstance(value, str):
            raise Broken(f"{value!r} is no text")
        return value


def catches(rule, error):
    return error in rule["ErrorEquals"] or "States.ALL" in rule["ErrorEquals"]


def put(path, value, result):
    """A value with the result at that path; without a path the value as it is."""
    if path is None:
        return value
    return value | {re.fullmatch(r"\$\.(\w+)", path)[1]: result}


def arguments(text):
    """The arguments of an intrinsic function: commas inside quotes and brackets separate nothing."""
    found, depth, quoted, begin = [], 0, False, 0
    for position, character in enumerate(text):
        quoted ^= character == "'"
        if not quoted:
            depth += (character == "(") - (character == ")")
            if character == "," and depth == 0:
                found.append(text[begin:position].strip())
                begin = position + 1
    return [*found, text[begin:].strip()] if text.strip() else []
