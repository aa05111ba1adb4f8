//! Pages of users and groups, and single users.

use serde_json::{Value, json};

use super::bare::{Bare, small};
use crate::simulators::adobe::{Account, Claim, Group, GroupKind, Identity, Org};

/// The addresses on a page.
fn emails(body: &Value) -> Vec<&str> {
    let users = body["users"].as_array().unwrap();
    users
        .iter()
        .map(|user| user["email"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_user_has_what_is_known_and_no_more() {
    let bare = Bare::start().await;
    let body = bare.get("users/ORG/0?directOnly=True").await.json();
    assert_eq!(body["result"], "success");
    assert_eq!(body["lastPage"], true);
    let mut users = body["users"].as_array().unwrap().clone();
    for user in &mut users {
        let id = user.as_object_mut().unwrap().remove("id");
        assert!(id.unwrap().is_string());
    }
    assert_eq!(
        users[0],
        json!({"email": "Ana@school.example", "username": "Ana@school.example", "domain": "school.example",
            "firstname": "Ana", "lastname": "Alpha", "country": "US", "status": "active", "type": "federatedID",
            "groups": ["Spark"]})
    );
    assert_eq!(
        users[2],
        json!({"email": "cleo@mail.example", "username": "cleo@mail.example", "domain": "mail.example",
            "country": "US", "status": "active", "type": "adobeID"})
    );
}

#[tokio::test]
async fn pages_come_with_headers_and_the_last_one_comes_again() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| rules.page_size = 2);
    let first = bare.get("users/ORG/0").await;
    assert_eq!(first.json()["lastPage"], false);
    assert_eq!(first.json()["users"].as_array().unwrap().len(), 2);
    for page in ["1", "2", "77"] {
        let reply = bare.get(&format!("users/ORG/{page}")).await;
        assert_eq!(emails(&reply.json()), ["cleo@mail.example"], "{page}");
        assert_eq!(reply.json()["lastPage"], true, "{page}");
        assert_eq!(reply.header("x-total-count"), "3");
        assert_eq!(reply.header("x-page-count"), "2");
        assert_eq!(reply.header("x-current-page"), "1");
        assert_eq!(reply.header("x-page-size"), "1");
    }
    for page in ["-1", "x", "1.0"] {
        let reply = bare.get(&format!("users/ORG/{page}")).await;
        assert_eq!(reply.status, 400, "{page}");
    }
    assert_eq!(bare.get("users/ORG/0?directOnly=yes").await.status, 400);
}

#[tokio::test]
async fn nobody_is_one_page_without_users() {
    let bare = Bare::of(Org::new()).await;
    let reply = bare.get("users/ORG/0").await;
    let expected = json!({"lastPage": true, "result": "success", "users": []});
    assert_eq!(reply.json(), expected);
    assert_eq!(reply.header("x-total-count"), "0");
}

#[tokio::test]
async fn technical_accounts_are_counted_and_not_shown() {
    let mut org = small();
    org.technical_accounts = 3;
    let bare = Bare::of(org).await;
    bare.adobe.rules(|rules| rules.page_size = 2);
    let sizes = [(0, 0), (1, 1), (2, 2)];
    for (page, shown) in sizes {
        let reply = bare.get(&format!("users/ORG/{page}")).await;
        assert_eq!(emails(&reply.json()).len(), shown, "{page}");
        assert_eq!(reply.json()["lastPage"], page == 2);
        assert_eq!(reply.header("x-total-count"), "6");
        assert_eq!(reply.header("x-page-size"), "2");
    }
    // They have no domain and are in no group.
    for path in ["users/ORG/0?domain=mail.example", "users/ORG/0/Spark"] {
        let reply = bare.get(path).await;
        assert_eq!(reply.header("x-total-count"), "1", "{path}");
    }
}

#[tokio::test]
async fn a_group_lists_its_users() {
    let bare = Bare::start().await;
    let body = bare.get("users/ORG/0/sPARK").await.json();
    assert_eq!(emails(&body), ["Ana@school.example"]);
    assert_eq!(body["groupName"], "Spark");
    assert_eq!(body["users"][0]["groups"], json!(["Spark"]));
    let body = bare
        .get("users/ORG/0/Spark?excludeGroups=true")
        .await
        .json();
    assert_eq!(body["users"][0].get("groups"), None);
    let body = bare.get("users/ORG/0/Art").await.json();
    assert!(emails(&body).is_empty());
}

#[tokio::test]
async fn a_group_is_named_in_the_path_percent_encoded() {
    let org = Org::new()
        .user_groups(["Art & Übung 50% / 2"])
        .account(Account::adobe("a@mail.example").in_groups(["Art & Übung 50% / 2"]));
    let bare = Bare::of(org).await;
    let path = "users/ORG/0/Art%20%26%20%C3%9Cbung%2050%25%20%2F%202";
    assert_eq!(emails(&bare.get(path).await.json()), ["a@mail.example"]);
}

#[tokio::test]
async fn an_unknown_group_and_an_unknown_domain_are_not_found() {
    let bare = Bare::start().await;
    for page in ["0", "7"] {
        let reply = bare.get(&format!("users/ORG/{page}/Nobody")).await;
        let expected = json!({"result": "error.group.not_found", "message": "The group was not found", "lastPage": false});
        assert_eq!((reply.status, reply.json()), (404, expected));
    }
    bare.adobe.rules(|rules| {
        let claim = Claim::new("school.example", Identity::Federated);
        rules.claimed_domains = Some(vec![claim]);
    });
    let body = bare.get("users/ORG/0?domain=school.example").await.json();
    assert_eq!(emails(&body).len(), 2);
    assert_eq!(bare.get("users/ORG/0?domain=x.example").await.status, 404);
}

#[tokio::test]
async fn memberships_through_a_user_group_are_shown_on_demand() {
    let mut spark = Group::new("Spark", GroupKind::UserGroup);
    spark.profiles.insert("Photoshop".to_owned());
    let org = Org::new()
        .group(spark)
        .profiles(["Photoshop"])
        .account(Account::adobe("a@mail.example").in_groups(["Spark"]));
    let bare = Bare::of(org).await;
    let direct = bare.get("users/ORG/0").await.json();
    assert_eq!(direct["users"][0]["groups"], json!(["Spark"]));
    let all = bare.get("users/ORG/0?directOnly=false").await.json();
    assert_eq!(all["users"][0]["groups"], json!(["Photoshop", "Spark"]));
    let members = bare.get("users/ORG/0/Photoshop").await.json();
    assert!(emails(&members).is_empty());
    let members = bare.get("users/ORG/0/Photoshop?directOnly=false").await;
    assert_eq!(emails(&members.json()), ["a@mail.example"]);
}

#[tokio::test]
async fn who_has_left_is_not_listed() {
    let org = small().account(Account::federated("old@school.example").outside());
    let bare = Bare::of(org).await;
    let body = bare.get("users/ORG/0").await.json();
    assert!(!emails(&body).contains(&"old@school.example"));
    let reply = bare.get("organizations/ORG/users/old@school.example").await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_single_user_is_found_by_address_or_by_login_name_and_domain() {
    let org = small()
        .account(Account::federated("Cleo@mail.example").named("Cleo", "F"))
        .account(Account::federated("dan@school.example").login("dan07", "login.example"));
    let bare = Bare::of(org).await;
    let cases = [
        (
            "ana@SCHOOL.example",
            Some(("Ana@school.example", "federatedID")),
        ),
        (
            "cleo@mail.example",
            Some(("Cleo@mail.example", "federatedID")),
        ),
        (
            "cleo@mail.example?domain=AdobeID",
            Some(("cleo@mail.example", "adobeID")),
        ),
        (
            "DAN07?domain=login.example",
            Some(("dan@school.example", "federatedID")),
        ),
        ("dan07?domain=other.example", None),
        ("ana@school.example?domain=AdobeID", None),
        ("nobody@school.example", None),
    ];
    for (user, expected) in cases {
        let reply = bare.get(&format!("organizations/ORG/users/{user}")).await;
        let body = reply.json();
        let Some((email, kind)) = expected else {
            assert_eq!(reply.status, 404, "{user}");
            assert_eq!(body["result"], "error.user.not_found", "{user}");
            continue;
        };
        assert_eq!(body["result"], "success", "{user}");
        assert_eq!(body["user"]["email"], email, "{user}");
        assert_eq!(body["user"]["type"], kind, "{user}");
    }
}

#[tokio::test]
async fn groups_come_with_their_kind_and_size() {
    let org = small().account(Account::adobe("admin@mail.example").in_groups([
        "_org_admin",
        "_admin_Spark",
        "spark",
    ]));
    let bare = Bare::of(org).await;
    let body = bare.get("groups/ORG/0").await.json();
    assert_eq!(body["lastPage"], true);
    let groups = body["groups"].as_array().unwrap();
    let of = |name: &str| {
        let mut groups = groups.iter();
        groups.find(|group| group["groupName"] == name).unwrap()
    };
    assert_eq!(groups.len(), 6);
    assert_eq!(of("Spark")["type"], "USER_GROUP");
    assert_eq!(of("Spark")["memberCount"], 2);
    assert_eq!(of("Spark")["adminGroupName"], "_admin_Spark");
    assert!(of("Spark")["groupId"].is_u64());
    assert_eq!(of("Photoshop")["type"], "PRODUCT_PROFILE");
    assert!(of("Photoshop")["licenseQuota"].is_string());
    assert_eq!(of("_admin_Spark")["type"], "USER_ADMIN_GROUP");
    assert_eq!(of("_admin_Spark")["userGroupName"], "Spark");
    assert_eq!(of("_org_admin")["type"], "SYSADMIN_GROUP");
}

#[tokio::test]
async fn a_page_of_groups_past_the_end_has_no_list() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| rules.group_page_size = 3);
    let first = bare.get("groups/ORG/0").await.json();
    assert_eq!(first["lastPage"], false);
    assert_eq!(first["groups"].as_array().unwrap().len(), 3);
    assert_eq!(bare.get("groups/ORG/1").await.json()["lastPage"], true);
    let past = bare.get("groups/ORG/2").await.json();
    assert_eq!(past, json!({"lastPage": true, "result": "Not found"}));
}
