//! What an administrator can do where Adobe refuses a request as such.

const SECRET: &str = "Adobe does not accept the client_id and client_secret in the Adobe secret (roster-sync/umapi, unless connector-umapi.yml names another); \
    copy both again from the OAuth Server-to-Server credential in the Adobe Developer Console";

const SCOPE: &str = "the credential in the Adobe secret may not use the User Management API; \
    add that API to its project in the Adobe Developer Console";

const IMS_HOST: &str = "Adobe's login service is not there; \
    check server.ims_host in connector-umapi.yml (Adobe's own is ims-na1.adobelogin.com)";

const OTHER_ORG: &str = "Adobe does not accept the access token for this organization; \
    compare org_id (in connector-umapi.yml or in the Adobe secret) with the organization of the credential in the Adobe Developer Console";

const NOT_ALLOWED: &str = "the credential in the Adobe secret may not manage this organization; \
    add the User Management API to its project in the Adobe Developer Console and compare org_id with the credential's organization (while Adobe migrates an organization, wait until that is over)";

const UNKNOWN_ORG: &str = "Adobe knows no such organization; \
    compare org_id (in connector-umapi.yml or in the Adobe secret) with the Adobe Developer Console, and check server.host";

const ELSEWHERE: &str = "the answer leads to another address, and credentials are not sent after it; \
    check server.host in connector-umapi.yml (Adobe's own is usermanagement.adobe.io)";

const REQUEST: &str = "Adobe does not take the request; \
    check org_id (in connector-umapi.yml or in the Adobe secret) and server in connector-umapi.yml";

/// Where no token was issued. `error` is the code in the body (RFC 6749, section 5.2).
pub(super) fn on_token(status: u16, error: Option<&str>) -> &'static str {
    match (status, error) {
        (_, Some("invalid_scope" | "unauthorized_client")) => SCOPE,
        (400 | 401 | 403, _) => SECRET,
        _ => IMS_HOST,
    }
}

/// Where a request to the User Management API is refused.
pub(super) fn on_request(status: u16) -> &'static str {
    match status {
        300..=399 => ELSEWHERE,
        401 => OTHER_ORG,
        403 => NOT_ALLOWED,
        404 => UNKNOWN_ORG,
        _ => REQUEST,
    }
}
