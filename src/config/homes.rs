//! Where a key belongs that stands in another section.

use super::words;

/// The top level of a file.
const TOP: &str = "";
const RULES: &str = "schema (or mapping.standard_mapping)";

/// Keys that wrong indentation often carries into another section, where there is only one that they can belong to.
const HOMES: [(&str, &str); 66] = [
    (
        "host",
        "connection (in connector-oneroster.yml) or server (in connector-umapi.yml)",
    ),
    ("platform", "connection"),
    ("page_size", "connection"),
    ("max_user_count", "connection"),
    ("max_users", "connection"),
    ("district_id", "connection"),
    ("signature_method", "connection"),
    ("key_identifier", "connection or schema"),
    ("match_groups_by", RULES),
    ("all_users_filter", RULES),
    ("default_group_filter", RULES),
    ("default_user_filter", RULES),
    ("include_only", RULES),
    ("exclude_identity_types", "adobe_users"),
    ("exclude_adobe_groups", "adobe_users"),
    ("exclude_users", "adobe_users"),
    ("update_attributes", "adobe_users"),
    ("additional_groups", "directory_users"),
    ("auto_create", "directory_users.group_sync_options"),
    ("user_filter", "invocation_defaults"),
    ("org_id", "enterprise"),
    ("default_country_code", "directory_users"),
    ("groups", "directory_users"),
    ("max_adobe_only_users", "limits"),
    ("max_plan_age_hours", "limits"),
    ("max_directory_age_hours", "limits"),
    ("max_approval_age_days", "limits"),
    ("max_group_removals", "limits"),
    ("max_group_removals_percent", "limits"),
    ("never_empty_groups_of", "limits"),
    ("max_removals", "limits"),
    ("max_removals_percent", "limits"),
    ("max_people_missing", "limits"),
    ("max_people_missing_percent", "limits"),
    ("max_group_people_missing", "limits"),
    ("max_group_people_missing_percent", "limits"),
    ("max_other_identity_type", "limits"),
    ("max_other_identity_type_percent", "limits"),
    ("enabled_user", "dates"),
    ("terms", "dates"),
    ("enrollments", "dates"),
    ("roles", "dates"),
    ("domains", "protected"),
    ("foreign_accounts", "protected"),
    ("licences_days", "grace"),
    ("organization_days", "grace"),
    ("process_groups", "invocation_defaults"),
    ("adobe_only_user_action", "invocation_defaults"),
    ("connection", TOP),
    ("schema", TOP),
    ("mapping", TOP),
    ("adobe_users", TOP),
    ("directory_users", TOP),
    ("invocation_defaults", TOP),
    ("limits", TOP),
    ("dates", TOP),
    ("protected", TOP),
    ("grace", TOP),
    ("user_email_format", TOP),
    ("user_given_name_format", TOP),
    ("user_surname_format", TOP),
    ("user_username_format", TOP),
    ("user_domain_format", TOP),
    ("user_country_code_format", TOP),
    ("user_identity_type_format", TOP),
    ("enterprise", TOP),
];

/// What to say of a key that this section does not have: where it belongs, what was meant, or what is possible. `known`
/// may be meant, and only `listed` is possible.
pub(super) fn unknown(
    key: &str,
    column: usize,
    known: &[&'static str],
    listed: &[&'static str],
) -> String {
    let home = HOMES.iter().find(|(other, _)| *other == key);
    match home {
        Some((_, TOP)) if column > 1 => {
            return "this key belongs below no other: it begins in column 1. Delete the blanks before it, and keep those before its own keys".to_owned();
        }
        Some((_, home)) if *home != TOP => {
            return format!(
                "this key belongs below {home}. Move it there, and indent it like the keys around it"
            );
        }
        Some(_) | None => {}
    }
    match words::nearest(key, known.iter().copied()) {
        Some(meant) => format!("this key is not known here; did you mean '{meant}'?"),
        None => format!(
            "this key is not known here; possible are: {}",
            words::list(listed.iter().copied())
        ),
    }
}
