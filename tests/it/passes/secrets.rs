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

#[tokio::test]
async fn every_scoped_source_has_a_secret_and_all_problems_are_told_at_once() {
    let mut setup = Setup::example();
    setup.file(
        "connector-oneroster.yml",
        "connection: {platform: clever, host: 'https://api.clever.com/v2.1/'}\n\
         mapping:\n  mode: scoped\n  scoped_sources:\n\
         \x20 - {type: yaml, product: North}\n\
         \x20 - {type: yaml, product: South, access_token: TEST_TOKEN}\n\
         \x20 - {type: yaml, product: West, secret: school/west}\n\
         \x20 - {type: yaml, product: Staff, secret: school/west}\n"
            .to_owned(),
    );
    let root = setup.files[ROOT_FILE].clone();
    let (before, groups) = root.split_once("  groups:\n").unwrap();
    let after = groups.find("\nlimits:").unwrap();
    setup.file(ROOT_FILE, format!("{before}{}", &groups[after..]));
    let files = setup.files.into_iter();
    let files: Files = files.map(|(name, text)| (name, text.into())).collect();
    let config = config::check(ROOT_FILE, &files, "roster-sync").unwrap();

    let none = credentials::of_both(&SecretMap::default(), &config, "roster-sync").await;
    let problems = none.unwrap_err().to_string();
    let named: Vec<usize> = [
        "roster-sync/oneroster/North",
        "school/west",
        "roster-sync/umapi",
    ]
    .map(|name| problems.matches(name).count())
    .to_vec();
    assert_eq!(named, [1, 1, 1], "{problems}");
    assert!(!problems.contains("South"), "{problems}");

    let token = r#"{"access_token": "a", "client_id": "b"}"#;
    let adobe = r#"{"client_id": "a", "client_secret": "b", "org_id": "12AB@AdobeOrg"}"#;
    let secrets = SecretMap::default()
        .with("roster-sync/umapi", adobe)
        .with("roster-sync/oneroster/North", token)
        .with("school/west", token);
    let read = credentials::of_both(&secrets, &config, "roster-sync")
        .await
        .unwrap();
    let sources = read.sources.iter();
    let products = sources.map(|(scoped, _)| scoped.unwrap().product.as_str());
    assert_eq!(
        products.collect::<Vec<_>>(),
        ["North", "South", "West", "Staff"]
    );
    assert_eq!(read.notices.len(), 2, "{:?}", read.notices);
}
