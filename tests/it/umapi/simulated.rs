//! The client against the simulated Adobe: what a lost answer must not change.

use roster_sync::reconcile::action::{Profile, Update};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::{Change, Kind, Plan, Removal};

use super::*;
use crate::simulators::adobe::{Account, Adobe, Identity, Latency, Org};

/// A client of the organization; its requests to the path meet the fault once.
fn client(adobe: &Adobe, clock: &Clock) -> Client {
    let org = adobe.org();
    let now = clock.now();
    let deadline = Deadline::new(now, now.checked_add(Duration::from_mins(15)).unwrap());
    let http = Http::new(
        Transport::new(Hosts::as_written()).unwrap(),
        clock.clone(),
        Invocation::new(deadline),
    );
    let credentials = Credentials {
        client_id: org.client_id.into(),
        client_secret: org.client_secret.into(),
        org_id: org.id,
    };
    let settings = Settings::default();
    Client::new(
        http,
        &configuration(&adobe.server, &settings),
        credentials,
        false,
    )
}

async fn organization() -> (Adobe, Clock) {
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let org = Org::new().profiles(["Spark", "All Apps"]);
    let adobe = Adobe::start(clock.clone(), Latency::none(), org).await;
    (adobe, clock)
}

/// A pupil who signs in under another name than the address, with 120 groups: two actions.
fn with_a_login(login: &str, domain: Option<&str>, groups: &[GroupName]) -> Change {
    let email = Email::new("Kim@school.example");
    Change {
        address: Address {
            identity_type: IdentityType::Federated,
            user: Email::new(login),
            domain: domain.map(str::to_owned),
        },
        email: email.clone(),
        kind: Kind::Creation,
        create: Some(Profile {
            email,
            first_name: Some("Kim".to_owned()),
            last_name: Some("K".to_owned()),
            country: "US".parse().unwrap(),
            update_existing: false,
        }),
        update: Update::default(),
        remove: Removal::none(),
        ended: std::collections::BTreeMap::new(),
        add: groups
            .iter()
            .map(|group| (group.clone(), BTreeSet::new()))
            .collect(),
        groups_before: BTreeSet::new(),
        names_before: (None, None),
        directory_groups: BTreeSet::new(),
    }
}

fn plan(login: &str, domain: Option<&str>) -> Plan {
    let names: Vec<String> = (0..120)
        .map(|number| format!("Group {number:03}"))
        .collect();
    let names: Vec<GroupName> = names.iter().map(|name| GroupName::new(name)).collect();
    Plan {
        changes: vec![with_a_login(login, domain, &names)],
        new_groups: names,
        ..Plan::default()
    }
}

/// Carries the plan out; with `lost`, the answer to every second action request never comes.
async fn carried_out(plan: &Plan, lost: Option<Fault>) -> (String, Adobe) {
    let (adobe, clock) = organization().await;
    let mut asked = 0;
    if let Some(fault) = lost {
        adobe.server.fault(Box::new(move |request| {
            let action = request.path.contains("/action/");
            asked += usize::from(action);
            (action && asked % 2 == 1).then(|| fault.clone())
        }));
    }
    let client = client(&adobe, &clock);
    for batch in pack(plan) {
        let outcome = client
            .apply(&batch, submission(false, Last::No))
            .await
            .unwrap();
        let done = vec![Vec::new(); batch.actions().len()];
        assert_eq!(codes(&outcome), done);
    }
    (adobe.snapshot(), adobe)
}

#[tokio::test]
async fn answers_that_are_lost_change_nothing_of_new_groups_and_creations() {
    for (login, domain) in [
        ("kimk", Some("login.example")),
        ("kk@login.example", None),
        ("Kim@school.example", None),
    ] {
        let plan = plan(login, domain);
        let (undisturbed, adobe) = carried_out(&plan, None).await;
        let account = adobe.account(Identity::Federated, "kim@school.example");
        let account = account.expect("the account was made under its address");
        assert_eq!(account.username, login);
        assert_eq!(account.groups.len(), 120);
        assert_eq!(adobe.users().len(), 1);

        for fault in [
            Fault::ResetAfterEffect,
            Fault::ReplyAfterEffect(Response::empty(504)),
            Fault::Truncate(50),
        ] {
            let (disturbed, _) = carried_out(&plan, Some(fault)).await;
            assert_eq!(disturbed, undisturbed, "{login}");
        }
    }
}

#[tokio::test]
async fn later_actions_name_the_account_as_adobe_knows_it_then() {
    let names = |login: &str, domain| -> Vec<String> {
        let batches = pack(&plan(login, domain));
        let actions = batches.iter().flat_map(Batch::actions);
        actions
            .filter_map(|action| action.target.address())
            .map(|address| {
                let domain = address.domain.as_deref().unwrap_or("-");
                format!("{} {domain}", address.user.as_str())
            })
            .collect()
    };
    assert_eq!(
        names("kk@login.example", None),
        ["kk@login.example -", "Kim@school.example -"]
    );
    assert_eq!(
        names("kimk", Some("login.example")),
        ["kimk login.example", "kimk login.example"]
    );
}

#[tokio::test]
async fn groups_come_before_all_that_may_name_them() {
    let batches = pack(&plan("kimk", Some("login.example")));
    let groups: Vec<usize> = batches
        .iter()
        .map(|batch| {
            let groups = batch.actions().iter();
            groups
                .filter_map(|action| action.target.new_group())
                .count()
        })
        .collect();
    assert_eq!(groups, [vec![10; 12], vec![0, 0]].concat());
}

#[tokio::test]
async fn an_account_that_is_made_and_another_of_its_address_never_share_a_request() {
    let mut plan = plan("kk@login.example", None);
    let mut other = plan.changes[0].clone();
    other.create = None;
    other.address.user = Email::new("KIM@school.example");
    plan.changes.push(other);
    plan.new_groups.clear();
    for batch in pack(&plan) {
        assert_eq!(batch.actions().len(), 1);
    }
}

#[tokio::test]
async fn a_plan_that_is_sent_once_more_after_nobody_noted_it_changes_nothing() {
    let mut plan = plan("Kim@school.example", None);
    let mut leaver = plan.changes[0].clone();
    leaver.create = None;
    leaver.add.clear();
    leaver.remove = Removal::FromOrg {
        delete_account: true,
    };
    leaver.email = Email::new("gone@school.example");
    leaver.address.user = leaver.email.clone();
    plan.changes.push(leaver);
    let (adobe, clock) = organization().await;
    adobe.put(Account::federated("gone@school.example"));
    let mut after = Vec::new();
    for repeated in [false, true] {
        let client = client(&adobe, &clock);
        for batch in pack(&plan) {
            let submission = Submission {
                repeated,
                ..submission(false, Last::No)
            };
            let outcome = client.apply(&batch, submission).await.unwrap();
            assert_eq!(codes(&outcome), vec![Vec::new(); batch.actions().len()]);
        }
        after.push(adobe.snapshot());
    }
    assert_eq!(after[0], after[1]);
    assert!(!after[0].contains("gone@school.example"));
}
