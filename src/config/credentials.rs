//! Credentials in YAML, and keys that have no place here: each gets a sentence that says where to go instead.

use secrecy::SecretString;

use crate::model::id::fold;

use super::section::{Field, Findings};
use super::tree::{Node, Position, Value};
use super::words;

/// Which of the three files is read, with the secret that its credentials belong in.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// `user-sync-config.yml`, which has no credentials of its own; the prefix of all secrets.
    Root(String),
    /// `connector-umapi.yml`.
    Umapi(String),
    /// `connector-oneroster.yml`.
    Source(String),
}

/// UST's keys for JWT credentials.
const JWT: [&str; 5] = [
    "tech_acct",
    "tech_acct_id",
    "priv_key_path",
    "priv_key_data",
    "priv_key_pass",
];

/// The names of other credentials, plain; the last five are what `ClassLink`, OAuth and other connectors call them.
const PLAIN: [&str; 12] = [
    "clientid",
    "clientsecret",
    "accesstoken",
    "apikey",
    "apitoken",
    "apisecret",
    "bearertoken",
    "key",
    "clientkey",
    "consumerkey",
    "consumersecret",
    "password",
];
/// What opens Clever's example district to everybody.
pub(super) const PUBLIC_TOKEN: &str = "TEST_TOKEN";

const SOURCE_JSON: &str = r#"{"client_id": "…", "client_secret": "…"} or {"access_token": "…"}"#;

/// Whether the walk over the tree has a sentence for this key.
pub(super) fn is_credential(key: &str) -> bool {
    // However it is spelt: what stands behind it is one.
    let plain = fold(key).replace(['-', '_', ' '], "");
    PLAIN.contains(&plain.as_str()) || is_jwt(key) || is_keyring(key)
}

fn is_jwt(key: &str) -> bool {
    JWT.contains(&fold(key).replace(['-', ' '], "_").as_str())
}

/// The name of another secret. Somebody may write the secret itself there: then no message repeats it.
pub(super) fn secret_name(field: &Field<'_>, findings: &mut Findings) -> Option<String> {
    let text = field.text(findings)?;
    if !is_secret_itself(text) {
        return Some(text.to_owned());
    }
    field.problem(
        findings,
        "this looks like a secret itself, and here stands the name of one in AWS Secrets Manager, such as school/roster. Delete the line, and put what stood here into that secret. If it is a name, write its ARN",
    );
    None
}

/// The name of another secret, for messages about credentials that are read before the file is.
pub(super) fn named_secret<'n>(places: &[Option<&'n Node>]) -> Option<&'n str> {
    let mut named = places.iter().flatten().filter_map(|node| node.text());
    named.find(|text| !text.trim().is_empty() && !is_secret_itself(text.trim()))
}

/// A long word of letters and digits, as consoles make them.
fn is_secret_itself(text: &str) -> bool {
    const SHORTEST: usize = 20;
    let adobes = text.starts_with("p8e-") || text.starts_with("p8-");
    let plain =
        text.chars().all(|c| c.is_ascii_alphanumeric()) && text.chars().any(|c| c.is_ascii_digit());
    adobes || (plain && text.len() >= SHORTEST)
}

/// `secure_client_secret_key` and its like.
fn is_keyring(key: &str) -> bool {
    key.starts_with("secure_") && key.ends_with("_key")
}

/// Keys of other worlds that stand nowhere in our schema.
pub(super) fn out_of_place(key: &str) -> Option<&'static str> {
    Some(match key {
        "proxy" | "proxies" | "http_proxy" | "https_proxy" | "proxy_host" => {
            "there is no proxy between AWS Lambda and Adobe or the roster. Delete this line"
        }
        "lock_file" | "lockfile" | "lock_path" | "pid_file" => {
            "AWS Lambda keeps no disk on which a lock file could stand. Delete this line"
        }
        "dashboard" | "directory" => {
            "this is how User Sync Tool 1 was configured. Begin with the example files of this version: directory_users and adobe_users take its place"
        }
        "config_filename" | "config_file_encoding" => {
            "the setting CONFIG_URI of the function names the file, and files are UTF-8. Delete this line"
        }
        _ => return None,
    })
}

/// Looks for credentials and shell commands in the whole file, but for what is below `but`. Returns Clever's public token, and where its key stands,
/// if the file has it.
pub(super) fn walk(
    node: &Node,
    kind: &Kind,
    but: Option<&Node>,
    findings: &mut Findings,
) -> Option<(Position, SecretString)> {
    let mut walk = Walk {
        kind,
        but,
        jwt: None,
        public_token: None,
    };
    walk.node(node, findings);
    walk.public_token
}

struct Walk<'k> {
    kind: &'k Kind,
    but: Option<&'k Node>,
    /// Where the first JWT key stands: it gets the explanation, the others point at it.
    jwt: Option<Position>,
    public_token: Option<(Position, SecretString)>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, findings: &mut Findings) {
        if self.but.is_some_and(|but| std::ptr::eq(but, node)) {
            return;
        }
        match &node.value {
            Value::Scalar { text, .. } if is_command(text) => findings.problem(
                node.at,
                "a value in $( ) is a command for a shell, and AWS Lambda runs none. Write the value itself; a password or key belongs in AWS Secrets Manager",
            ),
            Value::Scalar { .. } => {}
            Value::Sequence(items) => items.iter().for_each(|item| self.node(item, findings)),
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    match key.text().filter(|key| is_credential(key)) {
                        Some(name) => self.credential(name, key.at, value, findings),
                        None => self.node(value, findings),
                    }
                }
            }
        }
    }

    fn credential(&mut self, key: &str, at: Position, value: &Node, findings: &mut Findings) {
        let text = value.text().unwrap_or_default().trim();
        if value.is_empty() || words::is_example_text(text) {
            return;
        }
        if key == "access_token" && text == PUBLIC_TOKEN && matches!(self.kind, Kind::Source(_)) {
            self.public_token = Some((at, SecretString::from(text)));
            return;
        }
        let message = if is_jwt(key) {
            self.jwt(at)
        } else if is_keyring(key) {
            format!(
                "this names an entry in the keyring of the computer that ran User Sync Tool. Delete the line. {}",
                self.way_out()
            )
        } else {
            format!(
                "credentials do not belong in this file. Delete the line. {}",
                self.way_out()
            )
        };
        findings.problem(at, format!("{key}: {message}"));
    }

    fn jwt(&mut self, at: Position) -> String {
        if let Some((line, column)) = self.jwt {
            return format!(
                "this belongs to the JWT credentials of {line}:{column}. Delete this line, too"
            );
        }
        self.jwt = Some(at);
        format!(
            "this belongs to JWT credentials, which Adobe has ended. Delete the line. Create new ones: in developer.adobe.com/console open your project, choose the User Management API and the credential type OAuth Server-to-Server. {}",
            self.way_out()
        )
    }

    /// The secret and the line to type.
    fn way_out(&self) -> String {
        let umapi = r#"{"client_id": "…", "client_secret": "…", "org_id": "…"}"#;
        match self.kind {
            Kind::Umapi(secret) => put(secret, umapi),
            Kind::Source(secret) => put_source(secret),
            Kind::Root(prefix) => format!(
                "In AWS Secrets Manager, Adobe's stand in the secret {prefix}/umapi as {umapi}, the roster's in {prefix}/oneroster as {SOURCE_JSON}"
            ),
        }
    }
}

/// The secret of a roster, and the line to type.
pub(super) fn put_source(secret: &str) -> String {
    put(secret, SOURCE_JSON)
}

fn put(secret: &str, json: &str) -> String {
    format!("In AWS Secrets Manager, give the secret {secret} this value: {json}")
}

fn is_command(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("$(") && text.ends_with(')')
}
