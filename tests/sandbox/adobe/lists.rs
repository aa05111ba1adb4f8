//! Reading: pages of users and of groups, and one user.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::server::Response;
use super::console::{Console, Stored};
use super::org::{Account, Group, GroupKind, Identity};
use super::route::{Endpoint, Route};
use super::rules::Rules;
use super::values::{domain_of, flag, fold, is_email};

type Query = BTreeMap<String, String>;

/// `GET users/{org}/{page}[/{group}]`. A page past the end is the last page. Technical accounts, which no page shows,
/// stand first, so that the first page is shorter than the others.
pub(super) fn users(console: &Console, rules: &Rules, route: &Route, query: &Query) -> Response {
    let of_group = route.endpoint == Endpoint::UsersOfGroup;
    let (Ok(page), Some(direct)) = (route.page.parse(), flag(query.get("directOnly"), true)) else {
        return bad_parameter();
    };
    // Without a group in the path the name is empty, and no group has that name.
    let group = console.group(&route.name);
    if of_group && group.is_none() {
        return not_found("error.group.not_found", "The group was not found", true);
    }
    let domain = query.get("domain").filter(|_| !of_group);
    if domain.is_some_and(|domain| rules.claim(domain).is_err()) {
        return not_found("error.domain.trust.nonexistent", "No such domain", true);
    }
    let mut listed = console.listed();
    listed.retain(|stored| {
        let account = &stored.it;
        let inside = |group: &Group| {
            let names = console.memberships(account, direct);
            names.contains(&group.name.as_str())
        };
        group.is_none_or(inside)
            && domain.is_none_or(|domain| fold(&account.domain) == fold(domain))
    });
    let whole_org = !of_group && domain.is_none();
    let hidden = if whole_org {
        console.technical_accounts
    } else {
        0
    };
    let pages = Pages::new(page, rules.page_size, hidden + listed.len());
    let bare = flag(query.get("excludeGroups"), false) == Some(true);
    let users = pages
        .cut()
        .filter_map(|at| listed.get(at.checked_sub(hidden)?));
    let users: Vec<Value> = users
        .map(|stored| user_object(console, stored, direct, bare && of_group))
        .collect();
    let mut body = json!({"lastPage": pages.is_last(), "result": "success", "users": users});
    if let (Some(group), Some(body)) = (group, body.as_object_mut()) {
        body.insert("groupName".to_owned(), json!(group.name));
    }
    pages.headers(Response::json(200, &body))
}

/// `GET groups/{org}/{page}`. A page past the end has no list (the documentation's example).
pub(super) fn groups(console: &Console, rules: &Rules, route: &Route) -> Response {
    let Ok(page) = route.page.parse::<usize>() else {
        return bad_parameter();
    };
    let listed = console.listed_groups();
    let pages = Pages::new(page, rules.group_page_size, listed.len());
    if page != pages.page {
        return Response::json(200, &json!({"lastPage": true, "result": "Not found"}));
    }
    let mut counts = BTreeMap::<&str, usize>::new();
    for account in console.members_of_org() {
        for name in &account.groups {
            *counts.entry(name).or_default() += 1;
        }
    }
    let groups = pages.cut().filter_map(|at| listed.get(at));
    let groups: Vec<Value> = groups
        .map(|stored| {
            let members = counts.get(stored.it.name.as_str()).copied();
            group_object(console, stored, members.unwrap_or_default())
        })
        .collect();
    let body = json!({"lastPage": pages.is_last(), "result": "success", "groups": groups});
    Response::json(200, &body)
}

/// `GET organizations/{org}/users/{user}`.
pub(super) fn user(console: &Console, route: &Route, query: &Query) -> Response {
    let wanted = fold(&route.name);
    let domain = query.get("domain").map(|domain| fold(domain));
    let named = |account: &Account| {
        fold(&account.email) == wanted
            || (!is_email(&account.username) && fold(&account.username) == wanted)
    };
    let placed = |account: &Account| match domain.as_deref() {
        None => true,
        Some("adobeid") => account.identity == Identity::Adobe,
        Some(domain) => {
            account.identity.is_owned()
                && [fold(&account.domain), fold(domain_of(&account.email))]
                    .iter()
                    .any(|known| known == domain)
        }
    };
    let mut found = console.listed();
    found.retain(|stored| named(&stored.it) && placed(&stored.it));
    // An owned account goes before an Adobe ID.
    found.sort_by_key(|stored| !stored.it.identity.is_owned());
    match found.first() {
        Some(stored) => {
            let user = user_object(console, stored, true, false);
            Response::json(200, &json!({"result": "success", "user": user}))
        }
        None => not_found("error.user.not_found", "The user was not found", false),
    }
}

/// Which part of a list a page is.
struct Pages {
    page: usize,
    size: usize,
    total: usize,
}

impl Pages {
    fn new(page: usize, size: usize, total: usize) -> Self {
        let last = total.div_ceil(size).max(1) - 1;
        Self {
            page: page.min(last),
            size,
            total,
        }
    }

    fn count(&self) -> usize {
        self.total.div_ceil(self.size).max(1)
    }

    fn is_last(&self) -> bool {
        self.page + 1 == self.count()
    }

    fn cut(&self) -> std::ops::Range<usize> {
        let start = self.page * self.size;
        start..self.total.min(start + self.size)
    }

    /// All strings. The size counts technical accounts, too.
    fn headers(&self, response: Response) -> Response {
        response
            .with("x-total-count", &self.total.to_string())
            .with("x-page-count", &self.count().to_string())
            .with("x-current-page", &self.page.to_string())
            .with("x-page-size", &self.cut().len().to_string())
    }
}

/// What is empty is left out.
fn user_object(console: &Console, stored: &Stored<Account>, direct: bool, bare: bool) -> Value {
    let account = &stored.it;
    let mut user = Map::new();
    let texts = [
        ("email", &account.email),
        ("username", &account.username),
        ("domain", &account.domain),
        ("firstname", &account.first),
        ("lastname", &account.last),
        ("country", &account.country),
    ];
    for (name, text) in texts {
        if !text.is_empty() {
            user.insert(name.to_owned(), json!(text));
        }
    }
    user.insert(
        "id".to_owned(),
        json!(format!("{:X}@AdobeID", stored.serial)),
    );
    user.insert("status".to_owned(), json!("active"));
    user.insert("type".to_owned(), json!(account.identity.as_str()));
    let groups = console.memberships(account, direct);
    if !groups.is_empty() && !bare {
        user.insert("groups".to_owned(), json!(groups));
    }
    Value::Object(user)
}

fn group_object(console: &Console, stored: &Stored<Group>, members: usize) -> Value {
    let group = &stored.it;
    let mut object = json!({
        "groupId": stored.serial,
        "groupName": group.name,
        "type": group_type(console, group),
        "memberCount": members,
    });
    let admins = format!("_admin_{}", group.name);
    if let Some(object) = object.as_object_mut() {
        if console.group(&admins).is_some() {
            object.insert("adminGroupName".to_owned(), json!(admins));
        }
        if group.kind == GroupKind::Profile {
            object.insert("productName".to_owned(), json!("Creative Cloud"));
            object.insert("licenseQuota".to_owned(), json!("100000"));
        }
        if let Some(of) = group.name.strip_prefix("_admin_") {
            let field = match console.user_group(of) {
                Some(_) => "userGroupName",
                None => "productProfileName",
            };
            object.insert(field.to_owned(), json!(of));
        }
    }
    object
}

fn group_type(console: &Console, group: &Group) -> &'static str {
    let name = group.name.as_str();
    match group.kind {
        GroupKind::UserGroup => "USER_GROUP",
        GroupKind::Profile => "PRODUCT_PROFILE",
        GroupKind::Admin if name == "_support_admin" => "SUPPORT_ADMIN_GROUP",
        GroupKind::Admin if name == "_deployment_admin" => "DEPLOYMENT_ADMIN_GROUP",
        GroupKind::Admin if name.starts_with("_product_admin_") => "PRODUCT_ADMIN_GROUP",
        GroupKind::Admin if name.starts_with("_developer_") => "DEVELOPER_GROUP",
        GroupKind::Admin => match name.strip_prefix("_admin_") {
            Some(of) if console.user_group(of).is_some() => "USER_ADMIN_GROUP",
            Some(_) => "PROFILE_ADMIN_GROUP",
            None => "SYSADMIN_GROUP",
        },
    }
}

fn bad_parameter() -> Response {
    let body = json!({"result": "error.command.malformed", "message": "Bad parameter"});
    Response::json(400, &body)
}

fn not_found(code: &str, message: &str, list: bool) -> Response {
    let mut body = json!({"result": code, "message": message});
    if let (true, Some(body)) = (list, body.as_object_mut()) {
        body.insert("lastPage".to_owned(), json!(false));
    }
    Response::json(404, &body)
}
