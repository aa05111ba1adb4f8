//! `update`.

use serde_json::{Value, json};

use super::bare::{Bare, small};
use crate::simulators::adobe::{Account, Claim, Identity};

const ANA: &str = "ana@school.example";

async fn update(bare: &Bare, user: &str, fields: Value) -> String {
    bare.user(user, json!([{"update": fields}])).await
}

#[tokio::test]
async fn names_change_and_what_is_not_named_stays() {
    let bare = Bare::start().await;
    assert_eq!(
        update(&bare, ANA, json!({"lastname": "Gamma"})).await,
        "success"
    );
    let expected = Account::federated("Ana@school.example")
        .named("Ana", "Gamma")
        .in_groups(["Spark"]);
    assert_eq!(bare.adobe.account(Identity::Federated, ANA), Some(expected));
}

#[tokio::test]
async fn what_cannot_be_updated_is_refused() {
    let bare = Bare::start().await;
    let cases = [
        (
            ANA,
            json!({"country": "SE"}),
            "0: error.update.country.no_update",
        ),
        (
            ANA,
            json!({"option": "updateIfAlreadyExists"}),
            "0: error.command.update.option.no",
        ),
        (ANA, json!({"phone": "1"}), "0: error.command.illegal_entry"),
        (ANA, json!({}), "0: error.user.command.missing.arguments"),
        (ANA, json!("x"), "0: error.command.illegal_entry"),
        (
            ANA,
            json!({"firstname": 1}),
            "0: error.command.string_expected",
        ),
        (ANA, json!({"firstname": ""}), "0: error.user.name.invalid"),
        (ANA, json!({"email": "x"}), "0: error.user.email.invalid"),
        (
            ANA,
            json!({"email": "ben@school.example"}),
            "0: error.user.email.name_in_use",
        ),
        (
            ANA,
            json!({"email": "ANA@school.example"}),
            "0: error.update.no",
        ),
        (
            "ben@school.example",
            json!({"username": "ben07"}),
            "0: error.update.username.no",
        ),
        (
            "cleo@mail.example",
            json!({"firstname": "C"}),
            "0: error.update.adobeid.no",
        ),
        (
            "nobody@school.example",
            json!({"firstname": "N"}),
            "0: error.user.nonexistent",
        ),
    ];
    let before = bare.adobe.snapshot();
    for (user, fields, expected) in cases {
        assert_eq!(
            update(&bare, user, fields.clone()).await,
            expected,
            "{fields}"
        );
        bare.rest();
    }
    assert_eq!(bare.adobe.snapshot(), before);
}

#[tokio::test]
async fn a_new_address_takes_the_login_name_along() {
    let bare = Bare::start().await;
    let new = "ana.alpha@school.example";
    let steps = json!([{"update": {"email": new}}, {"add": {"group": ["Art"]}}]);
    assert_eq!(bare.user(ANA, steps).await, "success");
    assert_eq!(bare.adobe.account(Identity::Federated, ANA), None);
    let account = bare.adobe.account(Identity::Federated, new).unwrap();
    assert_eq!(account.username, new);
    assert_eq!(bare.groups(Identity::Federated, new), ["Art", "Spark"]);
    // The spelling that is there already is no change of letter case.
    assert_eq!(update(&bare, new, json!({"email": new})).await, "success");
}

#[tokio::test]
async fn a_login_name_of_its_own_stays_and_can_be_changed() {
    let org =
        small().account(Account::federated("dan@school.example").login("dan07", "school.example"));
    let bare = Bare::of(org).await;
    let dan = "dan@school.example";
    assert_eq!(
        update(&bare, dan, json!({"email": "dan.o@school.example"})).await,
        "success"
    );
    let dan = "dan.o@school.example";
    let account = bare.adobe.account(Identity::Federated, dan).unwrap();
    assert_eq!(account.username, "dan07");
    assert_eq!(
        update(&bare, dan, json!({"username": "dan08"})).await,
        "success"
    );
    let account = bare.adobe.account(Identity::Federated, dan).unwrap();
    assert_eq!(
        (account.username.as_str(), account.domain.as_str()),
        ("dan08", "school.example")
    );
    let code = update(&bare, ANA, json!({"username": "DAN08"})).await;
    assert_eq!(code, "0: error.user.name_in_use");
}

#[tokio::test]
async fn addresses_move_within_a_directory_of_claimed_domains() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| {
        rules.claimed_domains = Some(vec![
            Claim::new("school.example", Identity::Federated),
            Claim::new("north.example", Identity::Federated).in_directory("school.example"),
            Claim::new("south.example", Identity::Federated),
        ]);
    });
    let cases = [
        ("ana@elsewhere.example", "0: error.domain.trust.nonexistent"),
        ("ana@south.example", "0: error.update.domain.mismatch"),
        ("ana@north.example", "success"),
    ];
    for (email, expected) in cases {
        assert_eq!(
            update(&bare, ANA, json!({"email": email})).await,
            expected,
            "{email}"
        );
    }
    bare.adobe
        .rules(|rules| rules.claimed_domains = Some(Vec::new()));
    let code = update(&bare, "ana@north.example", json!({"firstname": "A"})).await;
    assert_eq!(code, "0: error.domain.trust.nonexistent");
}
