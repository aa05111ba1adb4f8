//! `connector-umapi.yml`.

use std::time::Duration;

use reqwest::Url;

use super::section::{Field, Findings, Section, either};
use super::tree::Node;
use super::words::is_example_text;
use super::{RequestsPerMinute, Umapi, credentials, host};

const HOST: &str = "https://usermanagement.adobe.io/";
const ENDPOINT: &str = "/v2/usermanagement";
const IMS_HOST: &str = "https://ims-na1.adobelogin.com/";
const TOKEN_ENDPOINT: &str = "/ims/token/v3";
const TIMEOUT_SECONDS: u64 = 120;
const RETRIES: u32 = 3;
/// A longer wait for one attempt ends with the function anyway.
const LONGEST_TIMEOUT_SECONDS: u64 = 900;

/// The secret that the file names.
fn secret_named(root: &Node) -> Option<&str> {
    let inner = root
        .get("enterprise")
        .and_then(|enterprise| enterprise.get("secret"));
    credentials::named_secret(&[root.get("secret"), inner])
}

/// Reads the file; `None` where a problem says why.
pub(super) fn read(root: &Node, prefix: &str, findings: &mut Findings) -> Option<Umapi> {
    let secret = secret_named(root).map_or_else(|| format!("{prefix}/umapi"), str::to_owned);
    credentials::walk(root, &credentials::Kind::Umapi(secret), None, findings);
    let mut file = Section::root(root);
    authentication(&mut file, findings);
    for key in ["trusted", "uses_business_id", "test_mode"] {
        if let Some(field) = file.take_unlisted(key) {
            field.later(findings);
        }
    }
    if let Some(field) = file.take_unlisted("logger_name") {
        field.idle("logs go to CloudWatch under one name", findings);
    }
    let mut enterprise = file.section("enterprise", findings);
    let org_id = enterprise
        .take("org_id")
        .and_then(|field| org_id(field, findings));
    let secret = either(file.take("secret"), enterprise.take("secret"), findings)
        .and_then(|field| credentials::secret_name(&field, findings));
    enterprise.finish(findings);
    let server = file.section("server", findings);
    let umapi = read_server(server, org_id, secret, findings);
    file.finish(findings);
    umapi
}

fn authentication(file: &mut Section<'_>, findings: &mut Findings) {
    let Some(field) = file.take("authentication_method") else {
        return;
    };
    match field.text(findings).map(str::to_lowercase).as_deref() {
        Some("oauth") | None => {}
        Some("jwt") => field.problem(
            findings,
            "Adobe has ended JWT credentials. Create OAuth Server-to-Server ones for the User Management API in developer.adobe.com/console, and write oauth",
        ),
        Some(other) => field.problem(findings, super::words::unknown(other, ["oauth"])),
    }
}

fn org_id(field: Field<'_>, findings: &mut Findings) -> Option<String> {
    let text = field.filled(findings)?;
    let plain = text.contains('@')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "@._-".contains(c));
    if !plain {
        field.problem(
            findings,
            "an organization ID looks like 1234567890ABCDEF12345678@AdobeOrg",
        );
    }
    plain.then(|| text.to_owned())
}

fn read_server(
    mut server: Section<'_>,
    org_id: Option<String>,
    secret: Option<String>,
    findings: &mut Findings,
) -> Option<Umapi> {
    let base = base(&mut server, findings);
    let token_url = token_url(&mut server, findings);
    let timeout = server
        .take("timeout")
        .map_or(Some(TIMEOUT_SECONDS), |field| {
            field.number_of("seconds", &(1..=LONGEST_TIMEOUT_SECONDS), findings)
        });
    let retries = server
        .take("retries")
        .map_or(Some(RETRIES), |field| field.small_number(findings));
    if let Some(field) = server.take_unlisted("ssl_verify") {
        super::options_file::certificate_check(&field, findings);
    }
    let paced = base.as_ref().is_some_and(host::is_adobe);
    let requests_per_minute = requests_per_minute(&mut server, paced, findings);
    server.finish(findings);
    Some(Umapi {
        org_id,
        base: base?,
        token_url: token_url?,
        secret,
        timeout: Duration::from_secs(timeout?),
        retries: retries?,
        requests_per_minute: requests_per_minute?,
    })
}

fn base(server: &mut Section<'_>, findings: &mut Findings) -> Option<Url> {
    let host = host_or(server.take("host"), HOST, findings);
    let endpoint = server.take("endpoint");
    let path = endpoint
        .and_then(|field| field.text(findings))
        .unwrap_or(ENDPOINT);
    let path = path.trim_matches('/');
    let host = host?;
    // Somebody may have put the path behind the host already.
    if host.path().trim_matches('/').ends_with(path) {
        return Some(host);
    }
    let url = host::below(&host, &format!("{path}/"));
    if let (None, Some(field)) = (&url, endpoint) {
        field.problem(
            findings,
            "a path such as /v2/usermanagement is expected here",
        );
    }
    url
}

fn token_url(server: &mut Section<'_>, findings: &mut Findings) -> Option<Url> {
    let host = host_or(
        server.take_either("ims_host", "auth_host", findings),
        IMS_HOST,
        findings,
    );
    if let Some(field) = server.take_unlisted("ims_endpoint_jwt") {
        field.idle(
            "it belongs to JWT credentials, which Adobe has ended",
            findings,
        );
    }
    let endpoint = server.take_either("auth_endpoint", "ims_endpoint", findings);
    let path = endpoint
        .and_then(|field| field.text(findings))
        .unwrap_or(TOKEN_ENDPOINT);
    let url = host::below(&host?, path);
    if let (None, Some(field)) = (&url, endpoint) {
        field.problem(findings, "a path such as /ims/token/v3 is expected here");
    }
    url
}

fn host_or(field: Option<Field<'_>>, default: &str, findings: &mut Findings) -> Option<Url> {
    let written = field.filter(|field| !field.node.text().is_some_and(is_example_text));
    if written.is_some() {
        host::of_field(written, findings)
    } else {
        host::base_url(default).ok()
    }
}

fn requests_per_minute(
    server: &mut Section<'_>,
    paced: bool,
    findings: &mut Findings,
) -> Option<RequestsPerMinute> {
    let mut section = server.section("requests_per_minute", findings);
    let mut rate = |key, default| {
        let Some(field) = section.take(key) else {
            return Some(default);
        };
        let rate = field.small_number(findings)?;
        if rate == 0 && paced {
            field.problem(
                findings,
                format!("0 means without any pace, and Adobe's own hosts answer that with hours of waiting. Write {default}, Adobe's limit, or less"),
            );
        }
        Some(rate)
    };
    let rates = (rate("action", 10), rate("users", 25), rate("groups", 5));
    section.finish(findings);
    match rates {
        (Some(action), Some(users), Some(groups)) => Some(RequestsPerMinute {
            action,
            users,
            groups,
        }),
        _ => None,
    }
}
