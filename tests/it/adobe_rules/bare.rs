//! A client that knows HTTP and nothing else, and a small organization.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use roster_sync::clock::Clock;
use serde_json::{Value, json};

use crate::simulators::adobe::{Account, Adobe, Identity, Latency, Org};

/// The start of simulated time.
pub(super) fn clock() -> Clock {
    Clock::simulated("2026-09-01T04:00:00Z".parse().unwrap())
}

/// Three user groups, a profile, and an account of each kind.
pub(super) fn small() -> Org {
    Org::new()
        .user_groups(["Spark", "Art", "Library"])
        .profiles(["Photoshop"])
        .account(
            Account::federated("Ana@school.example")
                .named("Ana", "Alpha")
                .in_groups(["Spark"]),
        )
        .account(Account::enterprise("ben@school.example").named("Ben", "Beta"))
        .account(Account::adobe("cleo@mail.example"))
}

/// A reply, read to the end.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Adobe, a token, and the headers that every request has.
pub(super) struct Bare {
    pub(super) adobe: Adobe,
    pub(super) clock: Clock,
    pub(super) headers: BTreeMap<&'static str, String>,
    pub(super) org_id: String,
    client: reqwest::Client,
}

impl Bare {
    pub(super) async fn of(org: Org) -> Self {
        let clock = clock();
        let adobe = Adobe::start(clock.clone(), Latency::none(), org).await;
        Self::with(adobe, clock).await
    }

    pub(super) async fn with(adobe: Adobe, clock: Clock) -> Self {
        let org = adobe.org();
        #[expect(
            clippy::disallowed_methods,
            reason = "the client of these tests is not the product's"
        )]
        let client = reqwest::Client::new();
        let mut bare = Self {
            adobe,
            clock,
            headers: BTreeMap::new(),
            org_id: org.id,
            client,
        };
        let token = bare.token().await;
        bare.headers.insert("x-api-key", org.client_id);
        bare.headers
            .insert("authorization", format!("Bearer {token}"));
        bare
    }

    /// [`small`].
    pub(super) async fn start() -> Self {
        Self::of(small()).await
    }

    /// The four fields of a request for a token.
    pub(super) fn credential(&self) -> BTreeMap<&'static str, String> {
        let org = self.adobe.org();
        BTreeMap::from([
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", org.client_id),
            ("client_secret", org.client_secret),
            ("scope", "openid,AdobeID,user_management_sdk".to_owned()),
        ])
    }

    pub(super) async fn ask_token(&self, form: &BTreeMap<&'static str, String>) -> Reply {
        self.ask_token_at("/ims/token/v3", form).await
    }

    pub(super) async fn ask_token_at(
        &self,
        path: &str,
        form: &BTreeMap<&'static str, String>,
    ) -> Reply {
        let url = format!("{}{path}", self.adobe.url());
        read(self.client.post(url).form(form)).await
    }

    pub(super) async fn token(&self) -> String {
        let reply = self.ask_token(&self.credential()).await;
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// To any path, with this object's headers. A body is JSON unless they say otherwise.
    pub(super) async fn send(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.adobe.url()));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            if !self.headers.contains_key("content-type") {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body);
        }
        read(request).await
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        let path = path.replace("ORG", &self.org_id);
        self.send(Method::GET, &format!("/v2/usermanagement/{path}"), None)
            .await
    }

    /// `query` begins with `?` or is empty.
    pub(super) async fn post(&self, actions: &Value, query: &str) -> Reply {
        let path = format!("/v2/usermanagement/action/{}{query}", self.org_id);
        self.send(Method::POST, &path, Some(actions.to_string()))
            .await
    }

    /// One action: `success`, or the codes of its errors.
    pub(super) async fn act(&self, action: Value) -> String {
        verdict(&self.post(&json!([action]), "").await)
    }

    /// The same with `testOnly`.
    pub(super) async fn try_out(&self, action: Value) -> String {
        verdict(&self.post(&json!([action]), "?testOnly=true").await)
    }

    /// An action about one user.
    pub(super) async fn user(&self, user: &str, steps: Value) -> String {
        self.act(json!({"user": user, "do": steps})).await
    }

    /// An action about one group.
    pub(super) async fn group(&self, name: &str, steps: Value) -> String {
        self.act(json!({"usergroup": name, "do": steps})).await
    }

    /// The groups of an account.
    pub(super) fn groups(&self, identity: Identity, email: &str) -> Vec<String> {
        let account = self.adobe.account(identity, email).unwrap();
        account.groups.into_iter().collect()
    }

    /// Lets a minute pass, so that no limit of requests is met.
    pub(super) fn rest(&self) {
        self.clock.advance(Duration::from_mins(1));
    }
}

async fn read(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    Reply {
        status: response.status().as_u16(),
        headers,
        text: response.text().await.unwrap(),
    }
}

/// `success`, `<status> <result>`, or the codes of the errors, each with its step.
fn verdict(reply: &Reply) -> String {
    let body = reply.json();
    if reply.status != 200 {
        return format!("{} {}", reply.status, body["result"].as_str().unwrap());
    }
    let Some(errors) = body["errors"].as_array() else {
        assert_eq!(body["result"], "success");
        return "success".to_owned();
    };
    let errors = errors.iter().map(|error| {
        let code = error["errorCode"].as_str().unwrap();
        match error.get("step") {
            Some(step) => format!("{step}: {code}"),
            None => code.to_owned(),
        }
    });
    errors.collect::<Vec<_>>().join(", ")
}
