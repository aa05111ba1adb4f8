//! Lists that are empty although others say otherwise. That is what a change of permissions looks like: the server still
//! answers, and shows nobody. Nothing follows from such a list, least of all that everybody has left.

use std::collections::BTreeSet;

use super::endpoints::{self, ENROLLMENTS};
use super::gather::{Gatherer, unless_refused};
use super::gathered::Gathered;
use super::list::List;
use super::record;
use super::server::Place;
use crate::model::roster::{Role, SkippedRecord};
use crate::sis::Error;
use crate::sis::fields::Fields;

/// So many classes without enrollments are looked into for people; where they have none, nor will the others.
const LOOKS: usize = 20;

/// What to do about it.
const SHARED: &str = "look at what the roster server shares with this application";

impl Gatherer<'_> {
    /// A role of which there are no enrollments, though a class lists people of it.
    pub(super) async fn without_enrollments_of(
        &self,
        enrolled: &BTreeSet<Role>,
    ) -> Result<Option<Role>, Error> {
        for role in [Role::Student, Role::Teacher] {
            if !enrolled.contains(&role) && self.a_class_lists(role).await? {
                return Ok(Some(role));
            }
        }
        Ok(None)
    }

    async fn a_class_lists(&self, role: Role) -> Result<bool, Error> {
        let calls = self.wanted.people_of_classes(role).unwrap_or_default();
        for call in calls.into_iter().take(LOOKS) {
            let list = self.people_at(call.place, role).whole().await;
            let people = unless_refused(list)?.unwrap_or_default();
            if people
                .records
                .iter()
                .any(|person| person.roles.contains(&role))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Enrollments that are empty where classes are not show nothing. Where those of one role alone are missing, it is
    /// told, so that nobody loses anything by it. Of those that cannot be read, the roster tells already.
    pub(super) async fn check_enrollments(&self, gathered: &mut Gathered) -> Result<(), Error> {
        if !gathered.skipped.is_empty() {
            return Ok(());
        }
        let enrolled = gathered.roles();
        let Some(role) = self.without_enrollments_of(&enrolled).await? else {
            return Ok(());
        };
        let reason = format!("none names a {}, although classes list some", role.as_str());
        if enrolled.is_empty() {
            let ask = self.server.ask(ENROLLMENTS, 1);
            return Err(ask.bad_page(format!("{reason}; {SHARED}")));
        }
        gathered.skipped.push(SkippedRecord {
            collection: ENROLLMENTS.wrapper.path,
            id: None,
            reason,
        });
        Ok(())
    }

    /// Nobody of these roles is listed: that must not be so where enrollments name some of them, nor where nobody else
    /// is listed either.
    pub(super) async fn check_people(
        &self,
        gathered: &Gathered,
        empty: &BTreeSet<Role>,
    ) -> Result<(), Error> {
        let needed = self.wanted.roles();
        for role in empty {
            let contradiction =
                if gathered.roles().contains(role) || self.an_enrollment_names(*role).await? {
                    format!("although enrollments name {}s", role.as_str())
                } else if needed.is_subset(empty) {
                    "and nobody else is listed either".to_owned()
                } else {
                    continue;
                };
            let ask = self.server.ask(endpoints::people(*role), 1);
            return Err(ask.bad_page(format!("it has no records, {contradiction}; {SHARED}")));
        }
        Ok(())
    }

    /// Whether the first page of all enrollments has one of this role, in whatever class.
    async fn an_enrollment_names(&self, role: Role) -> Result<bool, Error> {
        let place = Place::collection(ENROLLMENTS);
        let mut list = List::new(self.server, place, |_id, fields: &Fields<'_>| {
            Ok(record::role_of(fields))
        });
        let read = unless_refused(list.step().await)?;
        Ok(read.is_some() && list.records().contains(&role))
    }
}
