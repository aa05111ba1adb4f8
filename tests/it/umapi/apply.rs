//! Batches as they are written and sent.

use roster_sync::model::id::Country;
use roster_sync::reconcile::action::{Profile, Update};

use super::*;

fn with(identity_type: IdentityType, user: &str, commands: Vec<Command>) -> Action {
    of(address(identity_type, user), commands)
}

fn of(address: Address, commands: Vec<Command>) -> Action {
    Action {
        request_id: "r".to_owned(),
        target: Target::Account { change: 0, address },
        commands,
    }
}

fn creation(update_existing: bool) -> Command {
    Command::Create(Profile {
        email: Email::new("Kim@School.example"),
        first_name: Some("Kim".to_owned()),
        last_name: None,
        country: "US".parse::<Country>().unwrap(),
        update_existing,
    })
}

/// What is sent for one action.
async fn written(action: Action) -> Value {
    let world = World::new([done(1)]).await;
    world.apply(vec![action]).await.unwrap();
    let mut sent = world.sent();
    assert_eq!(sent.len(), 1);
    sent.remove(0)
}

#[tokio::test]
async fn a_creation_carries_its_profile_and_all_that_follows() {
    let action = with(
        IdentityType::Federated,
        "Kim@School.example",
        vec![creation(false), Command::Add(groups(&["Art", "Music"]))],
    );
    assert_eq!(
        written(action).await,
        json!([{"user": "Kim@School.example", "requestID": "r", "do": [
            {"createFederatedID": {"email": "Kim@School.example", "firstname": "Kim", "country": "US",
                "option": "ignoreIfAlreadyExists"}},
            {"add": {"group": ["Art", "Music"]}}]}])
    );
}

#[tokio::test]
async fn every_identity_type_is_created_in_its_own_way() {
    let profile = json!({"email": "Kim@School.example", "firstname": "Kim", "country": "US",
        "option": "updateIfAlreadyExists"});
    let action = |identity_type| with(identity_type, "Kim@School.example", vec![creation(true)]);
    assert_eq!(
        written(action(IdentityType::Enterprise)).await,
        json!([{"user": "Kim@School.example", "requestID": "r", "do": [{"createEnterpriseID": profile}]}])
    );
    assert_eq!(
        written(action(IdentityType::Adobe)).await,
        json!([{"user": "Kim@School.example", "useAdobeID": true, "requestID": "r",
            "do": [{"addAdobeID": profile}]}])
    );
}

#[tokio::test]
async fn changes_and_removals_are_written_as_adobe_wants_them() {
    let update = Update {
        email: Some(Email::new("k@school.example")),
        username: Some("kim".to_owned()),
        last_name: Some("K".to_owned()),
        ..Update::default()
    };
    let action = with(
        IdentityType::Federated,
        "kim@school.example",
        vec![
            Command::Update(update),
            Command::Remove(groups(&["Music"])),
            Command::Add(groups(&["Art"])),
        ],
    );
    assert_eq!(
        written(action).await,
        json!([{"user": "kim@school.example", "requestID": "r", "do": [
            {"update": {"email": "k@school.example", "username": "kim", "lastname": "K"}},
            {"remove": {"group": ["Music"]}},
            {"add": {"group": ["Art"]}}]}])
    );
    for (command, step) in [
        (Command::RemoveAll, json!({"remove": "all"})),
        (
            Command::RemoveFromOrg {
                delete_account: false,
            },
            json!({"removeFromOrg": {"deleteAccount": false}}),
        ),
        (
            Command::RemoveFromOrg {
                delete_account: true,
            },
            json!({"removeFromOrg": {"deleteAccount": true}}),
        ),
    ] {
        let action = with(
            IdentityType::Enterprise,
            "kim@school.example",
            vec![command],
        );
        assert_eq!(
            written(action).await,
            json!([{"user": "kim@school.example", "requestID": "r", "do": [step]}])
        );
    }
}

#[tokio::test]
async fn a_domain_stands_beside_a_login_name_only() {
    for (user, domain) in [
        ("kim", Some("school.example")),
        ("kim@school.example", None),
    ] {
        let action = of(
            Address {
                domain: Some("school.example".to_owned()),
                ..address(IdentityType::Federated, user)
            },
            vec![Command::RemoveAll],
        );
        let body = written(action).await;
        assert_eq!(
            body[0].get("domain").and_then(Value::as_str),
            domain,
            "{body}"
        );
        assert_eq!(body[0]["user"], user);
    }
}

#[tokio::test]
async fn a_creation_names_the_login_and_its_profile_the_address() {
    for (login, domain) in [("kimk", Some("school.example")), ("kk@login.example", None)] {
        let address = Address {
            domain: domain.map(str::to_owned),
            ..address(IdentityType::Federated, login)
        };
        let body = written(of(address, vec![creation(false)])).await;
        assert_eq!(body[0]["user"], login);
        assert_eq!(body[0].get("domain").and_then(Value::as_str), domain);
        let step = &body[0]["do"][0]["createFederatedID"];
        assert_eq!(step["email"], "Kim@School.example");
        assert!(step.get("username").is_none(), "{body}");
    }
}

#[tokio::test]
async fn a_user_group_is_made_under_its_name() {
    assert_eq!(
        written(new_group(1, "Class 5/6 Ä")).await,
        json!([{"usergroup": "Class 5/6 Ä", "requestID": "group-1", "do": [
            {"createUserGroup": {"description": "Made by roster-sync", "option": "ignoreIfAlreadyExists"}}]}])
    );
}

#[tokio::test]
async fn a_batch_is_one_request_in_its_order() {
    let world = World::new([done(10)]).await;
    let outcome = world.apply(actions(10)).await.unwrap();
    assert_eq!(codes(&outcome), vec![Vec::new(); 10]);
    assert!(!outcome.unreachable);
    let sent = world.sent();
    assert_eq!(sent.len(), 1);
    let ids: Vec<&str> = (0..10)
        .map(|position| sent[0][position]["requestID"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        (0..10).map(|n| format!("action-{n}")).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn headers_are_those_that_adobe_asks_for() {
    let world = World::new([done(1)]).await;
    for _ in 0..3 {
        world.apply(actions(1)).await.unwrap();
    }
    let requests = world.asked(ACTIONS);
    let ids: BTreeSet<_> = requests
        .iter()
        .map(|request| request.header("x-request-id").unwrap())
        .collect();
    assert_eq!(ids.len(), 3, "each its own");
    for request in &requests {
        assert_eq!(
            (request.method.as_str(), request.query.as_str()),
            ("POST", "")
        );
        assert_eq!(
            request.header("content-type"),
            Some("application/json"),
            "no charset"
        );
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("x-api-key"), Some("planted-id"));
        assert!(
            request
                .header("user-agent")
                .unwrap()
                .starts_with("roster-sync/")
        );
    }
}

#[tokio::test]
async fn first_and_last_request_are_marked() {
    let world = World::new([page(&[], true), done(1)]).await;
    let batch = Batch::try_from(actions(1)).unwrap();
    world.read().await.unwrap();
    world
        .client
        .apply(&batch, submission(false, Last::No))
        .await
        .unwrap();
    world
        .client
        .apply(&batch, submission(false, Last::Yes))
        .await
        .unwrap();
    assert_eq!(
        marks(&world.asked("/v2/")),
        [Some("umapi-sync-start"), None, Some("umapi-sync-end")]
    );
}

#[tokio::test]
async fn a_test_is_asked_for_and_counted_apart() {
    let counts = |result: &str, completed: usize, in_test: usize| {
        Response::json(
            200,
            &json!({"result": result, "completed": completed, "notCompleted": 0, "completedInTestMode": in_test}),
        )
    };
    let batch = Batch::try_from(actions(2)).unwrap();
    let world = World::new([counts("success", 0, 2)]).await;
    let outcome = world
        .client
        .apply(&batch, submission(true, Last::No))
        .await
        .unwrap();
    assert_eq!(codes(&outcome), vec![Vec::new(); 2]);
    assert_eq!(world.asked(ACTIONS)[0].query, "testOnly=true");

    // What was checked only is not done, and the other way round.
    let outcome = world
        .client
        .apply(&batch, submission(false, Last::No))
        .await
        .unwrap();
    assert_eq!(codes(&outcome), all_failed(2, "reply-unreadable"));
    world.script([counts("success", 2, 0)]);
    let outcome = world
        .client
        .apply(&batch, submission(true, Last::No))
        .await
        .unwrap();
    assert_eq!(codes(&outcome), all_failed(2, "reply-unreadable"));
}

#[tokio::test]
async fn the_eleventh_batch_waits_for_the_first_to_leave_the_window() {
    let world = World::new([done(1)]).await;
    for _ in 0..10 {
        world.apply(actions(1)).await.unwrap();
    }
    assert!(world.seconds() < 6.0, "{}", world.seconds());
    world.apply(actions(1)).await.unwrap();
    assert!(
        (60.0..62.0).contains(&world.seconds()),
        "{}",
        world.seconds()
    );
}

#[tokio::test]
async fn users_and_actions_have_a_window_each() {
    let world = World::new([done(1)]).await;
    for _ in 0..10 {
        world.apply(actions(1)).await.unwrap();
    }
    world.script([page(&[], true)]);
    world.read().await.unwrap();
    assert!(world.seconds() < 7.0, "{}", world.seconds());
}

#[test]
fn only_what_keeps_adobes_limits_is_a_batch() {
    assert!(Batch::try_from(actions(10)).is_ok());
    assert!(Batch::try_from(actions(11)).is_err());
    assert!(Batch::try_from(Vec::new()).is_err());
    assert!(
        Batch::try_from(vec![action(1), action(1)]).is_err(),
        "an account twice"
    );
    assert!(Batch::try_from(vec![new_group(1, "Art"), new_group(2, "Music")]).is_ok());
    assert!(
        Batch::try_from(vec![new_group(1, "Art"), new_group(2, "ART")]).is_err(),
        "a group twice"
    );
    assert!(
        Batch::try_from(vec![new_group(1, "Art"), action(1)]).is_err(),
        "a new group among accounts"
    );
    let mut long = action(1);
    long.commands = vec![Command::RemoveAll; 11];
    assert!(Batch::try_from(vec![long]).is_err());
}
