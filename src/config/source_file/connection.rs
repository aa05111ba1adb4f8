//! `connection`: which roster, and how it is read.

use reqwest::Url;

use crate::config::section::{Field, Findings, Section};
use crate::config::tree::Position;
use crate::config::{Platform, host, words};
use crate::model::id::fold;

const PAGE_SIZE: u32 = 1000;
/// Clever answers 413 to more.
const CLEVER_PAGE_SIZE: u32 = 10_000;
const CLEVER_HOST: &str = "https://api.clever.com/v2.1/";
const CLEVER_TOKENS: &str = "https://clever.com/oauth/tokens";

/// `connection`.
pub(super) struct Connection {
    pub(super) platform: Platform,
    pub(super) host: Url,
    pub(super) page_size: u32,
    pub(super) max_user_count: Option<u64>,
    pub(super) district_id: Option<String>,
    pub(super) token_url: Url,
}

impl Connection {
    /// Reads the section; `None` where a problem says why. `key_identifier` may stand beside it.
    pub(super) fn read(
        mut section: Section<'_>,
        key_identifier: Option<Field<'_>>,
        findings: &mut Findings,
    ) -> Option<Self> {
        let platform = platform(&mut section, findings);
        let host_field = section.take("host");
        let host = host(host_field, platform, section.at, findings);
        if let (Some(Platform::Clever), Some(field)) = (platform, key_identifier)
            && let Some(text) = field.text(findings)
            && text != "id"
        {
            field.problem(
                findings,
                format!(
                    "{} is not possible here: Clever identifies by id. Write id",
                    words::quoted(text)
                ),
            );
        }
        let page_size = section
            .take("page_size")
            .map_or(Some(PAGE_SIZE), |field| page_size(field, findings));
        let most = section
            .take_either("max_user_count", "max_users", findings)
            .map_or(Some(0), |field| field.number(findings));
        let district_id = section
            .take("district_id")
            .and_then(|field| field.text(findings))
            .map(str::to_owned);
        let token_field = section.take("token_url");
        let token_url = match token_field {
            Some(_) => host::of_field(token_field, findings).map(without_final_slash),
            None => host::base_url(CLEVER_TOKENS).ok().map(without_final_slash),
        };
        section.finish(findings);
        Some(Self {
            platform: platform?,
            host: host?,
            page_size: page_size?,
            max_user_count: most.map(|most| (most > 0).then_some(most))?,
            district_id,
            token_url: token_url?,
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
            format!("'0' is not possible; write a number from 1 to {CLEVER_PAGE_SIZE}"),
        );
        return None;
    }
    Some(size.min(CLEVER_PAGE_SIZE))
}

/// Clever, or a sentence.
fn platform(section: &mut Section<'_>, findings: &mut Findings) -> Option<Platform> {
    const LATER: [&str; 5] = [
        "classlink",
        "oneroster",
        "powerschool",
        "infinite_campus",
        "csv",
    ];
    let Some(field) = section.take("platform") else {
        findings.problem(
            section.at,
            "platform: this key is missing in connection. Write platform: clever",
        );
        return None;
    };
    let text = field.text(findings)?;
    let folded = fold(text);
    if folded == "clever" {
        return Some(Platform::Clever);
    }
    let message = if LATER.contains(&folded.as_str()) {
        format!(
            "{} is not available in this version, which reads Clever only",
            words::quoted(text)
        )
    } else if words::is_example_text(text) {
        "this is still the example text. Write platform: clever".to_owned()
    } else {
        words::unknown(text, ["clever"].into_iter().chain(LATER))
    };
    field.problem(findings, message);
    None
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
        findings.problem(
            at,
            format!("host: the address of the roster is missing. Clever's is {CLEVER_HOST}"),
        );
        return None;
    };
    let url = host::of_field(Some(field), findings)?;
    match platform {
        Some(Platform::Clever) => clever_version(field, &url, findings).then_some(url),
        Some(Platform::ClassLink) | None => Some(url),
    }
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
