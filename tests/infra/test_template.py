"""What the linters do not see in infra/template.yaml: who may do what, and what is kept.

The template is translated offline as AWS would translate it; the assertions are about the resources that come out.
"""

import json
import os
import re
import unittest
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
PREFIXES = {"config/*", "runs/*", "latest/*", "state/*"}
WRITTEN = {"runs/*", "latest/*", "state/*"}


class NoManagedPolicies:
    """The template names no managed policy; a name that needs a look-up is a mistake."""

    def load(self):
        return {}


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


class Template(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.source = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
        packaged = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
        # The translator takes code only from where `sam package` puts it.
        packaged["Resources"]["Function"]["Properties"]["CodeUri"] = "s3://packages/roster-sync.zip"
        cls.resources = transform(packaged, {}, NoManagedPolicies())["Resources"]

    def of_type(self, kind):
        return [r for r in self.resources.values() if r["Type"] == kind]

    def one(self, kind):
        found = self.of_type(kind)
        self.assertEqual(len(found), 1, kind)
        return found[0]

    def role_of(self, service):
        for role in self.of_type("AWS::IAM::Role"):
            trusted = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            if any(service in texts(statement["Principal"]) for statement in trusted):
                return role["Properties"]
        self.fail(f"no role for {service}")

    def statements(self, role):
        return [s for policy in role["Policies"] for s in policy["PolicyDocument"]["Statement"]]

    def granted(self):
        """What the function's role allows: action -> the statements that do."""
        by_action = {}
        for statement in self.statements(self.role_of("lambda.amazonaws.com")):
            self.assertEqual(statement["Effect"], "Allow")
            for action in as_list(statement["Action"]):
                by_action.setdefault(action, []).append(statement)
        return by_action

    def keys_below_bucket(self, statements):
        resources = [r for s in statements for r in as_list(s["Resource"])]
        keys = [re.fullmatch(r"\$\{Bucket\.Arn\}/(.+)", r["Fn::Sub"]) for r in resources]
        self.assertNotIn(None, keys, resources)
        return {key[1] for key in keys}

    # The function

    def test_the_function_is_a_small_arm_bootstrap(self):
        function = self.one("AWS::Lambda::Function")["Properties"]
        self.assertEqual(function["Runtime"], "provided.al2023")
        self.assertEqual(function["Architectures"], ["arm64"])
        self.assertEqual(function["Handler"], "bootstrap")
        self.assertEqual(function["MemorySize"], 1024)
        self.assertLessEqual(function["Timeout"], 880)
        self.assertEqual(self.source["Resources"]["Function"]["Metadata"]["BuildMethod"], "rust-cargolambda")

    def test_a_failed_event_is_not_sent_again(self):
        config = self.one("AWS::Lambda::EventInvokeConfig")["Properties"]
        self.assertEqual(config["MaximumRetryAttempts"], 0)

    def test_the_log_ends_some_day_and_is_the_one_that_the_function_writes(self):
        group = self.one("AWS::Logs::LogGroup")["Properties"]
        self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})
        logging = self.one("AWS::Lambda::Function")["Properties"]["LoggingConfig"]
        self.assertEqual(logging["LogGroup"], {"Ref": "LogGroup"})
        # Otherwise Lambda would drop what LOG_LEVEL=debug asks for.
        self.assertEqual(logging["ApplicationLogLevel"], "TRACE")

    # The schedule

    def test_the_schedule_is_the_schools_and_is_not_repeated(self):
        schedule = self.one("AWS::Scheduler::Schedule")["Properties"]
        self.assertEqual(schedule["ScheduleExpressionTimezone"], {"Ref": "TimeZone"})
        self.assertEqual(schedule["FlexibleTimeWindow"], {"Mode": "OFF"})
        self.assertEqual(schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"], 0)
        self.assertEqual(
            json.loads(schedule["Target"]["Input"]),
            {"trigger": "schedule", "scheduled_time": "<aws.scheduler.scheduled-time>"},
        )

    def test_the_schedule_may_invoke_the_function_alone(self):
        statements = self.statements(self.role_of("scheduler.amazonaws.com"))
        self.assertEqual([s["Action"] for s in statements], ["lambda:InvokeFunction"])
        self.assertEqual(statements[0]["Resource"], {"Fn::GetAtt": ["Function", "Arn"]})

    def test_a_schedule_expression_that_aws_would_refuse_is_refused_before(self):
        parameter = self.source["Parameters"]["ScheduleExpression"]
        pattern = re.compile(parameter["AllowedPattern"])
        good = ["rate(1 hour)", "rate(2 hours)", "rate(1 day)", "rate(12 hours)", "cron(0 2 * * ? *)", parameter["Default"]]
        bad = ["rate(1 hours)", "rate(2 hour)", "rate(0 hours)", "rate(5 minutes)", "rate(2  hours)", "cron()", "0 2 * * *", ""]
        self.assertEqual([e for e in good if not pattern.search(e)], [])
        self.assertEqual([e for e in bad if pattern.search(e)], [])

    # Who may do what

    def test_nobody_is_allowed_everything(self):
        for role in self.of_type("AWS::IAM::Role"):
            self.assertNotIn("ManagedPolicyArns", {k for k, v in role["Properties"].items() if v})
            for statement in self.statements(role["Properties"]):
                for action in as_list(statement["Action"]):
                    self.assertNotIn("*", action)
                for resource in as_list(statement["Resource"]):
                    # A resource may end in a star below something of ours, and may be nothing but a star never.
                    self.assertNotRegex(" ".join(texts(resource)), r"^\*|:\*:|:\*$|:secret:\*")

    def test_the_function_may_do_six_things(self):
        self.assertEqual(
            set(self.granted()),
            {
                "s3:GetObject",
                "s3:PutObject",
                "s3:ListBucket",
                "secretsmanager:GetSecretValue",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            },
        )

    def test_the_function_keeps_to_its_prefixes(self):
        granted = self.granted()
        self.assertEqual(self.keys_below_bucket(granted["s3:GetObject"]), PREFIXES)
        self.assertEqual(self.keys_below_bucket(granted["s3:PutObject"]), WRITTEN)
        (listing,) = granted["s3:ListBucket"]
        self.assertEqual(listing["Resource"], {"Fn::GetAtt": ["Bucket", "Arn"]})
        self.assertEqual(set(listing["Condition"]["StringLike"]["s3:prefix"]), PREFIXES)

    def test_the_function_reads_secrets_below_its_prefix_alone(self):
        (statement,) = self.granted()["secretsmanager:GetSecretValue"]
        arn = statement["Resource"]["Fn::Sub"]
        self.assertTrue(arn.endswith(":secret:${SecretsPrefix}/*"), arn)
        self.assertIn("${AWS::AccountId}", arn)

    # What is kept, and how

    def test_data_outlive_the_stack(self):
        kinds = ["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"]
        for kind in kinds:
            self.assertTrue(self.of_type(kind), kind)
            for resource in self.of_type(kind):
                # A first deployment that fails must not leave names behind that the second one trips over.
                self.assertEqual(resource.get("DeletionPolicy"), "RetainExceptOnCreate", kind)
                self.assertEqual(resource.get("UpdateReplacePolicy"), "Retain", kind)

    def test_secrets_are_made_without_a_value(self):
        secrets = self.of_type("AWS::SecretsManager::Secret")
        names = sorted(secret["Properties"]["Name"]["Fn::Sub"] for secret in secrets)
        self.assertEqual(names, ["${SecretsPrefix}/oneroster", "${SecretsPrefix}/umapi"])
        for secret in secrets:
            self.assertEqual(set(secret["Properties"]) - {"Name", "Description", "Tags"}, set())

    def test_no_parameter_takes_a_secret(self):
        for name, parameter in self.source["Parameters"].items():
            self.assertNotIn("NoEcho", parameter, name)
            self.assertNotRegex(name, r"(?i)token|password|client|key")

    def test_the_bucket_is_versioned_encrypted_and_private(self):
        bucket = self.one("AWS::S3::Bucket")["Properties"]
        self.assertEqual(bucket["VersioningConfiguration"], {"Status": "Enabled"})
        rule = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        self.assertIn(rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"], {"AES256", "aws:kms"})
        self.assertEqual(bucket["OwnershipControls"]["Rules"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
        blocks = bucket["PublicAccessBlockConfiguration"]
        self.assertEqual(len(blocks), 4)
        self.assertTrue(all(block is True for block in blocks.values()), blocks)

    def test_every_prefix_has_a_lifecycle(self):
        rules = self.one("AWS::S3::Bucket")["Properties"]["LifecycleConfiguration"]["Rules"]
        by_prefix = {rule["Prefix"]: rule for rule in rules if "Prefix" in rule}
        self.assertEqual({f"{prefix}*" for prefix in by_prefix}, PREFIXES)
        self.assertTrue(all("NoncurrentVersionExpiration" in rule for rule in by_prefix.values()))
        # The newest object goes away by itself in runs/ alone.
        self.assertEqual([p for p, rule in by_prefix.items() if "ExpirationInDays" in rule], ["runs/"])

    def test_plain_and_outdated_connections_are_denied(self):
        policy = self.one("AWS::S3::BucketPolicy")["Properties"]["PolicyDocument"]["Statement"]
        self.assertEqual({statement["Effect"] for statement in policy}, {"Deny"})
        conditions = [statement["Condition"] for statement in policy]
        self.assertIn({"Bool": {"aws:SecureTransport": "false"}}, conditions)
        self.assertIn({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, conditions)
        for statement in policy:
            self.assertEqual(statement["Action"], "s3:*")
            self.assertEqual(len(statement["Resource"]), 2)


if __name__ == "__main__":
    unittest.main()
