//! `add`, `remove`, `removeFromOrg`.

use serde_json::{Value, json};

use super::bare::{Bare, small};
use crate::simulators::adobe::{Account, Claim, Group, GroupKind, Identity};

const ANA: &str = "ana@school.example";

#[tokio::test]
async fn groups_are_joined_and_left_in_any_spelling_and_again() {
    let bare = Bare::start().await;
    let steps = json!([
        {"remove": {"group": ["SPARK", "Library"]}},
        {"add": {"group": ["art", "photoshop"]}},
        {"add": {"group": ["Art"]}},
    ]);
    assert_eq!(bare.user("ANA@school.example", steps).await, "success");
    assert_eq!(bare.groups(Identity::Federated, ANA), ["Art", "Photoshop"]);
}

#[tokio::test]
async fn lists_of_bad_form_are_refused() {
    let bare = Bare::start().await;
    let eleven: Vec<String> = (0..11).map(|n| format!("G{n}")).collect();
    let cases = [
        (json!("some"), "error.command.add_remove.list"),
        (json!([]), "error.command.add_remove.list"),
        (json!({}), "error.command.add_remove.missing_list"),
        (
            json!({"product": ["Art"]}),
            "error.command.add_remove.key.unknown",
        ),
        (
            json!({"usergroup": ["Art"]}),
            "error.command.add_remove.key.unknown",
        ),
        (
            json!({"group": "Art"}),
            "error.command.add_remove.list_not_array",
        ),
        (json!({"group": []}), "error.group.invalid_list"),
        (json!({"group": ["Art", null]}), "error.group.invalid_list"),
        (json!({"group": [""]}), "error.group.invalid_list"),
        (
            json!({"group": ["Art", "ART"]}),
            "error.command.add_remove.duplicate.usergroup_list",
        ),
        (
            json!({"group": ["x".repeat(256)]}),
            "error.command.add_remove.group_or_product_name_too_long",
        ),
        (
            json!({"group": eleven}),
            "error.command.add_remove.list_too_long",
        ),
        (
            json!({"group": ["Art", "Nowhere"]}),
            "error.group.not_found",
        ),
    ];
    let before = bare.adobe.snapshot();
    for (list, expected) in cases {
        for step in ["add", "remove"] {
            let action = json!({"user": ANA, "do": [{step: list}]});
            let expected = format!("0: {expected}");
            assert_eq!(bare.act(action.clone()).await, expected, "{action}");
            assert_eq!(bare.try_out(action.clone()).await, expected, "{action}");
        }
        bare.rest();
    }
    let code = bare.user(ANA, json!([{"add": "all"}])).await;
    assert_eq!(code, "0: error.command.add_remove.list");
    assert_eq!(bare.adobe.snapshot(), before);
}

#[tokio::test]
async fn ten_names_are_taken() {
    let names: Vec<String> = (0..10).map(|n| format!("G{n}")).collect();
    let org = small().user_groups(names.iter().map(String::as_str));
    let bare = Bare::of(org).await;
    let steps = json!([{"add": {"group": names}}, {"remove": {"group": names}}]);
    assert_eq!(bare.user(ANA, steps).await, "success");
    assert_eq!(bare.groups(Identity::Federated, ANA), ["Spark"]);
}

#[tokio::test]
async fn the_system_administrator_is_neither_made_nor_unmade() {
    let org = small().account(Account::adobe("root@mail.example").in_groups([
        "_org_admin",
        "_admin_Spark",
        "Art",
    ]));
    let bare = Bare::of(org).await;
    let role = json!({"group": ["_ORG_admin"]});
    for (user, step) in [(ANA, "add"), ("root@mail.example", "remove")] {
        let code = bare.user(user, json!([{step: role}])).await;
        assert_eq!(code, "0: error.user.update_failed", "{step}");
    }
    let other = json!([{"add": {"group": ["_admin_spark"]}}]);
    assert_eq!(bare.user(ANA, other).await, "success");
    let all = json!([{"remove": "all"}]);
    assert_eq!(bare.user("root@mail.example", all.clone()).await, "success");
    assert_eq!(
        bare.groups(Identity::Adobe, "root@mail.example"),
        ["_org_admin"]
    );
    assert_eq!(bare.user(ANA, all).await, "success");
    assert!(bare.groups(Identity::Federated, ANA).is_empty());
}

#[tokio::test]
async fn members_of_a_read_only_group_are_not_changed() {
    let mut shared = Group::new("Shared", GroupKind::UserGroup);
    shared.read_only = true;
    let bare = Bare::of(small().group(shared)).await;
    let list = json!({"group": ["Shared"]});
    let code = bare.user(ANA, json!([{"add": list}])).await;
    assert_eq!(code, "0: error.usergroup.readonly.add_user_not_allowed");
    let code = bare.user(ANA, json!([{"remove": list}])).await;
    assert_eq!(code, "0: error.usergroup.readonly.remove_user_not_allowed");
}

#[tokio::test]
async fn nobody_joins_a_group() {
    let bare = Bare::start().await;
    for step in [json!({"add": {"group": ["Art"]}}), json!({"remove": "all"})] {
        let action = json!({"user": "nobody@school.example", "do": [step]});
        assert_eq!(bare.act(action.clone()).await, "0: error.user.nonexistent");
        assert_eq!(bare.try_out(action).await, "success");
    }
    let adobe_id = json!({"user": ANA, "useAdobeID": true, "do": [{"add": {"group": ["Art"]}}]});
    assert_eq!(bare.act(adobe_id).await, "0: error.user.nonexistent");
    let login = json!({"user": "ana", "domain": "other.example", "do": [{"remove": "all"}]});
    assert_eq!(bare.act(login).await, "0: error.user.nonexistent");
}

#[tokio::test]
async fn leaving_the_organization_always_succeeds() {
    let bare = Bare::start().await;
    let leave = |delete: bool| json!([{"removeFromOrg": {"deleteAccount": delete}}]);
    for user in [ANA, ANA, "nobody@school.example"] {
        assert_eq!(bare.user(user, leave(false)).await, "success", "{user}");
    }
    let left = bare.adobe.account(Identity::Federated, ANA).unwrap();
    assert!(!left.in_org && left.groups.is_empty());
    assert_eq!(bare.user(ANA, leave(true)).await, "success");
    assert_eq!(bare.adobe.account(Identity::Federated, ANA), None);

    assert_eq!(
        bare.user("ben@school.example", leave(true)).await,
        "success"
    );
    assert_eq!(
        bare.user("cleo@mail.example", json!([{"removeFromOrg": {}}]))
            .await,
        "success"
    );
    assert_eq!(
        bare.adobe.account(Identity::Adobe, "cleo@mail.example"),
        None
    );
    assert!(bare.adobe.users().is_empty());
}

#[tokio::test]
async fn only_an_owned_account_is_deleted() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| {
        let claim = Claim::new("elsewhere.example", Identity::Federated);
        rules.claimed_domains = Some(vec![claim]);
    });
    let steps = json!([{"removeFromOrg": {"deleteAccount": true}}]);
    assert_eq!(bare.user(ANA, steps).await, "success");
    let left = bare.adobe.account(Identity::Federated, ANA).unwrap();
    assert!(!left.in_org);
}

#[tokio::test]
async fn leaving_is_last_and_has_one_field() {
    let bare = Bare::start().await;
    let leave = |value: Value| json!({"removeFromOrg": value});
    let add = json!({"add": {"group": ["Art"]}});
    let cases = [
        (
            json!([leave(json!({})), add]),
            "0: error.command.removefromorg.not_last",
        ),
        (
            json!([leave(json!({})), leave(json!({}))]),
            "0: error.command.removefromorg.not_last",
        ),
        (
            json!([leave(json!({"deleteAccount": "true"}))]),
            "0: error.command.boolean_expected",
        ),
        (
            json!([leave(json!({"delete": true}))]),
            "0: error.command.object_not_empty",
        ),
        (json!([leave(json!("x"))]), "0: error.command.illegal_entry"),
    ];
    for (steps, expected) in cases {
        assert_eq!(bare.user(ANA, steps.clone()).await, expected, "{steps}");
    }
    assert_eq!(bare.adobe.users().len(), 3);
    let steps = json!([{"remove": "all"}, leave(json!({}))]);
    assert_eq!(bare.user(ANA, steps).await, "success");
}

#[tokio::test]
async fn all_groups_are_left_with_one_word() {
    let org = small().account(Account::enterprise("dan@school.example").in_groups([
        "Spark",
        "Photoshop",
        "_admin_Spark",
    ]));
    let bare = Bare::of(org).await;
    let dan = "dan@school.example";
    let held = || bare.groups(Identity::Enterprise, dan);
    for word in ["ALL", "none", ""] {
        let code = bare.user(dan, json!([{"remove": word}])).await;
        assert_ne!(code, "success", "{word}");
    }
    let all = json!({"user": dan, "do": [{"remove": "all"}, {"add": {"group": ["Art"]}}]});
    assert_eq!(bare.try_out(all.clone()).await, "success");
    assert_eq!(held().len(), 3, "a test changes nothing");
    assert_eq!(bare.act(all).await, "success");
    assert_eq!(held(), ["Art"]);
    let code = bare
        .user("x@school.example", json!([{"remove": "all"}]))
        .await;
    assert_eq!(code, "0: error.user.nonexistent");
}
