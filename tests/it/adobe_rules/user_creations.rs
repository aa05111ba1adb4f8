//! `createFederatedID`, `createEnterpriseID`, `addAdobeID`.

use serde_json::{Value, json};

use super::bare::{Bare, small};
use crate::simulators::adobe::{Account, Claim, Identity};

const NEW: &str = "new@school.example";

/// A good creation of [`NEW`], with these fields in place of its own; `null` leaves a field out.
#[expect(
    clippy::needless_pass_by_value,
    reason = "every caller writes the changes in place"
)]
fn fields(changes: Value) -> Value {
    let mut fields = json!({
        "email": NEW, "firstname": "Nina", "lastname": "Newcomer", "country": "US", "option": "ignoreIfAlreadyExists"
    });
    for (name, value) in changes.as_object().unwrap() {
        fields[name] = value.clone();
    }
    let all = fields.as_object_mut().unwrap();
    all.retain(|_, value| !value.is_null());
    fields
}

async fn create(bare: &Bare, step: &str, changes: Value) -> String {
    let fields = fields(changes);
    let user = fields["email"].as_str().unwrap_or(NEW).to_owned();
    bare.user(&user, json!([{step: fields}])).await
}

#[tokio::test]
async fn an_account_of_each_kind_is_made_with_its_groups() {
    let kinds = [
        ("createFederatedID", Identity::Federated),
        ("createEnterpriseID", Identity::Enterprise),
        ("addAdobeID", Identity::Adobe),
    ];
    for (step, identity) in kinds {
        let bare = Bare::start().await;
        let steps = json!([{step: fields(json!({}))}, {"add": {"group": ["art", "Photoshop"]}}]);
        assert_eq!(bare.user(NEW, steps).await, "success", "{step}");
        let expected = Account::new(identity, NEW)
            .named("Nina", "Newcomer")
            .in_groups(["Art", "Photoshop"]);
        assert_eq!(bare.adobe.account(identity, NEW), Some(expected));
    }
}

#[tokio::test]
async fn owned_accounts_need_names_and_a_country() {
    let bare = Bare::start().await;
    let cases = [
        (
            json!({"firstname": null}),
            "0: error.user.firstname_missing",
        ),
        (json!({"firstname": " "}), "0: error.user.firstname_missing"),
        (json!({"lastname": null}), "0: error.user.lastname_missing"),
        (json!({"country": null}), "0: error.country.invalid"),
    ];
    for (changes, expected) in cases {
        for step in ["createFederatedID", "createEnterpriseID"] {
            let code = create(&bare, step, changes.clone()).await;
            assert_eq!(code, expected, "{step} {changes}");
        }
        bare.rest();
        assert_eq!(create(&bare, "addAdobeID", changes).await, "success");
        bare.rest();
    }
    bare.adobe.rules(|rules| rules.require_names = false);
    let nameless = json!({"firstname": null, "lastname": null});
    assert_eq!(
        create(&bare, "createFederatedID", nameless).await,
        "success"
    );
}

#[tokio::test]
async fn a_country_is_two_upper_case_letters_of_the_list() {
    let bare = Bare::start().await;
    let cases = [
        ("createFederatedID", "us", "0: error.country.invalid"),
        ("createFederatedID", "XX", "0: error.country.invalid"),
        ("createFederatedID", "U", "0: error.country.invalid"),
        (
            "createFederatedID",
            "USA",
            "0: error.command.string.too_long",
        ),
        ("createFederatedID", "UD", "0: error.country.invalid"),
        ("addAdobeID", "UD", "0: error.country.invalid"),
        ("createFederatedID", "DE", "success"),
        ("createEnterpriseID", "UD", "success"),
    ];
    for (position, (step, country, expected)) in cases.into_iter().enumerate() {
        let email = format!("new{position}@school.example");
        let changes = json!({"country": country, "email": email});
        assert_eq!(
            create(&bare, step, changes).await,
            expected,
            "{step} {country}"
        );
    }
}

#[tokio::test]
async fn an_address_has_its_form_and_sixty_characters() {
    let bare = Bare::start().await;
    let long = format!("{}@school.example", "x".repeat(46));
    let bad = [
        "",
        "x",
        "x@y",
        "@school.example",
        "a@b@school.example",
        "a b@school.example",
        "a@.example",
        "a\"@b.example",
        &long,
    ];
    for email in bad {
        let changes = json!({"email": email});
        let code = bare
            .user(NEW, json!([{"createFederatedID": fields(changes)}]))
            .await;
        assert_eq!(code, "0: error.user.email.invalid", "{email}");
        bare.rest();
    }
    let umlauts = format!("{}@school.example", "ü".repeat(45));
    let changes = json!({"email": umlauts});
    assert_eq!(create(&bare, "createFederatedID", changes).await, "success");
    let sixty = &long[1..];
    assert_eq!(sixty.len(), 60);
    assert_eq!(
        create(&bare, "createFederatedID", json!({"email": sixty})).await,
        "success"
    );
}

#[tokio::test]
async fn a_creation_has_known_fields_of_the_right_type() {
    let bare = Bare::start().await;
    let cases = [
        (json!({"phone": "1"}), "0: error.command.create.key.unknown"),
        (
            json!({"firstname": 1}),
            "0: error.command.create.string_expected",
        ),
        (
            json!({"firstname": "x".repeat(251)}),
            "0: error.command.string.too_long",
        ),
        (json!({"option": "perhaps"}), "0: error.option.illegal"),
    ];
    for (changes, expected) in cases {
        assert_eq!(create(&bare, "createFederatedID", changes).await, expected);
    }
    let code = bare.user(NEW, json!([{"createFederatedID": "x"}])).await;
    assert_eq!(code, "0: error.command.create.object_expected");
}

#[tokio::test]
async fn a_creation_comes_first_and_once() {
    let bare = Bare::start().await;
    let creation = json!({"createFederatedID": fields(json!({}))});
    let add = json!({"add": {"group": ["Art"]}});
    let code = bare.user(NEW, json!([add, creation])).await;
    assert_eq!(code, "1: error.command.create.not_first");
    let code = bare.user(NEW, json!([creation, creation])).await;
    assert_eq!(code, "error.command.create.more_than_one");
    assert_eq!(bare.adobe.users().len(), 3);
}

#[tokio::test]
async fn the_user_is_the_address_but_for_federated_login_names() {
    let bare = Bare::start().await;
    for step in ["createEnterpriseID", "addAdobeID"] {
        let code = bare
            .user("other@school.example", json!([{step: fields(json!({}))}]))
            .await;
        assert_eq!(code, "0: error.user.must_match_email", "{step}");
    }
    let add = json!({"add": {"group": ["Art"]}});
    let steps = json!([{"createFederatedID": fields(json!({}))}, add]);
    let action = json!({"user": "n07", "domain": "school.example", "do": steps});
    assert_eq!(bare.act(action).await, "success");
    let made = bare.adobe.account(Identity::Federated, NEW).unwrap();
    assert_eq!(
        (made.username.as_str(), made.domain.as_str()),
        ("n07", "school.example")
    );
    // From now on both ways lead there.
    let by_login = json!({"user": "N07", "domain": "School.Example", "do": [{"remove": "all"}]});
    assert_eq!(bare.act(by_login).await, "success");
    assert_eq!(bare.user(NEW, json!([add])).await, "success");
    // The login name is taken.
    let other = fields(json!({"email": "other@school.example"}));
    let action =
        json!({"user": "n07", "domain": "school.example", "do": [{"createFederatedID": other}]});
    assert_eq!(bare.act(action).await, "0: error.user.name_in_use");
}

#[tokio::test]
async fn a_login_name_in_the_form_of_an_address_finds_nobody_later() {
    let bare = Bare::start().await;
    let steps = json!([
        {"createFederatedID": fields(json!({}))},
        {"add": {"group": ["Art"]}},
    ]);
    let login = "login@school.example";
    assert_eq!(bare.user(login, steps).await, "success");
    assert_eq!(bare.groups(Identity::Federated, NEW), ["Art"]);
    let code = bare.user(login, json!([{"remove": "all"}])).await;
    assert_eq!(code, "0: error.user.nonexistent");
    let listed = bare.get("users/ORG/0").await.json();
    let made = listed["users"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&made["username"], &made["email"]),
        (&json!(login), &json!(NEW))
    );
    assert_eq!(bare.user(NEW, json!([{"remove": "all"}])).await, "success");
    assert!(bare.groups(Identity::Federated, NEW).is_empty());
}

#[tokio::test]
async fn a_plain_login_name_needs_its_domain_and_a_federated_account() {
    let bare = Bare::start().await;
    for (step, expected) in [
        ("createFederatedID", "success"),
        ("createEnterpriseID", "0: error.user.must_match_email"),
        ("addAdobeID", "0: error.user.must_match_email"),
    ] {
        let steps = json!([{step: fields(json!({}))}]);
        let code = bare.user("n07", steps.clone()).await;
        assert_eq!(code, "error.command.domain.missing", "{step}");
        let action = json!({"user": "n07", "domain": "school.example", "do": steps});
        assert_eq!(bare.act(action).await, expected, "{step}");
    }
    let code = bare.user("n07", json!([{"add": {"group": ["Art"]}}])).await;
    assert_eq!(code, "error.command.domain.missing");
}

#[tokio::test]
async fn the_option_decides_about_somebody_who_is_there() {
    let bare = Bare::start().await;
    let email = "ana@school.example";
    let with = |option: Value| fields(json!({"email": email, "option": option, "country": "SE"}));
    let add = json!({"add": {"group": ["Art"]}});

    let code = bare
        .user(
            email,
            json!([{"createFederatedID": with(json!(null))}, add]),
        )
        .await;
    assert_eq!(code, "0: error.user.already_in_org");
    assert_eq!(bare.groups(Identity::Federated, email), ["Spark"]);

    let ignore = with(json!("ignoreIfAlreadyExists"));
    assert_eq!(
        bare.user(email, json!([{"createFederatedID": ignore}, add]))
            .await,
        "success"
    );
    let account = bare.adobe.account(Identity::Federated, email).unwrap();
    let expected = Account::federated("Ana@school.example")
        .named("Ana", "Alpha")
        .in_groups(["Spark", "Art"]);
    assert_eq!(account, expected);

    let update = with(json!("updateIfAlreadyExists"));
    assert_eq!(
        bare.user(email, json!([{"createFederatedID": update}]))
            .await,
        "success"
    );
    let account = bare.adobe.account(Identity::Federated, email).unwrap();
    assert_eq!(account, expected.named("Nina", "Newcomer"), "names only");
}

#[tokio::test]
async fn the_names_of_an_adobe_id_are_its_owners() {
    let bare = Bare::start().await;
    let changes = json!({"email": "cleo@mail.example", "option": "updateIfAlreadyExists"});
    assert_eq!(create(&bare, "addAdobeID", changes).await, "success");
    let account = bare.adobe.account(Identity::Adobe, "cleo@mail.example");
    assert_eq!(account, Some(Account::adobe("cleo@mail.example")));
}

#[tokio::test]
async fn an_enterprise_and_a_federated_account_do_not_share_an_address() {
    let bare = Bare::start().await;
    let changes = json!({"email": "ana@school.example"});
    let code = create(&bare, "createEnterpriseID", changes.clone()).await;
    assert_eq!(code, "0: error.user.type_mismatch");
    // An Adobe ID is an account of its own.
    assert_eq!(create(&bare, "addAdobeID", changes).await, "success");
    assert_eq!(bare.adobe.users().len(), 4);
}

#[tokio::test]
async fn of_two_accounts_with_one_address_the_flag_picks_the_adobe_id() {
    let bare = Bare::start().await;
    let email = "ana@school.example";
    let steps =
        json!([{"addAdobeID": fields(json!({"email": email}))}, {"add": {"group": ["Art"]}}]);
    let with_flag = json!({"user": email, "useAdobeID": true, "do": steps});
    assert_eq!(bare.act(with_flag).await, "success");
    assert_eq!(bare.groups(Identity::Adobe, email), ["Art"]);
    assert_eq!(bare.groups(Identity::Federated, email), ["Spark"]);
    let without = json!([{"add": {"group": ["Library"]}}]);
    assert_eq!(bare.user(email, without).await, "success");
    assert_eq!(bare.groups(Identity::Adobe, email), ["Art"]);
    assert_eq!(
        bare.groups(Identity::Federated, email),
        ["Library", "Spark"]
    );
    // Without the flag even the steps after the invitation are the owned account's.
    assert_eq!(bare.user(email, steps).await, "success");
    assert_eq!(
        bare.groups(Identity::Federated, email),
        ["Art", "Library", "Spark"]
    );
}

#[tokio::test]
async fn domains_are_claimed_and_hold_one_kind_of_account() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| {
        rules.claimed_domains = Some(vec![
            Claim::new("school.example", Identity::Federated),
            Claim::new("staff.example", Identity::Enterprise),
        ]);
    });
    let cases = [
        ("createFederatedID", "x@School.example", "success"),
        (
            "createFederatedID",
            "x@elsewhere.example",
            "0: error.domain.trust.nonexistent",
        ),
        (
            "createFederatedID",
            "x@staff.example",
            "0: error.user.type_mismatch",
        ),
        (
            "createEnterpriseID",
            "y@school.example",
            "0: error.user.type_mismatch",
        ),
        ("createEnterpriseID", "y@staff.example", "success"),
        ("addAdobeID", "z@elsewhere.example", "success"),
    ];
    for (step, email, expected) in cases {
        assert_eq!(
            create(&bare, step, json!({"email": email})).await,
            expected,
            "{step} {email}"
        );
    }
}

#[tokio::test]
async fn who_has_left_comes_back_as_they_were_without_groups() {
    let org = small().account(
        Account::federated("old@school.example")
            .named("Olga", "Former")
            .outside(),
    );
    let bare = Bare::of(org).await;
    let email = "old@school.example";
    let code = bare.user(email, json!([{"add": {"group": ["Art"]}}])).await;
    assert_eq!(code, "0: error.user.not_in_org");
    let steps = json!([{"createFederatedID": fields(json!({"email": email, "option": null}))}]);
    assert_eq!(bare.user(email, steps).await, "success");
    let account = bare.adobe.account(Identity::Federated, email).unwrap();
    assert_eq!(account, Account::federated(email).named("Olga", "Former"));
}
