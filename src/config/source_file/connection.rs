//! `connection`: which roster, and how it is read.

use reqwest::Url;
use secrecy::SecretString;

use crate::config::section::{Field, Findings, Section};
use crate::config::tree::Position;
use crate::config::{Platform, SignatureMethod, host, words};
use crate::model::id::fold;

const PAGE_SIZE: u32 = 1000;
/// What both platforms take; Clever answers 413 to more.
const LARGEST_PAGE: u32 = 10_000;
const CLEVER_HOST: &str = "https://api.clever.com/v2.1/";
const CLEVER_TOKENS: &str = "https://clever.com/oauth/tokens";
const CLASSLINK_HOST: &str = "https://<your district>.oneroster.com/ims/oneroster/v1p1/";

const SIGNATURES: [(&str, SignatureMethod); 2] = [
    ("HMAC-SHA256", SignatureMethod::HmacSha256),
    ("HMAC-SHA1", SignatureMethod::HmacSha1),
];

/// `connection`.
pub(super) struct Connection {
    pub(super) platform: Platform,
    pub(super) host: Url,
    pub(super) page_size: u32,
    pub(super) max_user_count: Option<u64>,
    pub(super) district_id: Option<String>,
    pub(super) token_url: Url,
    pub(super) signature_method: SignatureMethod,
    pub(super) public_token: Option<SecretString>,
}

impl Connection {
    /// Reads the section; `None` where a problem says why. `key_identifier` and Clever's public token may stand
    /// elsewhere in the file.
    pub(super) fn read(
        mut section: Section<'_>,
        key_identifier: Option<Field<'_>>,
        public_token: Option<(Position, SecretString)>,
        findings: &mut Findings,
    ) -> Option<Self> {
        let platform = platform(&mut section, findings);
        if let (Some(Platform::ClassLink), Some((at, _))) = (platform, &public_token) {
            findings.problem(*at, "access_token: TEST_TOKEN opens Clever's example district, not a roster at ClassLink. Delete the line");
        }
        let host_field = section.take("host");
        let host = host(host_field, platform, section.at, findings);
        if let (Some(platform), Some(field)) = (platform, key_identifier) {
            check_identifier(platform, field, findings);
        }
        let page_size = section
            .take("page_size")
            .map_or(Some(PAGE_SIZE), |field| page_size(field, findings));
        let most = section
            .take_either("max_user_count", "max_users", findings)
            .map_or(Some(0), |field| field.number(findings));
        let district_field = section.take("district_id");
        let district_id = district_field
            .and_then(|field| field.text(findings))
            .map(str::to_owned);
        let token_field = section.take("token_url");
        let token_url = match token_field {
            Some(_) => host::of_field(token_field, findings).map(without_final_slash),
            None => host::base_url(CLEVER_TOKENS).ok().map(without_final_slash),
        };
        let signature_field = section.take("signature_method");
        let signature_method = match signature_field {
            Some(field) => field.choice(&SIGNATURES, findings),
            None => Some(SignatureMethod::HmacSha256),
        };
        let foreign = match platform {
            Some(Platform::Clever) => vec![(signature_field, "ClassLink")],
            Some(Platform::ClassLink) => vec![(district_field, "Clever"), (token_field, "Clever")],
            None => Vec::new(),
        };
        for (field, owner) in foreign {
            if let Some(field) = field {
                field.refuse(
                    findings,
                    format!("this belongs to {owner} only. Delete the line"),
                );
            }
        }
        section.finish(findings);
        Some(Self {
            platform: platform?,
            host: host?,
            page_size: page_size?,
            max_user_count: most.map(|most| (most > 0).then_some(most))?,
            district_id,
            token_url: token_url?,
            signature_method: signature_method?,
            public_token: public_token.map(|(_, token)| token),
        })
    }
}

/// A token listing is one document, not a folder.
fn without_final_slash(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    url
}

fn page_size(field: Field<'_>, findings: &mut Findings) -> Option<u32> {
    let size = field.small_number(findings)?;
    if size == 0 {
        field.problem(
            findings,
            format!("'0' is not possible; write a number from 1 to {LARGEST_PAGE}"),
        );
        return None;
    }
    Some(size.min(LARGEST_PAGE))
}

/// Clever, `ClassLink`, or a sentence.
fn platform(section: &mut Section<'_>, findings: &mut Findings) -> Option<Platform> {
    const LATER: [&str; 4] = ["oneroster", "powerschool", "infinite_campus", "csv"];
    let Some(field) = section.take("platform") else {
        findings.problem(
            section.at,
            "platform: this key is missing in connection. Write platform: clever, or platform: classlink",
        );
        return None;
    };
    let text = field.text(findings)?;
    let folded = fold(text);
    let later = words::nearest(text, LATER).is_some();
    let message = match folded.as_str() {
        "clever" => return Some(Platform::Clever),
        "classlink" => return Some(Platform::ClassLink),
        _ if later => format!(
            "{} is not available in this version, which reads clever and classlink",
            words::quoted(text)
        ),
        _ if words::is_example_text(text) => {
            "this is still the example text. Write platform: clever, or platform: classlink"
                .to_owned()
        }
        _ => words::unknown(text, ["clever", "classlink"]),
    };
    field.problem(findings, message);
    None
}

/// The key that the platform's addresses use: there is no choice.
fn check_identifier(platform: Platform, field: Field<'_>, findings: &mut Findings) {
    let (name, only) = match platform {
        Platform::Clever => ("Clever", "id"),
        Platform::ClassLink => ("ClassLink", "sourcedId"),
    };
    let Some(text) = field.text(findings) else {
        return;
    };
    if fold(text) == fold(only) {
        return;
    }
    let message = if words::nearest(text, [only]).is_some() {
        words::unknown(text, [only])
    } else {
        format!(
            "{} is not possible here: {name} identifies by {only}. Write {only}",
            words::quoted(text)
        )
    };
    field.problem(findings, message);
}

fn host(
    field: Option<Field<'_>>,
    platform: Option<Platform>,
    connection: Position,
    findings: &mut Findings,
) -> Option<Url> {
    let written = field.filter(|field| !field.node.text().is_some_and(words::is_example_text));
    let Some(field) = written else {
        let at = field.map_or(connection, |field| field.node.at);
        let clever = format!("Clever's is {CLEVER_HOST}");
        let classlink = format!(
            "ClassLink's Roster Server console shows yours with the application, beside key and secret: {CLASSLINK_HOST}"
        );
        let example = match platform {
            Some(Platform::Clever) => clever,
            Some(Platform::ClassLink) => classlink,
            None => format!("{clever}. {classlink}"),
        };
        findings.problem(
            at,
            format!("host: the address of the roster is missing. {example}"),
        );
        return None;
    };
    let url = host::of_field(Some(field), findings)?;
    let right = match platform {
        Some(Platform::Clever) => clever_version(field, &url, findings),
        Some(Platform::ClassLink) => classlink_base(field, &url, findings),
        None => true,
    };
    right.then_some(url)
}

/// Whether the address can be the base of `OneRoster` 1.1 at `ClassLink`; a problem where it cannot.
fn classlink_base(field: Field<'_>, url: &Url, findings: &mut Findings) -> bool {
    let host = url.host_str().unwrap_or_default();
    let versions: Vec<&str> = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|part| part.starts_with("v1p"))
        .collect();
    let theirs = ["oneroster.com", "rosterserver.com", "classlink.com"]
        .iter()
        .any(|domain| host.ends_with(domain));
    let roster_server = theirs && !host.ends_with("classlink.com");
    let (wrong, right) = match versions.as_slice() {
        _ if host.ends_with("clever.com") => (
            "this is Clever's address. Write platform: clever, or ClassLink's address",
            CLASSLINK_HOST.to_owned(),
        ),
        [.., "v1p2"] => (
            "OneRoster 1.2 is not available in this version, which reads version 1.1",
            up_to_version(url),
        ),
        [_, _, ..] => (
            "ClassLink's address names the version once",
            up_to_version(url),
        ),
        [_] if !url.path().ends_with("/v1p1/") => (
            "nothing may follow the version in ClassLink's address",
            up_to_version(url),
        ),
        [] if roster_server => (
            "ClassLink's address ends in /ims/oneroster/v1p1/",
            format!("https://{host}/ims/oneroster/v1p1/"),
        ),
        [] if theirs => (
            "this is not the address of a Roster Server, which its console shows with the application",
            CLASSLINK_HOST.to_owned(),
        ),
        [_] | [] => return true,
    };
    field.problem(findings, format!("{wrong}: {right}"));
    false
}

/// The address as far as its version, which is the one that can be read.
fn up_to_version(url: &Url) -> String {
    let text = url.as_str();
    let before = text.split("/v1p").next().unwrap_or(text);
    format!("{}/v1p1/", before.trim_end_matches("/rostering"))
}

/// Whether the address means Clever's version 2; a problem where it does not.
fn clever_version(field: Field<'_>, url: &Url, findings: &mut Findings) -> bool {
    let mut parts = url.path_segments().into_iter().flatten();
    let version = parts.find_map(|part| {
        part.strip_prefix('v')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let wrong = match version.map(|version| version.split('.').next().unwrap_or_default()) {
        Some("1") => "Clever ended its version 1 in 2022",
        Some("2") if parts.next().is_none_or(str::is_empty) => return true,
        Some("2") => "nothing may follow the version in Clever's address",
        Some(oneroster) if oneroster.starts_with("1p") => {
            "this is the address of a OneRoster server (platform: classlink), not Clever's"
        }
        Some(_) => {
            "this version of Clever's interface is not available in this version of roster-sync"
        }
        None if url.host_str() == Some("api.clever.com") => {
            "the version is missing in Clever's address"
        }
        None => return true,
    };
    field.problem(findings, format!("{wrong}. Write {CLEVER_HOST}"));
    false
}
