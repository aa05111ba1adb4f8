//! The lists of single groups.

use super::*;

/// Who is there, with their groups.
fn people(directory: &Directory) -> Vec<String> {
    let names = |user: &roster_sync::model::directory::User| -> Vec<String> {
        user.groups
            .iter()
            .map(|group| group.as_str().to_owned())
            .collect()
    };
    let users = directory.users.iter();
    users
        .map(|user| format!("{}: {}", user.email.as_str(), names(user).join(", ")))
        .collect()
}

/// Listed without groups, as Adobe has done at times.
fn bare(email: &str) -> Value {
    json!({"email": email, "username": email, "type": "federatedID"})
}

#[tokio::test]
async fn each_group_is_read_and_accounts_are_united() {
    let world = World::new([
        page(
            &[listed("a@school.example"), bare("b@school.example")],
            false,
        ),
        page(&[bare("c@school.example")], true),
        page(
            &[bare("b@school.example"), listed("d@school.example")],
            true,
        ),
    ])
    .await;
    let directory = world.read_members(&["Music", "Drama"]).await.unwrap();
    assert_eq!(
        people(&directory),
        [
            "a@school.example: Art, Drama",
            "b@school.example: Drama, Music",
            "c@school.example: Drama",
            "d@school.example: Art, Music",
        ]
    );
    assert!(directory.unread_groups.is_empty());
    let paths: Vec<String> = world
        .asked(USERS)
        .iter()
        .map(|request| format!("{}?{}", request.path, request.query))
        .collect();
    assert_eq!(
        paths,
        ["0/Drama", "1/Drama", "0/Music"]
            .map(|end| format!("{USERS}12AB@AdobeOrg/{end}?directOnly=true"))
    );
}

#[tokio::test]
async fn a_name_is_one_segment_of_the_path() {
    for (name, segment) in [
        ("Class 5/6", "Class%205%2F6"),
        ("100% Art?#x", "100%25%20Art%3F%23x"),
        ("a\\b", "a%5Cb"),
        ("Übung", "%C3%9Cbung"),
        ("..x", "..x"),
        ("%2E%2E", "%252E%252E"),
    ] {
        let world = World::new([page(&[bare("a@school.example")], true)]).await;
        let directory = world.read_members(&[name]).await.unwrap();
        assert_eq!(directory.users.len(), 1);
        assert_eq!(
            world.asked(USERS)[0].path,
            format!("{USERS}12AB@AdobeOrg/0/{segment}")
        );
    }
}

#[tokio::test]
async fn a_name_that_would_lead_to_another_list_is_not_asked_for() {
    let world = World::new([page(&[bare("a@school.example")], true)]).await;
    let directory = world.read_members(&["..", ".", "Art"]).await.unwrap();
    assert_eq!(people(&directory), ["a@school.example: Art"]);
    let unread: Vec<_> = directory
        .unread_groups
        .iter()
        .map(GroupName::as_str)
        .collect();
    assert_eq!(unread, [".", ".."]);
    assert_eq!(world.asked(USERS).len(), 1);
}

#[tokio::test]
async fn a_group_that_adobe_does_not_have_is_told_and_the_others_are_read() {
    let body = json!({"result": "error.group.not_found", "message": "planted", "lastPage": false});
    let world = World::new([
        page(&[bare("a@school.example")], true),
        Response::json(404, &body),
        page(&[bare("c@school.example")], true),
    ])
    .await;
    let directory = world
        .read_members(&["Art", "Drama", "Music"])
        .await
        .unwrap();
    assert_eq!(
        people(&directory),
        ["a@school.example: Art", "c@school.example: Music"]
    );
    assert_eq!(
        directory.unread_groups,
        groups(&["Drama"]).into_iter().collect()
    );
}

#[tokio::test]
async fn a_group_that_goes_in_the_middle_is_not_half_read() {
    let world = World::new([
        page(&[bare("a@school.example")], true),
        page(&[bare("b@school.example")], false),
        Response::empty(404),
    ])
    .await;
    let directory = world.read_members(&["Art", "Drama"]).await.unwrap();
    assert_eq!(people(&directory), ["a@school.example: Art"]);
    assert_eq!(
        directory.unread_groups,
        groups(&["Drama"]).into_iter().collect()
    );
}

#[tokio::test]
async fn whatever_else_is_wrong_with_a_list_ends_the_reading() {
    for reply in [
        Response::empty(403),
        Response::empty(400),
        Response::json(200, &json!({"lastPage": true, "result": "Not found"})),
    ] {
        let world = World::new([reply]).await;
        assert!(world.read_members(&["Art"]).await.is_err());
    }
    let circle = page(&[bare("a@school.example")], false);
    let world = World::new([circle]).await;
    let error = world.read_members(&["Art"]).await.unwrap_err().to_string();
    assert!(
        error.contains("page 1") && error.contains("users of a group"),
        "{error}"
    );
}

#[tokio::test]
async fn who_is_in_two_groups_is_no_circle() {
    let world = World::new([
        page(&[bare("a@school.example")], true),
        page(&[bare("a@school.example")], false),
        page(&[bare("b@school.example")], true),
    ])
    .await;
    let directory = world.read_members(&["Art", "Drama"]).await.unwrap();
    assert_eq!(
        people(&directory),
        ["a@school.example: Art, Drama", "b@school.example: Drama"]
    );
}

#[tokio::test]
async fn the_last_page_of_the_last_group_is_marked() {
    let counted = |email: &str| page(&[bare(email)], true).with("X-Page-Count", "1");
    let world = World::new([counted("a@school.example"), counted("b@school.example")]).await;
    let scope = Scope::Members(groups(&["Art", "Drama", "Music"]).into_iter().collect());
    world.client.read(&scope, Last::Yes).await.unwrap();
    // Whether a page is the only one is known when it is there.
    assert_eq!(
        marks(&world.asked(USERS)),
        [Some("umapi-sync-start"), None, None]
    );
}

#[tokio::test]
async fn lists_of_groups_keep_the_pace_of_users() {
    let world = World::new([page(&[bare("a@school.example")], true)]).await;
    let names: Vec<String> = (0..26).map(|number| format!("Group {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.read_members(&names).await.unwrap();
    assert_eq!(world.asked(USERS).len(), 26);
    assert!(world.seconds() >= 60.0, "{}", world.seconds());
}

#[tokio::test]
async fn nobody_is_read_of_no_group() {
    let world = World::new([Response::empty(500)]).await;
    assert!(world.read_members(&[]).await.unwrap().users.is_empty());
    assert!(world.asked(USERS).is_empty());
}
