//! The list of groups.

use super::*;

fn listing(names: &[&str], last: bool) -> Response {
    let groups: Vec<Value> = names
        .iter()
        .map(|name| json!({"groupId": 7, "groupName": name, "memberCount": 3}))
        .collect();
    Response::json(
        200,
        &json!({"lastPage": last, "result": "success", "groups": groups}),
    )
}

fn behind_the_end() -> Response {
    Response::json(200, &json!({"lastPage": true, "result": "Not found"}))
}

fn names(known: Result<BTreeSet<GroupName>, Error>) -> Vec<String> {
    let known = known.unwrap();
    known.iter().map(|name| name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn pages_are_read_to_the_one_that_says_it_is_the_last() {
    let world = World::new([
        listing(&["Music", "_org_admin"], false),
        listing(&["Art"], true),
    ])
    .await;
    assert_eq!(names(world.groups().await), ["_org_admin", "Art", "Music"]);
    let asked = world.asked(GROUPS);
    let urls: Vec<String> = asked
        .iter()
        .map(|request| format!("{} {}?{}", request.method, request.path, request.query))
        .collect();
    assert_eq!(
        urls,
        [0, 1].map(|page| format!("GET {GROUPS}12AB@AdobeOrg/{page}?"))
    );
}

#[tokio::test]
async fn a_page_behind_the_last_one_is_the_end() {
    let world = World::new([listing(&["Art"], false), behind_the_end()]).await;
    assert_eq!(names(world.groups().await), ["Art"]);
    // Or the last one comes again.
    let world = World::new([listing(&["Art"], false), listing(&["Art"], true)]).await;
    assert_eq!(names(world.groups().await), ["Art"]);
}

#[tokio::test]
async fn a_group_without_a_type_counts_and_one_without_a_name_does_not() {
    let body = json!({"lastPage": true, "result": "success", "tomorrow": {}, "groups": [
        {"groupName": "Art", "type": null, "licenseQuota": "UNLIMITED"}, {"groupName": " "}, {"groupId": 3}]});
    let world = World::new([Response::json(200, &body)]).await;
    assert_eq!(names(world.groups().await), ["Art"]);
}

#[tokio::test]
async fn a_page_that_leaves_something_open_ends_the_reading() {
    for (reply, expected) in [
        (behind_the_end(), "success"),
        (
            Response::json(200, &json!({"result": "success", "lastPage": true})),
            "no list of groups",
        ),
        (
            Response::json(200, &json!({"result": "success", "groups": []})),
            "whether it is the last",
        ),
        (
            Response::json(
                200,
                &json!({"result": "success", "lastPage": true, "groups": ["planted"]}),
            ),
            "another type",
        ),
        (listing(&[], false), "names no group"),
    ] {
        let world = World::new([reply]).await;
        let error = world.groups().await.unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, Error::BadReply { .. }), "{text}");
        assert!(
            text.contains(expected) && text.contains("Adobe groups"),
            "{text}"
        );
        assert!(!text.contains("planted"), "{text}");
    }
}

#[tokio::test]
async fn a_list_that_is_refused_is_never_an_empty_one() {
    for status in [404, 403, 401, 400] {
        let body = json!({"result": "error.organization.invalid", "lastPage": false});
        let world = World::new([Response::json(status, &body)]).await;
        assert_eq!(refused(&world.groups().await.unwrap_err()).0, status);
    }
}

#[tokio::test]
async fn a_reply_that_was_cut_is_fetched_again() {
    let world = World::new([listing(&["Art"], true)]).await;
    world.fault_once(Fault::CutBody(60));
    assert_eq!(names(world.groups().await), ["Art"]);
    assert_eq!(world.asked(GROUPS).len(), 2);
}

#[tokio::test]
async fn a_wait_beyond_the_end_is_handed_on() {
    let world = World::new([Response::empty(429).with("retry-after", "1938")]).await;
    match world.groups().await {
        Err(Error::OutOfTime { wait }) => assert_eq!(wait, Duration::from_secs(1938)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn groups_keep_a_pace_of_their_own() {
    let pages: Vec<String> = (0..6).map(|number| format!("Group {number}")).collect();
    let pages = pages.iter().enumerate();
    let world = World::new(pages.map(|(number, name)| listing(&[name], number == 5))).await;
    world.groups().await.unwrap();
    assert!(
        world.seconds() >= 60.0,
        "five a minute: {}",
        world.seconds()
    );

    let world = World::new([page(&[], true)]).await;
    for _ in 0..6 {
        world.read().await.unwrap();
    }
    world.script([listing(&["Art"], true)]);
    world.groups().await.unwrap();
    assert!(world.seconds() < 10.0, "{}", world.seconds());
}

#[tokio::test]
async fn the_list_of_groups_is_the_last_request_of_a_plan() {
    let world = World::new([page(&[], true), listing(&["Art"], true)]).await;
    world.read().await.unwrap();
    world.script([
        listing(&["Art"], false).with("X-Page-Count", "2"),
        listing(&["Music"], true),
    ]);
    world.client.groups(Last::Yes).await.unwrap();
    assert_eq!(
        marks(&world.asked("/v2/")),
        [Some("umapi-sync-start"), None, Some("umapi-sync-end")]
    );
}
