"""infra/template.yaml as AWS would see it: translated offline, its conditions decided for one choice of parameters."""

import logging
import os
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
# The translator complains of metrics that it does not send.
logging.getLogger("samtranslator").setLevel(logging.ERROR)

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

INFRA = Path(__file__).parents[2] / "infra"
DEFINITION = INFRA / "statemachine.asl.json"
EVENTS = INFRA.parent / "events"


class NoManagedPolicies:
    """The template names no managed policy; a name that needs a look-up is a mistake."""

    def load(self):
        return {}


def source():
    """The template as it is written."""
    return yaml_parse((INFRA / "template.yaml").read_text(encoding="utf-8"))


def translated(packages="s3://packages", **chosen):
    """The template that CloudFormation gets, with these parameters. Its code lies in the folder that `packages` names."""
    packaged = source()
    # The translator takes files only from where `sam package` puts them.
    packaged["Resources"]["Function"]["Properties"]["CodeUri"] = f"{packages}/roster-sync.zip"
    packaged["Resources"]["StateMachine"]["Properties"]["DefinitionUri"] = f"{packages}/{DEFINITION.name}"
    template = transform(packaged, {}, NoManagedPolicies())
    values = {name: p["Default"] for name, p in template["Parameters"].items() if "Default" in p} | chosen
    return decided(template, values)


def decided(template, parameters):
    """The same without conditions: what does not hold is left out."""
    holds = {name: equal(c["Fn::Equals"], parameters) for name, c in template.pop("Conditions").items()}
    for section in ("Resources", "Outputs"):
        template[section] = {
            name: {key: choose(value, holds) for key, value in entry.items() if key != "Condition"}
            for name, entry in template[section].items()
            if "Condition" not in entry or holds[entry["Condition"]]
        }
    return template


def equal(sides, parameters):
    left, right = (parameters[side["Ref"]] if isinstance(side, dict) else side for side in sides)
    return left == right


def choose(value, holds):
    """A value in which every Fn::If is decided."""
    if isinstance(value, list):
        return [choose(item, holds) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::If"}:
        condition, yes, no = value["Fn::If"]
        return choose(yes if holds[condition] else no, holds)
    return {key: choose(child, holds) for key, child in value.items()}


def rust(path):
    """The text of a file of the program."""
    return (INFRA.parent / "src" / path).read_text(encoding="utf-8")


def as_list(value):
    return value if isinstance(value, list) else [value]


def texts(value):
    """Every string below a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts(child)
