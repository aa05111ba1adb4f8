//! What an administrator can do where a OneRoster server does not serve a request.

/// The address is the whole base.
const HOST: &str = "check 'host' in connector-oneroster.yml: it is the address that the roster server shows for OneRoster 1.1 and usually ends in ims/oneroster/v1p1/";

/// For requests that are signed.
pub(super) fn signed(status: u16, secret: &str) -> String {
    match status {
        401 => format!(
            "the roster server does not accept the signature; put the client_id and client_secret that it shows (ClassLink: key and secret) into {secret}, and check signature_method in connector-oneroster.yml. If all of these are right, the clock of the roster server is more than five minutes off"
        ),
        _ => advice(status, secret),
    }
}

/// For requests with a token.
pub(super) fn with_token(status: u16, secret: &str) -> String {
    match status {
        401 => format!(
            "the roster server does not accept the token; put a valid access_token, or client_id and client_secret, into {secret}"
        ),
        _ => advice(status, secret),
    }
}

fn advice(status: u16, secret: &str) -> String {
    match status {
        403 => format!(
            "the credentials in {secret} may not read this, or are not accepted; in the roster server's console, share schools, courses, classes, enrollments, students and teachers with the application"
        ),
        404 => format!("nothing is there; {HOST}"),
        413 => "a page of this size is too large for the roster server; set a smaller page_size in connector-oneroster.yml".to_owned(),
        300..=399 => format!(
            "the answer leads to another address, and credentials are not sent after it; {HOST}"
        ),
        _ => format!(
            "the roster server does not take the request; {HOST}, and try a smaller page_size"
        ),
    }
}
