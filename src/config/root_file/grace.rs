//! `grace`: for how many days somebody who is gone keeps what they have.

use crate::config::Grace;
use crate::config::section::{Field, Findings, Section};

/// Ten years.
const MOST_DAYS: u64 = 3650;

/// Reads the section; `None` where a problem says why.
pub(super) fn read(mut section: Section<'_>, findings: &mut Findings) -> Option<Grace> {
    let [licences, organization] =
        ["licences_days", "organization_days"].map(|key| section.take(key));
    let licences_days = licences.map_or(Some(0), |field| days(&field, findings));
    let organization_days = organization.map_or(Some(licences_days), |field| {
        days(&field, findings).map(Some)
    });
    section.finish(findings);
    let licences_days = licences_days?;
    let organization_days = organization_days?.unwrap_or(licences_days);
    if let (Some(licences), Some(organization)) = (licences, organization)
        && organization_days < licences_days
    {
        let (line, column) = licences.node.at;
        organization.problem(
            findings,
            format!("'{organization_days}' is less than licences_days, which is {licences_days} at {line}:{column}, and who leaves the organization has no licence any more. Write {licences_days} or more here, or lower licences_days"),
        );
        return None;
    }
    Some(Grace {
        licences: licences_days,
        organization: organization_days,
    })
}

fn days(field: &Field<'_>, findings: &mut Findings) -> Option<u16> {
    let days = field.number_of("days", &(0..=MOST_DAYS), findings)?;
    u16::try_from(days).ok()
}
