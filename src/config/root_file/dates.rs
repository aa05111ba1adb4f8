//! `dates`: which of the roster's signs and dates count.

use crate::config::Dates;
use crate::config::section::{Findings, Section};

/// Reads the section; what it leaves out counts.
pub(super) fn read(mut section: Section<'_>, findings: &mut Findings) -> Dates {
    let default = Dates::default();
    let mut flag = |key, default| {
        section
            .take(key)
            .and_then(|field| field.flag(findings))
            .unwrap_or(default)
    };
    let dates = Dates {
        status: flag("status", default.status),
        enabled_user: flag("enabled_user", default.enabled_user),
        terms: flag("terms", default.terms),
        enrollments: flag("enrollments", default.enrollments),
        roles: flag("roles", default.roles),
    };
    section.finish(findings);
    dates
}
