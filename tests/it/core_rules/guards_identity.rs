//! Settings by which everybody looks new.

use roster_sync::config::format::Format;
use roster_sync::config::{Config, Platform, ScopedSource, UserFilter};
use roster_sync::model::id::IdentityType;
use roster_sync::reconcile::guard::FindingName;
use roster_sync::reconcile::history::IdentitySettings;
use roster_sync::reconcile::plan::Kind;

use super::case::{Case, text};

type Change = fn(&mut Config);

/// Two are made, one changes, one leaves a group, one by a date, and one the organization.
fn pass() -> Case {
    let mut case = Case::new()
        .group("Art", 100, 100)
        .people(400, 400)
        .create(2)
        .leave(1, &["Art"])
        .leave(1, &["Art"])
        .by_date(1)
        .depart(1, &["Manual"]);
    case.plan.changes[2].update.first_name = Some("New".to_owned());
    case
}

/// After a good pass, the configuration was changed.
fn changed(change: impl FnOnce(&mut Config)) -> Case {
    pass().after(|_| ()).set(change)
}

#[test]
fn other_settings_hold_every_new_account_and_every_removal_that_no_date_explains() {
    assert_eq!(changed(|_| ()).outcome(), "goes 5");
    let case = changed(|config| config.identity_type = IdentityType::Enterprise);
    assert_eq!(case.outcome(), "identity-settings-changed 4, goes 2");
    let checked = case.checked();
    let going: Vec<Kind> = checked
        .plan
        .changes
        .iter()
        .map(|change| change.kind)
        .collect();
    assert_eq!(going, [Kind::Update, Kind::Update]);
    assert!(checked.plan.changes[0].remove.is_none());
    let held: Vec<(Kind, bool)> = checked
        .held
        .iter()
        .map(|held| (held.change.kind, held.creation))
        .collect();
    assert_eq!(
        held,
        [
            (Kind::Creation, true),
            (Kind::Creation, true),
            (Kind::Update, false),
            (Kind::AdobeOnly, false)
        ]
    );
}

#[test]
fn every_setting_that_makes_people_look_new_counts() {
    let format = || Some(Format::attribute("login"));
    let changes: [(&str, Change); 8] = [
        ("user_identity_type", |config| {
            config.identity_type = IdentityType::Adobe;
        }),
        ("user_email_format", |config| {
            config.source.formats.email = Format::attribute("mail");
        }),
        ("user_username_format", |config| {
            config.source.formats.username = Some(Format::attribute("login"));
        }),
        ("user_domain_format", |config| {
            config.source.formats.domain = Format::parse("x.test").ok();
        }),
        ("platform", |config| {
            config.source.platform = Platform::ClassLink;
        }),
        ("host", |config| {
            config.source.host = "https://other.test/".parse().unwrap();
        }),
        ("district_id", |config| {
            config.source.district_id = Some("d2".to_owned());
        }),
        ("scoped_sources", |config| {
            config.source.scoped.push(ScopedSource {
                product: "North".to_owned(),
                user_filter: UserFilter::Users,
                secret: "roster-sync/oneroster/North".to_owned(),
                public_token: None,
            });
        }),
    ];
    for (key, change) in changes {
        let checked = changed(change).checked();
        let message = text(&checked, FindingName::IdentitySettingsChanged);
        assert!(
            message.contains(&format!(": {key} was ")),
            "{key}: {message}"
        );
    }
    let by_person = changed(|config| config.source.formats.identity_type = format());
    assert_eq!(by_person.outcome(), "identity-settings-changed 4, goes 2");
    // Names are no identity, and how a format is spelled does not matter.
    let names = changed(|config| {
        config.source.formats.surname = Format::attribute("lastName");
        config.source.formats.email = Format::parse("{Email!s}").unwrap();
        config.source.page_size = 7;
    });
    assert_eq!(names.outcome(), "goes 5");
}

#[test]
fn settings_of_another_version_say_nothing() {
    let mut case = pass();
    let settings = [("user_identity_type", "federatedID"), ("of_later", "x")];
    let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let counts = case.desired.counts.clone();
    case.remember(counts, IdentitySettings(settings.into()));
    assert_eq!(case.outcome(), "goes 5");
}

/// Without history, so many of the people have their account under the configured type, and so many under another one.
fn found(found: usize, elsewhere: usize) -> Case {
    pass().plan(|plan| (plan.sizes.found, plan.sizes.found_elsewhere) = (found, elsewhere))
}

#[test]
fn without_history_most_accounts_under_another_type_hold_the_same() {
    assert_eq!(
        found(0, 51).outcome(),
        "identity-settings-changed 4, goes 2"
    );
    assert_eq!(
        found(60, 61).outcome(),
        "identity-settings-changed 4, goes 2"
    );
    assert_eq!(found(61, 61).outcome(), "goes 5");
    assert_eq!(found(0, 50).outcome(), "goes 5");
    // Once a good pass knows better, they are single problems.
    assert_eq!(found(0, 51).after(|_| ()).outcome(), "goes 5");
}

#[test]
fn settings_that_are_not_believed_stay_until_approved() {
    let case = || changed(|config| config.identity_type = IdentityType::Enterprise);
    let before = IdentitySettings::of(&pass().config);
    let settings = |case: &Case| case.checked().counted.unwrap().1;
    assert_eq!(settings(&case()), before);
    let approved = case().approve(&case().checked());
    assert_eq!(approved.outcome(), "identity-settings-changed 0, goes 5");
    assert_eq!(settings(&approved), IdentitySettings::of(&approved.config));
    assert_ne!(settings(&approved), before);
    // Without history they are not known, and Adobe is asked again.
    assert_eq!(settings(&found(0, 51)), IdentitySettings::default());
}

#[test]
fn a_finding_says_what_is_other() {
    let case = changed(|config| {
        config.identity_type = IdentityType::Enterprise;
        config.source.district_id = Some("d2".to_owned());
    });
    let said = |case: Case| text(&case.checked(), FindingName::IdentitySettingsChanged);
    insta::assert_snapshot!(said(case), @"
    Accounts would be found and made otherwise than by the last good pass, of 2026-11-23: district_id was not set and is 'd2'; user_identity_type was 'federatedID' and is 'enterpriseID'. People may look new who are not, so no account is made, and nothing is taken from anybody but what a date ended.
    Look at HELD in plan.txt. If this is not meant, put the settings back as they were; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
    insta::assert_snapshot!(said(found(3, 90)), @"
    Of 93 people of the roster who have an account in Adobe, 90 have it under another identity type than the configured one. limits.max_other_identity_type allows 50 and 50%, so no account is made, and nothing is taken from anybody but what a date ended.
    Look at HELD in plan.txt. If their accounts are the right ones, set directory_users.user_identity_type to their type; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
}
