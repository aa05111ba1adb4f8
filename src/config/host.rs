//! One rule for every host of the configuration.

use reqwest::Url;

use super::section::{Field, Findings};
use super::words;

/// The base URL that a host means: a host name is https; a full URL may say http for loopback only. Its path ends
/// in `/`.
///
/// # Errors
/// A sentence.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let not_a_host = || {
        format!(
            "{} is neither a host name such as api.example.org nor an address such as https://api.example.org/path/",
            words::quoted(text)
        )
    };
    if text.contains(['<', '>']) {
        return Err(format!(
            "{} holds '<' or '>', as examples do. Write your own address, without them",
            words::quoted(text)
        ));
    }
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    // The parser's own words say nothing to an administrator.
    let mut url = Url::parse(&full)
        .ok()
        .filter(|url| !text.contains(odd) && is_whole(url))
        .ok_or_else(not_a_host)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not carry a user name or a password. Delete what stands before the '@'".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{} must end with its path: delete what begins with '?' or '#'",
            words::quoted(text)
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(format!(
                "{} would send credentials and pupils' data unprotected. Write https://",
                words::quoted(text)
            ));
        }
        _ => return Err(not_a_host()),
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// The host of a field, if it is one.
pub(super) fn of_field(field: Option<Field<'_>>, findings: &mut Findings) -> Option<Url> {
    let field = field?;
    let text = field.filled(findings)?;
    base_url(text)
        .map_err(|message| field.problem(findings, message))
        .ok()
}

/// This path below the base, with or without a slash at its beginning.
pub(super) fn below(base: &Url, path: &str) -> Option<Url> {
    base.join(path.trim_start_matches('/'))
        .ok()
        .filter(|url| url.host() == base.host())
}

/// Whether the name is one of the internet. `https//host` would ask a host called https.
fn is_whole(url: &Url) -> bool {
    is_loopback(url) || url.host_str().is_some_and(|host| host.contains(['.', ':']))
}

/// Whether the machine talks to itself.
fn is_loopback(url: &Url) -> bool {
    match url.host_str().unwrap_or_default() {
        "localhost" | "[::1]" => true,
        host => host
            .parse::<core::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback()),
    }
}

/// Whether this is a host of Adobe's.
pub(super) fn is_adobe(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    ["adobe.io", "adobe.com", "adobelogin.com"]
        .iter()
        .any(|domain| host == *domain || host.ends_with(&format!(".{domain}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_https_and_slashes_are_added() {
        for text in [
            "api.clever.com/v2.1",
            "https://api.clever.com/v2.1",
            "https://api.clever.com/v2.1/",
        ] {
            assert_eq!(
                base_url(text).unwrap().as_str(),
                "https://api.clever.com/v2.1/"
            );
        }
    }

    #[test]
    fn http_is_for_loopback_only() {
        for text in [
            "http://127.0.0.1:9/x/",
            "http://localhost:9/",
            "http://[::1]:9/",
        ] {
            assert!(base_url(text).is_ok(), "{text}");
        }
        for text in [
            "http://api.clever.com/",
            "http://127.0.0.1.example.org/",
            "http://10.0.0.1/",
        ] {
            assert!(base_url(text).unwrap_err().contains("https://"), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "a b",
            "ftp://x/",
            "https://",
            r"https:\\x",
            "https://x/?q=1",
            "https://x/#y",
            "https//api.clever.com/v2.1/",
            "<https://api.clever.com/>",
        ] {
            assert!(base_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_not_repeated() {
        assert!(
            !base_url("https://me:hunter2@x.org/")
                .unwrap_err()
                .contains("hunter2")
        );
    }
}
