//! The list of users.

use super::*;

/// Somebody on a page of their own.
fn one(number: usize, last: bool) -> Response {
    page(&[listed(&format!("pupil{number}@school.example"))], last)
}

fn emails(directory: &Directory) -> Vec<&str> {
    directory
        .users
        .iter()
        .map(|user| user.email.as_str())
        .collect()
}

fn reason(result: Result<Directory, Error>) -> String {
    match result {
        Err(error @ Error::BadReply { .. }) => error.to_string(),
        other => panic!("not a bad reply: {other:?}"),
    }
}

#[tokio::test]
async fn pages_are_read_to_the_one_that_says_it_is_the_last() {
    let world = World::new([
        page(
            &[listed("b@school.example"), listed("a@school.example")],
            false,
        ),
        page(&[listed("c@school.example")], false),
        page(
            &[listed("d@school.example"), listed("a@school.example")],
            true,
        ),
    ])
    .await;
    let directory = world.read().await.unwrap();
    assert_eq!(
        emails(&directory),
        [
            "a@school.example",
            "b@school.example",
            "c@school.example",
            "d@school.example"
        ]
    );
    let asked = world.asked(USERS);
    let urls: Vec<String> = asked
        .iter()
        .map(|request| format!("{} {}?{}", request.method, request.path, request.query))
        .collect();
    assert_eq!(
        urls,
        [0, 1, 2].map(|page| format!("GET {USERS}12AB@AdobeOrg/{page}?directOnly=true"))
    );
    assert!(asked.iter().all(|request| request.body.is_empty()));
    assert!(
        asked
            .iter()
            .all(|request| request.header("content-type").is_none())
    );
}

#[tokio::test]
async fn all_that_adobe_tells_of_an_account_is_kept() {
    let world = World::new([page(
        &[
            json!({"email": "Kim.K@School.example", "username": "kimk", "domain": "school.example",
            "type": "FEDERATEDID", "firstname": "Kim", "lastname": "K", "groups": ["Art", "_org_admin"]}),
        ],
        true,
    )])
    .await;
    let directory = world.read().await.unwrap();
    let user = &directory.users[0];
    assert_eq!(user.identity_type, IdentityType::Federated);
    assert_eq!(user.email.as_str(), "Kim.K@School.example");
    assert_eq!(user.username.as_deref(), Some("kimk"));
    assert_eq!(user.domain.as_deref(), Some("school.example"));
    assert_eq!(user.first_name.as_deref(), Some("Kim"));
    assert_eq!(user.last_name.as_deref(), Some("K"));
    assert!(user.is_admin());
    assert_eq!(
        user.groups,
        groups(&["art", "_org_admin"]).into_iter().collect()
    );
}

#[tokio::test]
async fn what_is_missing_of_an_account_is_not_made_up() {
    let world = World::new([page(
        &[
            json!({"email": "a@school.example", "type": "enterpriseID", "tomorrow": {"new": [1]}}),
            json!({"email": "b@school.example", "type": "adobeID", "username": null, "domain": "",
            "firstname": "", "lastname": null, "groups": null}),
        ],
        true,
    )])
    .await;
    let directory = world.read().await.unwrap();
    assert_eq!(
        emails(&directory),
        ["b@school.example", "a@school.example"],
        "sorted by type first"
    );
    for user in &directory.users {
        assert!(user.groups.is_empty());
        assert_eq!(user.username, None);
        assert_eq!(user.domain, None);
        assert_eq!(user.first_name, None);
        assert_eq!(user.last_name, None);
    }
}

#[tokio::test]
async fn accounts_of_no_known_type_and_without_an_address_are_left_out() {
    let world = World::new([page(
        &[
            json!({"email": "a@school.example", "type": "unknown"}),
            json!({"email": "b@school.example"}),
            json!({"username": "nobody", "type": "federatedID"}),
            json!({"username": "c@school.example", "type": "federatedID"}),
        ],
        true,
    )])
    .await;
    let directory = world.read().await.unwrap();
    assert_eq!(emails(&directory), ["c@school.example"]);
}

#[tokio::test]
async fn an_adobe_id_and_an_owned_account_with_one_address_are_both_read() {
    let twin = |kind: &str| json!({"email": "a@school.example", "username": "a@school.example", "type": kind});
    let world = World::new([page(&[twin("adobeID"), twin("federatedID")], true)]).await;
    assert_eq!(world.read().await.unwrap().users.len(), 2);
}

#[tokio::test]
async fn an_organization_without_users_is_read() {
    let world = World::new([page(&[], true)]).await;
    assert!(world.read().await.unwrap().users.is_empty());
}

#[tokio::test]
async fn a_page_that_leaves_something_open_ends_the_reading() {
    let users = json!([listed("planted@school.example")]);
    for (body, expected) in [
        (
            json!({"result": "success", "users": users}),
            "whether it is the last",
        ),
        (
            json!({"result": "success", "lastPage": null, "users": users}),
            "whether it is the last",
        ),
        (
            json!({"result": "success", "lastPage": true}),
            "no list of users",
        ),
        (json!({"lastPage": true, "users": users}), "success"),
        (json!({"lastPage": true, "result": "Not found"}), "success"),
        (
            json!({"lastPage": true, "result": "success", "users": {"planted": 1}}),
            "another type",
        ),
        (
            json!({"lastPage": true, "result": "success", "users": [{"email": ["planted"]}]}),
            "another type",
        ),
    ] {
        let world = World::new([Response::json(200, &body)]).await;
        let reason = reason(world.read().await);
        assert!(
            reason.contains(expected) && reason.contains("page 0"),
            "{reason}"
        );
        assert!(!reason.contains("planted"), "{reason}");
        assert_eq!(
            world.asked(USERS).len(),
            1,
            "a whole reply is not asked for again"
        );
    }
}

#[tokio::test]
async fn a_listing_that_goes_round_in_circles_ends_the_reading() {
    let world = World::new([one(1, false), one(2, false), one(2, false)]).await;
    let reason = reason(world.read().await);
    assert!(reason.contains("page 2"), "{reason}");
    assert_eq!(world.asked(USERS).len(), 3);
}

#[tokio::test]
async fn a_last_page_that_brings_nothing_new_is_the_end_all_the_same() {
    let world = World::new([one(1, false), one(1, true)]).await;
    assert_eq!(world.read().await.unwrap().users.len(), 1);
}

#[tokio::test]
async fn a_page_of_accounts_that_are_left_out_is_not_the_end() {
    let unknown = json!({"email": "a@school.example", "type": "unknown"});
    let world = World::new([page(&[unknown], false), one(1, true)]).await;
    assert_eq!(world.read().await.unwrap().users.len(), 1);
}

#[tokio::test]
async fn a_reply_that_was_cut_is_fetched_again() {
    for fault in [Fault::CutBody(60), Fault::CutBody(0), Fault::Truncate(60)] {
        let world = World::new([one(1, true)]).await;
        world.fault_once(fault);
        assert_eq!(world.read().await.unwrap().users.len(), 1);
        assert_eq!(world.asked(USERS).len(), 2);
        assert!(world.seconds() >= 15.0, "not at once: {}", world.seconds());
    }
}

#[tokio::test]
async fn a_reply_that_is_cut_every_time_ends_the_reading() {
    let world = World::new([one(1, true)]).await;
    world.server.fault(Box::new(|request| {
        (request.path != TOKENS).then_some(Fault::CutBody(60))
    }));
    let reason = reason(world.read().await);
    assert!(reason.contains("not JSON"), "{reason}");
    assert_eq!(world.asked(USERS).len(), 4);
}

#[tokio::test]
async fn a_list_that_is_refused_is_never_an_empty_one() {
    for (status, advice) in [
        (404, "org_id"),
        (403, "User Management API"),
        (401, "org_id"),
        (400, "org_id"),
        (302, "server.host"),
    ] {
        let body = json!({"result": "error.group.not_found", "message": "planted", "lastPage": true, "users": []});
        let world = World::new([Response::json(status, &body)]).await;
        let error = world.read().await.unwrap_err();
        let (refused, said) = refused(&error);
        assert_eq!(refused, status);
        assert!(said.contains(advice), "{said}");
    }
}

#[tokio::test]
async fn an_outage_in_the_middle_is_sat_out_or_ends_the_reading() {
    let world = World::new([one(1, false), Response::empty(503), one(2, true)]).await;
    assert_eq!(world.read().await.unwrap().users.len(), 2);

    let world = World::new([one(1, false), Response::empty(500)]).await;
    let error = world.read().await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert_eq!(world.asked(USERS).len(), 1 + 4);
}

#[tokio::test]
async fn a_wait_beyond_the_end_is_handed_on() {
    let busy = Response::empty(429).with("retry-after", "1938");
    let world = World::new([busy]).await;
    match world.read().await {
        Err(Error::OutOfTime { wait }) => assert_eq!(wait, Duration::from_secs(1938)),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.asked(USERS).len(), 1);
    assert!(world.seconds() < 2.0, "nobody waits for what does not come");
}

#[tokio::test]
async fn the_first_page_is_marked_and_the_last_one_of_a_reading_alone() {
    let counted = |response: Response| response.with("X-Page-Count", "3");
    let three = || {
        [
            counted(one(1, false)),
            counted(one(2, false)),
            counted(one(3, true)),
        ]
    };
    let world = World::new(three()).await;
    world
        .client
        .read(&Scope::Everybody, Last::Yes)
        .await
        .unwrap();
    assert_eq!(
        marks(&world.asked(USERS)),
        [Some("umapi-sync-start"), None, Some("umapi-sync-end")]
    );

    let world = World::new(three()).await;
    world.read().await.unwrap();
    assert_eq!(
        marks(&world.asked(USERS)),
        [Some("umapi-sync-start"), None, None]
    );

    let world = World::new([one(1, true).with("X-Page-Count", "1")]).await;
    world
        .client
        .read(&Scope::Everybody, Last::Yes)
        .await
        .unwrap();
    assert_eq!(marks(&world.asked(USERS)), [Some("umapi-sync-start")]);
}

#[tokio::test]
async fn a_page_that_is_sent_again_keeps_its_mark() {
    let world = World::new([Response::empty(502), Response::empty(401), one(1, true)]).await;
    world.read().await.unwrap();
    assert_eq!(
        marks(&world.asked(USERS)),
        [Some("umapi-sync-start"); 3],
        "all three are the first request"
    );
}

#[tokio::test]
async fn pages_keep_adobes_pace() {
    let pages = (0..26).map(|number| one(number, number == 25));
    let world = World::new(pages).await;
    world.read().await.unwrap();
    assert_eq!(world.asked(USERS).len(), 26);
    assert!(world.seconds() >= 60.0, "{}", world.seconds());
}
