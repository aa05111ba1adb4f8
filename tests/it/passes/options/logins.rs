//! Login names that are not the e-mail address, and formats that name what nobody has.

use serde_json::json;

use super::*;
use crate::passes::{action_requests, state};

/// Everybody signs in under a name that is not the address: as a number in a domain, or as another address.
const LOGINS: [&str; 2] = [
    "\nuser_username_format: p{sis_id}\nuser_domain_format: login.example",
    "\nuser_username_format: login.{email}",
];

fn with_login_names(formats: &str) -> Setup {
    let mut setup = example_with("connector-oneroster.yml", "\nconnection:\n", formats);
    setup.adobe.clear();
    setup
}

#[tokio::test]
async fn accounts_are_made_under_their_login_names_and_found_again() {
    for formats in LOGINS {
        let world = World::start(with_login_names(formats)).await;
        let answer = world.pass(json!({})).await;
        assert_eq!(answer["status"], "complete");
        assert_eq!(world.memberships(), world.desired());
        for account in world.adobe.users() {
            assert_ne!(account.username, account.email);
        }
        let sent = action_requests(&world);
        let second = world.pass(json!({})).await;
        assert_eq!(second["counters"]["actions"]["total"], 0);
        assert_eq!(action_requests(&world), sent);
    }
}

#[tokio::test]
async fn answers_that_are_lost_make_no_difference_to_accounts_with_login_names() {
    for formats in LOGINS {
        let undisturbed = World::start(with_login_names(formats)).await;
        undisturbed.pass(json!({})).await;
        let world = World::start(with_login_names(formats)).await;
        lose_answers(&world);
        assert_eq!(world.pass(json!({})).await["status"], "complete");
        assert_eq!(state(&world.adobe), state(&undisturbed.adobe));
    }
}

#[tokio::test]
async fn an_attribute_that_nobody_has_ends_the_pass_before_adobe_is_read() {
    let setup = example_with(
        "connector-oneroster.yml",
        "\nconnection:\n",
        "\nuser_username_format: \"{shoe_size}\"\nuser_domain_format: \"{hat_size}\"",
    );
    let world = World::start(setup).await;
    let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    for attribute in ["shoe_size", "hat_size"] {
        assert!(failure.message.contains(attribute), "{}", failure.message);
    }
    assert_eq!(world.adobe.server.log().len(), 0);
}
