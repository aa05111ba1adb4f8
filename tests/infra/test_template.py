"""What the linters do not see in infra/template.yaml: who may do what, and what is kept.

The template is translated offline as AWS would translate it; the assertions are about the resources that come out.
"""

import json
import re
import unittest

from translated import EVENTS, as_list, rust, source, texts, translated

PREFIXES = {"config/*", "runs/*", "slices/*", "latest/*", "state/*", "approvals/*"}
WRITTEN = {"runs/*", "slices/*", "latest/*", "state/*"}
# What Step Functions has to be allowed to write a log; AWS knows no resource for it.
LOG_DELIVERY = {
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}


class Template(unittest.TestCase):
    """What every deployment has; each of the two ways below holds it, too."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.source = source()
        template = translated(Engine=cls.engine)
        cls.resources, cls.outputs = template["Resources"], template["Outputs"]

    def of_type(self, kind):
        return [r for r in self.resources.values() if r["Type"] == kind]

    def one(self, kind):
        found = self.of_type(kind)
        self.assertEqual(len(found), 1, kind)
        return found[0]

    def roles_of(self, service):
        roles = [role["Properties"] for role in self.of_type("AWS::IAM::Role")]
        trusted = lambda role: texts([s["Principal"] for s in role["AssumeRolePolicyDocument"]["Statement"]])
        return [role for role in roles if service in trusted(role)]

    def role_of(self, service):
        (role,) = self.roles_of(service)
        return role

    def statements(self, role):
        return [s for policy in role["Policies"] for s in policy["PolicyDocument"]["Statement"]]

    def granted(self, service="lambda.amazonaws.com"):
        """What a service's role allows: action -> the statements that do."""
        by_action = {}
        for statement in self.statements(self.role_of(service)):
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
        group = self.resources["LogGroup"]["Properties"]
        self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})
        logging = self.one("AWS::Lambda::Function")["Properties"]["LoggingConfig"]
        self.assertEqual(logging["LogGroup"], {"Ref": "LogGroup"})
        # Otherwise Lambda would drop what LOG_LEVEL=debug asks for.
        self.assertEqual(logging["ApplicationLogLevel"], "TRACE")

    # The schedule

    def test_the_schedule_is_the_schools_and_one_that_is_late_comes_soon_or_never(self):
        schedule = self.one("AWS::Scheduler::Schedule")["Properties"]
        self.assertEqual(schedule["ScheduleExpressionTimezone"], {"Ref": "TimeZone"})
        self.assertEqual(schedule["FlexibleTimeWindow"], {"Mode": "OFF"})
        retries = schedule["Target"]["RetryPolicy"]
        self.assertGreater(retries["MaximumRetryAttempts"], 0)
        self.assertLessEqual(retries["MaximumEventAgeInSeconds"], 3600)
        self.assertEqual(
            json.loads(schedule["Target"]["Input"]),
            {"trigger": "schedule", "scheduled_time": "<aws.scheduler.scheduled-time>"},
        )

    def test_an_update_of_an_earlier_version_finds_its_schedule(self):
        # Another logical name would be another schedule of the same name, which AWS refuses.
        self.assertEqual(self.resources["FunctionSchedule"]["Properties"]["Name"], {"Ref": "AWS::StackName"})
        self.assertEqual(self.resources["FunctionScheduleRole"]["Type"], "AWS::IAM::Role")

    def test_a_schedule_expression_that_aws_would_refuse_is_refused_before(self):
        parameter = self.source["Parameters"]["ScheduleExpression"]
        pattern = re.compile(parameter["AllowedPattern"])
        good = ["rate(1 hour)", "rate(2 hours)", "rate(1 day)", "rate(12 hours)", "cron(0 2 * * ? *)", parameter["Default"]]
        bad = ["rate(1 hours)", "rate(2 hour)", "rate(0 hours)", "rate(5 minutes)", "rate(2  hours)", "cron()", "0 2 * * *", ""]
        self.assertEqual([e for e in good if not pattern.search(e)], [])
        self.assertEqual([e for e in bad if pattern.search(e)], [])

    # Approvals

    def rule(self):
        return self.one("AWS::Events::Rule")["Properties"]

    def test_an_approval_starts_a_pass_and_no_other_object_does(self):
        bucket = self.one("AWS::S3::Bucket")["Properties"]
        told = bucket["NotificationConfiguration"]
        self.assertEqual(told, {"EventBridgeConfiguration": {"EventBridgeEnabled": True}})
        approval = json.loads((EVENTS / "approval.json").read_text(encoding="utf-8"))
        pattern = named(self.rule()["EventPattern"], approval["detail"]["bucket"]["name"])
        self.assertTrue(matches(pattern, approval))
        others = [
            {"source": "school.test"},
            {"detail-type": "Object Deleted"},
            {"detail": approval["detail"] | {"bucket": {"name": "another-bucket"}}},
        ]
        # The console makes a folder as an object without content.
        objects = [("state/lease.json", 75), ("runs/x/held.json", 75), ("config/approvals/x.json", 75), ("approvals/", 0)]
        others += [{"detail": approval["detail"] | {"object": {"key": key, "size": size}}} for key, size in objects]
        for other in others:
            self.assertFalse(matches(pattern, approval | other), other)
        self.assertEqual(self.rule()["State"], "ENABLED")

    def test_an_approval_that_is_late_comes_as_a_schedule_would(self):
        (target,) = self.rule()["Targets"]
        schedule = self.one("AWS::Scheduler::Schedule")["Properties"]["Target"]
        self.assertEqual(target["RetryPolicy"], schedule["RetryPolicy"])
        self.assertEqual(target["Arn"], schedule["Arn"])
        # The function gets the event as it is.
        self.assertEqual(set(target) & {"Input", "InputPath", "InputTransformer"}, set())

    def test_whoever_approves_may_read_passes_and_write_approvals_alone(self):
        policy = self.one("AWS::IAM::ManagedPolicy")["Properties"]
        # Nobody has it of itself.
        self.assertEqual(set(policy), {"Description", "PolicyDocument"})
        statements = {s["Action"]: s for s in policy["PolicyDocument"]["Statement"]}
        self.assertEqual({s["Effect"] for s in statements.values()}, {"Allow"})
        self.assertEqual(set(statements), {"s3:PutObject", "s3:GetObject", "s3:ListBucket"})
        self.assertEqual(self.keys_below_bucket([statements["s3:PutObject"]]), {"approvals/*"})
        self.assertEqual(self.keys_below_bucket([statements["s3:GetObject"]]), {"runs/*", "latest/*"})
        listing = statements["s3:ListBucket"]
        self.assertEqual(listing["Resource"], {"Fn::GetAtt": ["Bucket", "Arn"]})
        prefixes = listing["Condition"]["StringLike"]["s3:prefix"]
        self.assertEqual(set(prefixes), {"approvals/*", "runs/*", "latest/*"})
        self.assertEqual(self.outputs["ApproverPolicyArn"]["Value"], {"Ref": "ApproverPolicy"})

    # Who may do what

    def test_nobody_is_allowed_everything(self):
        for role in self.of_type("AWS::IAM::Role"):
            self.assertNotIn("ManagedPolicyArns", {k for k, v in role["Properties"].items() if v})
            for statement in self.statements(role["Properties"]):
                for action in as_list(statement["Action"]):
                    self.assertNotIn("*", action)
                if set(as_list(statement["Action"])) == LOG_DELIVERY:
                    continue
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
        self.assertEqual(set(listing["Condition"]["StringLikeIfExists"]["s3:prefix"]), PREFIXES)

    def test_the_function_reads_secrets_below_its_prefix_alone(self):
        (statement,) = self.granted()["secretsmanager:GetSecretValue"]
        arn = statement["Resource"]["Fn::Sub"]
        self.assertTrue(arn.endswith(":secret:${SecretsPrefix}/*"), arn)
        self.assertIn("${AWS::AccountId}", arn)

    # What is kept, and how

    def test_data_outlive_the_stack(self):
        kept = [r for kind in ("AWS::S3::BucketPolicy", "AWS::SecretsManager::Secret") for r in self.of_type(kind)]
        self.assertEqual(len(kept), 3)
        for resource in [*kept, self.one("AWS::S3::Bucket"), self.resources["LogGroup"]]:
            # A first deployment that fails must not leave names behind that the second one trips over.
            self.assertEqual(resource.get("DeletionPolicy"), "RetainExceptOnCreate")
            self.assertEqual(resource.get("UpdateReplacePolicy"), "Retain")

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
        # The newest object goes away by itself in these three alone.
        expire = {p: rule["ExpirationInDays"] for p, rule in by_prefix.items() if "ExpirationInDays" in rule}
        self.assertEqual(set(expire), {"runs/", "slices/", "approvals/"})
        self.assertEqual(expire["runs/"], {"Ref": "RunRetentionDays"})
        self.assertEqual(by_prefix["slices/"]["NoncurrentVersionExpiration"], {"NoncurrentDays": 1})
        # A pass may go on with what it kept for as long as limits.max_plan_age_hours allows.
        limits = rust("config/root_file/limits.rs")
        oldest = int(re.search(r"MOST_HOURS: u64 = (\d+);", limits)[1])
        self.assertGreater(expire["slices/"] * 24, oldest)
        # And an approval may be as old as limits.max_approval_age_days allows.
        oldest = int(re.search(r"MOST_APPROVAL_DAYS: u64 = (\d+);", limits)[1])
        self.assertGreaterEqual(expire["approvals/"], oldest)

    def test_plain_and_outdated_connections_are_denied(self):
        policy = self.one("AWS::S3::BucketPolicy")["Properties"]["PolicyDocument"]["Statement"]
        self.assertEqual({statement["Effect"] for statement in policy}, {"Deny"})
        conditions = [statement["Condition"] for statement in policy]
        self.assertIn({"Bool": {"aws:SecureTransport": "false"}}, conditions)
        self.assertIn({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, conditions)
        for statement in policy:
            self.assertEqual(statement["Action"], "s3:*")
            self.assertEqual(len(statement["Resource"]), 2)


class ByStepFunctions(Template):
    """The schedule starts a state machine, which invokes the function until a pass is done."""

    engine = "StepFunctions"

    def machine(self):
        return self.one("AWS::StepFunctions::StateMachine")["Properties"]

    def test_it_is_what_a_deployment_has_without_a_word(self):
        self.assertEqual(self.source["Parameters"]["Engine"]["Default"], self.engine)
        self.assertEqual(self.source["Parameters"]["Engine"]["AllowedValues"], ["StepFunctions", "Direct"])

    def test_the_machine_is_a_standard_one_and_knows_the_function(self):
        machine = self.machine()
        self.assertEqual(machine["StateMachineType"], "STANDARD")
        # One request and its answer: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
        invoke = {"Fn::Sub": "arn:${AWS::Partition}:states:::lambda:invoke"}
        substituted = {"FunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}, "LambdaInvoke": invoke}
        self.assertEqual(machine["DefinitionSubstitutions"], substituted)
        self.assertEqual(machine["RoleArn"], {"Fn::GetAtt": ["StateMachineRole", "Arn"]})
        self.assertEqual(machine.get("TracingConfiguration", {"Enabled": False}), {"Enabled": False})

    def test_the_machines_log_is_without_its_data_and_ends_some_day(self):
        logging = self.machine()["LoggingConfiguration"]
        self.assertIs(logging["IncludeExecutionData"], False)
        (destination,) = logging["Destinations"]
        name = destination["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0]
        group = self.resources[name]["Properties"]
        self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"})
        # Policies for log groups of other names grow until AWS refuses them.
        self.assertTrue(group["LogGroupName"]["Fn::Sub"].startswith("/aws/vendedlogs/states/"))
        # One that outlived the machine would keep the next one from being made.
        self.assertEqual(self.resources[name]["DeletionPolicy"], "Delete")

    def test_the_machine_may_invoke_the_function_and_write_its_log(self):
        granted = self.granted("states.amazonaws.com")
        self.assertEqual(set(granted), {"lambda:InvokeFunction"} | LOG_DELIVERY)
        (invoke,) = granted["lambda:InvokeFunction"]
        self.assertEqual(invoke["Resource"], {"Fn::GetAtt": ["Function", "Arn"]})

    def test_nobody_elses_machine_gets_the_machines_role(self):
        (trust,) = self.role_of("states.amazonaws.com")["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(trust["Condition"], {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})

    def test_the_schedule_may_start_the_machine_alone(self):
        target = self.one("AWS::Scheduler::Schedule")["Properties"]["Target"]
        self.assertEqual(target["Arn"], {"Ref": "StateMachine"})
        granted = self.granted("scheduler.amazonaws.com")
        self.assertEqual(set(granted), {"states:StartExecution"})
        self.assertEqual(granted["states:StartExecution"][0]["Resource"], {"Ref": "StateMachine"})

    def test_an_approval_may_start_the_machine_alone(self):
        (target,) = self.rule()["Targets"]
        self.assertEqual(target["Arn"], {"Ref": "StateMachine"})
        self.assertEqual(target["RoleArn"], {"Fn::GetAtt": ["ApprovalRuleRole", "Arn"]})
        granted = self.granted("events.amazonaws.com")
        self.assertEqual(set(granted), {"states:StartExecution"})
        self.assertEqual(granted["states:StartExecution"][0]["Resource"], {"Ref": "StateMachine"})
        (trust,) = self.role_of("events.amazonaws.com")["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(trust["Condition"], {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})
        self.assertEqual(self.of_type("AWS::Lambda::Permission"), [])

    def test_the_machine_is_named_to_whoever_starts_it(self):
        self.assertEqual(self.outputs["StateMachineArn"]["Value"], {"Ref": "StateMachine"})
        self.assertEqual(self.outputs["StateMachineName"]["Value"], {"Fn::GetAtt": ["StateMachine", "Name"]})


class Directly(Template):
    """The schedule invokes the function."""

    engine = "Direct"

    def test_there_is_nothing_of_step_functions(self):
        self.assertEqual(self.of_type("AWS::StepFunctions::StateMachine"), [])
        self.assertEqual(self.roles_of("states.amazonaws.com"), [])
        self.assertEqual(len(self.of_type("AWS::Logs::LogGroup")), 1)
        left = [text for text in texts([self.resources, self.outputs]) if "StateMachine" in text]
        self.assertEqual(left, [])

    def test_the_schedule_may_invoke_the_function_alone(self):
        target = self.one("AWS::Scheduler::Schedule")["Properties"]["Target"]
        self.assertEqual(target["Arn"], {"Fn::GetAtt": ["Function", "Arn"]})
        granted = self.granted("scheduler.amazonaws.com")
        self.assertEqual(set(granted), {"lambda:InvokeFunction"})
        self.assertEqual(granted["lambda:InvokeFunction"][0]["Resource"], {"Fn::GetAtt": ["Function", "Arn"]})

    def test_an_approval_may_invoke_the_function_by_this_rule_alone(self):
        (target,) = self.rule()["Targets"]
        self.assertEqual(target["Arn"], {"Fn::GetAtt": ["Function", "Arn"]})
        self.assertIn(target.get("RoleArn"), (None, {"Ref": "AWS::NoValue"}))
        self.assertEqual(self.roles_of("events.amazonaws.com"), [])
        permission = self.one("AWS::Lambda::Permission")["Properties"]
        allowed = {
            "FunctionName": {"Fn::GetAtt": ["Function", "Arn"]},
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
            "SourceArn": {"Fn::GetAtt": ["ApprovalRule", "Arn"]},
        }
        self.assertEqual(permission, allowed)


def named(pattern, bucket):
    """An event pattern in which the bucket of the template has its name."""
    if isinstance(pattern, dict):
        return bucket if pattern == {"Ref": "Bucket"} else {name: named(p, bucket) for name, p in pattern.items()}
    return [named(p, bucket) for p in pattern] if isinstance(pattern, list) else pattern


def matches(pattern, event):
    """Whether EventBridge sends the event on; it knows what the pattern of the template uses."""
    if isinstance(pattern, dict):
        return all(name in event and matches(p, event[name]) for name, p in pattern.items())
    return any(allows(choice, event) for choice in pattern)


def allows(choice, value):
    match choice:
        case {"prefix": prefix}:
            return isinstance(value, str) and value.startswith(prefix)
        case {"numeric": [">", number]}:
            return isinstance(value, int) and value > number
    return choice == value


def load_tests(loader, _standard, _pattern):
    """Each way as a whole; what they share has no engine of its own."""
    return unittest.TestSuite(loader.loadTestsFromTestCase(way) for way in (ByStepFunctions, Directly))


if __name__ == "__main__":
    unittest.main()
