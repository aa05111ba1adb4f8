//! Actions about user groups, and the state as text.

use serde_json::{Value, json};

use super::bare::{Bare, small};
use crate::simulators::adobe::{Account, Group, GroupKind, Identity};

const ANA: &str = "ana@school.example";
const BEN: &str = "ben@school.example";

fn find(bare: &Bare, name: &str) -> Option<Group> {
    let groups = bare.adobe.groups();
    groups.into_iter().find(|group| group.name == name)
}

#[tokio::test]
async fn a_group_is_made_once() {
    let bare = Bare::start().await;
    let make = |fields: Value| json!([{"createUserGroup": fields}]);
    let code = bare
        .group("Robotics", make(json!({"description": "Robots"})))
        .await;
    assert_eq!(code, "success");
    let made = find(&bare, "Robotics").unwrap();
    assert_eq!(
        (made.kind, made.description.as_str()),
        (GroupKind::UserGroup, "Robots")
    );
    let cases = [
        ("robotics", json!({}), "0: error.usergroup.already_exists"),
        (
            "Photoshop",
            json!({"option": "ignoreIfAlreadyExists"}),
            "0: error.usergroup.already_exists",
        ),
        (
            "robotics",
            json!({"option": "ignoreIfAlreadyExists", "description": "X"}),
            "success",
        ),
        ("x", json!({"option": "perhaps"}), "0: error.option.illegal"),
        (
            "x",
            json!({"owner": "me"}),
            "0: error.command.create.key.unknown",
        ),
        ("x", json!("x"), "0: error.command.create.object_expected"),
        ("_admin_x", json!({}), "error.group.invalid_name"),
        (" ", json!({}), "error.group.invalid_name"),
    ];
    for (name, fields, expected) in cases {
        assert_eq!(
            bare.group(name, make(fields.clone())).await,
            expected,
            "{name} {fields}"
        );
    }
    assert_eq!(find(&bare, "Robotics").unwrap().description, "Robots");
    bare.rest();
    let update = json!({"option": "updateIfAlreadyExists", "description": "Clubs"});
    assert_eq!(bare.group("robotics", make(update)).await, "success");
    assert_eq!(find(&bare, "Robotics").unwrap().description, "Clubs");
    let twice = json!([{"createUserGroup": {}}, {"createUserGroup": {}}]);
    assert_eq!(
        bare.group("y", twice).await,
        "error.command.create.more_than_one"
    );
    let late = json!([{"add": {"user": [ANA]}}, {"createUserGroup": {}}]);
    assert_eq!(
        bare.group("y", late).await,
        "error.command.create.not_first"
    );
}

#[tokio::test]
async fn a_group_that_was_made_can_be_joined_and_a_tried_out_one_cannot() {
    let bare = Bare::start().await;
    let make = json!({
        "usergroup": "Robotics",
        "do": [{"createUserGroup": {"name": "Robotics", "option": "ignoreIfAlreadyExists"}}],
    });
    let join = json!([{"add": {"group": ["robotics"]}}]);
    assert_eq!(bare.try_out(make.clone()).await, "success");
    assert_eq!(find(&bare, "Robotics"), None);
    let code = bare.user(ANA, join.clone()).await;
    assert_eq!(code, "0: error.group.not_found");
    for _ in 0..2 {
        assert_eq!(bare.act(make.clone()).await, "success");
    }
    assert_eq!(bare.user(ANA, join).await, "success");
    let body = bare.get("users/ORG/0/Robotics").await.json();
    assert_eq!(body["users"].as_array().unwrap().len(), 1);
    assert_eq!(body["groupName"], "Robotics");
}

#[tokio::test]
async fn a_group_takes_and_loses_members() {
    let bare = Bare::start().await;
    let steps = json!([
        {"add": {"user": [BEN, "CLEO@mail.example"], "productConfiguration": ["photoshop"]}},
        {"remove": {"user": [ANA]}},
    ]);
    assert_eq!(bare.group("spark", steps.clone()).await, "success");
    assert_eq!(bare.groups(Identity::Enterprise, BEN), ["Spark"]);
    assert_eq!(bare.groups(Identity::Adobe, "cleo@mail.example"), ["Spark"]);
    assert!(bare.groups(Identity::Federated, ANA).is_empty());
    let spark = find(&bare, "Spark").unwrap();
    assert!(spark.profiles.contains("Photoshop"));
    assert_eq!(bare.group("Spark", steps).await, "success", "again");
    let steps = json!([{"remove": {"productConfiguration": ["Photoshop"]}}]);
    assert_eq!(bare.group("Spark", steps).await, "success");
    assert!(find(&bare, "Spark").unwrap().profiles.is_empty());
}

#[tokio::test]
async fn members_of_bad_form_are_refused() {
    let bare = Bare::start().await;
    let users = |count: usize| -> Vec<String> {
        (0..count).map(|n| format!("u{n}@school.example")).collect()
    };
    let cases = [
        (
            json!({"group": ["Art"]}),
            "error.command.add_remove.key.unknown",
        ),
        (json!({}), "error.command.add_remove.missing_list"),
        (json!("all"), "error.command.add_remove.list"),
        (
            json!({"user": ANA}),
            "error.command.add_remove.list_not_array",
        ),
        (json!({"user": []}), "error.user.user_list.invalid"),
        (json!({"user": ["ana"]}), "error.user.user_list.invalid"),
        (
            json!({"user": [ANA, "ANA@school.example"]}),
            "error.command.add_remove.duplicate.user_list",
        ),
        (
            json!({"user": users(11)}),
            "error.command.add_remove.list_too_long",
        ),
        (
            json!({"user": users(10), "productConfiguration": ["Photoshop"]}),
            "error.command.add_remove.list_too_long",
        ),
        (
            json!({"productConfiguration": ["Art"]}),
            "error.group.not_found",
        ),
        (
            json!({"user": [BEN, "nobody@school.example"]}),
            "error.user.nonexistent",
        ),
    ];
    let before = bare.adobe.snapshot();
    for (list, expected) in cases {
        for step in ["add", "remove"] {
            let code = bare.group("Spark", json!([{step: list}])).await;
            assert_eq!(code, format!("0: {expected}"), "{step} {list}");
        }
        bare.rest();
    }
    assert_eq!(bare.adobe.snapshot(), before);
}

#[tokio::test]
async fn who_has_left_the_organization_is_in_no_group() {
    let left = Account::federated("old@school.example").outside();
    let bare = Bare::of(small().account(left)).await;
    let steps = json!([{"add": {"user": ["old@school.example"]}}]);
    let code = bare.group("Spark", steps).await;
    assert_eq!(code, "0: error.user.nonexistent");
}

#[tokio::test]
async fn ten_members_in_a_whole_action_unless_the_limit_is_read_otherwise() {
    let bare = Bare::start().await;
    let users = |from: usize| -> Vec<String> {
        (from..from + 6)
            .map(|n| format!("u{n}@school.example"))
            .collect()
    };
    let steps = json!([{"add": {"user": users(0)}}, {"remove": {"user": users(6)}}]);
    let action = json!({"usergroup": "Spark", "do": steps});
    let code = bare.try_out(action.clone()).await;
    assert_eq!(code, "error.command.add_remove.list_too_long");
    bare.adobe
        .rules(|rules| rules.members_in_a_group_action = 100);
    assert_eq!(bare.try_out(action).await, "success");
}

#[tokio::test]
async fn only_a_user_group_is_a_root() {
    let bare = Bare::start().await;
    for name in ["Photoshop", "Nowhere"] {
        let action = json!({"usergroup": name, "do": [{"add": {"user": [ANA]}}]});
        let expected = "0: error.usergroup.not_found";
        assert_eq!(bare.act(action.clone()).await, expected, "{name}");
        assert_eq!(bare.try_out(action).await, expected, "{name}");
    }
    let action = json!({"usergroup": "Art", "useAdobeID": true, "do": [{"add": {"user": [ANA]}}]});
    assert_eq!(bare.act(action).await, "error.command.illegal_entry");
    let code = bare.group("Art", json!([{"update": {"email": ANA}}])).await;
    assert_eq!(code, "0: error.command.step.unknown");
}

#[tokio::test]
async fn an_error_names_the_group() {
    let bare = Bare::start().await;
    let action =
        json!([{"usergroup": "Nowhere", "requestID": "g-1", "do": [{"deleteUserGroup": {}}]}]);
    let error = bare.post(&action, "").await.json()["errors"][0].clone();
    assert_eq!(error["user"], "Nowhere");
    assert_eq!(error["requestID"], "g-1");
}

#[tokio::test]
async fn a_group_is_renamed_with_its_members_and_deleted_from_them() {
    let bare = Bare::start().await;
    let rename =
        |name: &str| json!([{"updateUserGroup": {"name": name}}, {"add": {"user": [BEN]}}]);
    let code = bare.group("Spark", rename("Art")).await;
    assert_eq!(code, "0: error.usergroup.already_exists");
    assert_eq!(bare.group("Spark", rename("Sparks")).await, "success");
    assert_eq!(bare.groups(Identity::Federated, ANA), ["Sparks"]);
    assert_eq!(bare.groups(Identity::Enterprise, BEN), ["Sparks"]);
    assert_eq!(find(&bare, "Spark"), None);

    let steps = json!([{"updateUserGroup": {"name": "SPARKS"}}]);
    assert_eq!(bare.group("Sparks", steps).await, "success");
    assert_eq!(bare.groups(Identity::Federated, ANA), ["SPARKS"]);

    // Nothing follows a deletion, not even a mistake.
    let steps = json!([{"deleteUserGroup": {}}, {"add": {"user": ["nobody@school.example"]}}]);
    assert_eq!(bare.group("sparks", steps).await, "success");
    assert_eq!(find(&bare, "SPARKS"), None);
    assert!(bare.groups(Identity::Federated, ANA).is_empty());
    let code = bare
        .group("Art", json!([{"deleteUserGroup": {"now": true}}]))
        .await;
    assert_eq!(code, "0: error.command.object_not_empty");
}

#[tokio::test]
async fn a_read_only_group_keeps_its_members_and_its_name() {
    let mut shared = Group::new("Shared", GroupKind::UserGroup);
    shared.read_only = true;
    let bare = Bare::of(small().group(shared)).await;
    let cases = [
        (
            json!({"add": {"user": [ANA]}}),
            "0: error.usergroup.readonly.add_user_not_allowed",
        ),
        (
            json!({"remove": {"user": [ANA]}}),
            "0: error.usergroup.readonly.remove_user_not_allowed",
        ),
        (
            json!({"updateUserGroup": {"name": "X"}}),
            "0: error.usergroup.readonly.update_not_allowed",
        ),
        (
            json!({"deleteUserGroup": {}}),
            "0: error.usergroup.readonly.remove_not_allowed",
        ),
        (
            json!({"add": {"productConfiguration": ["Photoshop"]}}),
            "success",
        ),
    ];
    for (step, expected) in cases {
        assert_eq!(
            bare.group("Shared", json!([step])).await,
            expected,
            "{step}"
        );
    }
}

#[tokio::test]
async fn the_state_is_text_that_can_be_compared() {
    let mut spark = Group::new("Spark", GroupKind::UserGroup);
    spark.profiles.insert("Photoshop".to_owned());
    let org = crate::simulators::adobe::Org::new()
        .group(spark)
        .profiles(["Photoshop"])
        .account(
            Account::federated("Dan@school.example")
                .login("dan07", "login.example")
                .in_groups(["_org_admin", "SPARK"]),
        )
        .account(
            Account::enterprise("ben@school.example")
                .named("Ben", "Beta")
                .outside(),
        );
    let bare = Bare::of(org).await;
    let expected = "\
role _org_admin
profile Photoshop
group Spark with Photoshop
enterpriseID ben@school.example Ben Beta US (directory only)
federatedID Dan@school.example as dan07@login.example US in Spark, _org_admin
";
    assert_eq!(bare.adobe.snapshot(), expected);
    // Somebody else at work.
    bare.adobe
        .put(Account::enterprise("BEN@school.example").in_groups(["spark"]));
    bare.adobe.forget(Identity::Federated, "dan@school.example");
    let last = bare.adobe.snapshot().lines().last().unwrap().to_owned();
    assert_eq!(last, "enterpriseID BEN@school.example US in Spark");
}
