//! What a request asks for.

use super::super::server::Request;
use super::values::decode;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// A token of IMS.
    Token,
    /// A page of all users.
    Users,
    /// A page of one group's users.
    UsersOfGroup,
    /// One user.
    User,
    /// A page of all groups.
    Groups,
    /// Changes.
    Action,
    /// Nothing that there is.
    Unknown,
}

impl Endpoint {
    /// What the request asks for.
    pub fn of(request: &Request) -> Self {
        Route::of(request).endpoint
    }
}

/// What a request asks for, with the parts of its path, decoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) endpoint: Endpoint,
    pub(super) org: String,
    /// The page's number as written.
    pub(super) page: String,
    /// A group's or a user's name.
    pub(super) name: String,
}

impl Route {
    pub(super) fn of(request: &Request) -> Self {
        let path = request.path.trim_matches('/');
        let parts: Vec<String> = path.split('/').map(decode).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["ims", "token", "v2" | "v3"]) => Self::new(Endpoint::Token, "", "", ""),
            (method, ["v2", "usermanagement", rest @ ..]) => Self::of_umapi(method, rest),
            _ => Self::new(Endpoint::Unknown, "", "", ""),
        }
    }

    fn of_umapi(method: &str, parts: &[&str]) -> Self {
        match (method, parts) {
            ("POST", ["action", org]) => Self::new(Endpoint::Action, org, "", ""),
            ("GET", ["users", org, page]) => Self::new(Endpoint::Users, org, page, ""),
            ("GET", ["users", org, page, group]) => {
                Self::new(Endpoint::UsersOfGroup, org, page, group)
            }
            ("GET", ["groups", org, page]) => Self::new(Endpoint::Groups, org, page, ""),
            ("GET", ["organizations", org, "users", user]) => {
                Self::new(Endpoint::User, org, "", user)
            }
            _ => Self::new(Endpoint::Unknown, "", "", ""),
        }
    }

    fn new(endpoint: Endpoint, org: &str, page: &str, name: &str) -> Self {
        Self {
            endpoint,
            org: org.to_owned(),
            page: page.to_owned(),
            name: name.to_owned(),
        }
    }
}
