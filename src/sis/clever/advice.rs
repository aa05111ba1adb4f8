//! What an administrator can do where Clever does not serve a request.

const HOST: &str =
    "check 'host' in connector-oneroster.yml (Clever's is https://api.clever.com/v2.1/)";
const TOKEN_URL: &str =
    "check 'token_url' in connector-oneroster.yml (Clever's is https://clever.com/oauth/tokens)";

/// About data, which are below `host`.
pub(super) fn of_data(status: u16, secret: &str) -> String {
    advice(status, secret, HOST)
}

/// About the listing of tokens.
pub(super) fn of_tokens(status: u16, secret: &str) -> String {
    advice(status, secret, TOKEN_URL)
}

fn advice(status: u16, secret: &str, setting: &str) -> String {
    match status {
        401 => format!(
            "Clever does not accept the credentials; put a valid access_token, or client_id and client_secret, into {secret}"
        ),
        403 => format!(
            "the credentials in {secret} may not read this; in Clever's dashboard, share schools, courses, sections, students and teachers with the application"
        ),
        404 => format!("nothing is there; {setting}"),
        413 => "a page of this size is too large for Clever; set a smaller page_size in connector-oneroster.yml (10000 is the most)".to_owned(),
        300..=399 => format!(
            "the answer leads to another address, and credentials are not sent after it; {setting}"
        ),
        _ => format!("Clever does not take the request; {setting}"),
    }
}
