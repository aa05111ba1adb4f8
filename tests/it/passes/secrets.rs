//! Which secrets a pass needs.

use roster_sync::config::{self, Files};
use roster_sync::pass::credentials;
use roster_sync::store::local::SecretMap;

use crate::simulators::world::{ROOT_FILE, Setup};

#[tokio::test]
async fn a_pass_without_a_roster_needs_no_secret_of_one() {
    let files = Setup::example().files.into_iter();
    let files: Files = files.map(|(name, text)| (name, text.into())).collect();
    let config = config::check(ROOT_FILE, &files, "roster-sync").unwrap();
    let secret = r#"{"client_id": "a", "client_secret": "b", "org_id": "12AB@AdobeOrg"}"#;
    let secrets = SecretMap::default().with("roster-sync/umapi", secret);
    let adobe = credentials::of_adobe(&secrets, &config, "roster-sync").await;
    assert_eq!(adobe.unwrap().org_id, "12AB@AdobeOrg");
    let both = credentials::of_both(&secrets, &config, "roster-sync").await;
    let missing = both.unwrap_err().to_string();
    assert!(missing.contains("roster-sync/oneroster"), "{missing}");

    let none = credentials::of_adobe(&SecretMap::default(), &config, "roster-sync").await;
    let missing = none.unwrap_err().to_string();
    assert!(
        missing.contains("roster-sync/umapi") && !missing.contains("oneroster"),
        "{missing}"
    );
}
