//! A configuration with nothing in its mapping.

use std::time::Duration;

use roster_sync::config::format::Formats;
use roster_sync::config::options::Overrides;
use roster_sync::config::{
    Config, Dates, Exclusions, Grace, Limits, Platform, RequestsPerMinute, SignatureMethod, Source,
    Umapi, UpdateAttribute, UserFilter,
};
use roster_sync::model::id::IdentityType;

pub(super) fn config() -> Config {
    let url = || "https://roster.test/".parse().unwrap();
    Config {
        source: Source {
            platform: Platform::Clever,
            host: url(),
            page_size: 100,
            max_user_count: None,
            match_groups_by: ["title", "name", "sourcedid", "id"]
                .map(str::to_owned)
                .to_vec(),
            all_users_filter: UserFilter::Users,
            secret: None,
            public_token: None,
            district_id: None,
            token_url: url(),
            signature_method: SignatureMethod::HmacSha256,
            formats: Formats::default(),
            include_only: Vec::new(),
            scoped: Vec::new(),
        },
        umapi: Umapi {
            org_id: None,
            base: url(),
            token_url: url(),
            secret: None,
            timeout: Duration::from_secs(1),
            retries: 0,
            requests_per_minute: RequestsPerMinute {
                action: 10,
                users: 25,
                groups: 5,
            },
        },
        mapping: Vec::new(),
        identity_type: IdentityType::Federated,
        default_country: Some("US".parse().unwrap()),
        auto_create: false,
        exclusions: Exclusions::default(),
        update_attributes: UpdateAttribute::ALL.into(),
        dates: Dates::default(),
        limits: Limits::DEFAULT,
        grace: Grace::default(),
        defaults: Overrides::default(),
        notices: Vec::new(),
    }
}
