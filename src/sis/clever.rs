//! Clever's Data API v2.1.
//!
//! One sweep over each collection that is needed: the members of classes come with `/sections`, so no request names a
//! group, and the number of requests does not depend on the mapping.

mod access;
mod advice;
mod paging;
mod record;
mod sweep;
mod wire;

use std::collections::BTreeSet;

use reqwest::Url;

use self::access::Access;
use self::sweep::{Endpoint, Sweeper, Swept};
use super::fields::Fields;
use super::{Credentials, Error, RosterSource};
use crate::config::Source;
use crate::http::Http;
use crate::model::id::fold;
use crate::model::roster::{Class, Collection, Group, Needs, Parts, Person, Role, Roster};

/// The most rows that Clever puts on a page; it answers 413 to a wish for more.
const MOST_ROWS: u32 = 10_000;

/// The only state in which a district's data are known to be current.
const RUNNING: &str = "running";

const DISTRICTS: Endpoint = Endpoint {
    name: "Clever districts",
    path: "districts",
    names: false,
};
const SCHOOLS: Endpoint = Endpoint {
    name: "Clever schools",
    path: "schools",
    names: true,
};
const COURSES: Endpoint = Endpoint {
    name: "Clever courses",
    path: "courses",
    names: true,
};
const SECTIONS: Endpoint = Endpoint {
    name: "Clever sections",
    path: "sections",
    names: true,
};
const STUDENTS: Endpoint = Endpoint {
    name: "Clever students",
    path: "students",
    names: true,
};
const TEACHERS: Endpoint = Endpoint {
    name: "Clever teachers",
    path: "teachers",
    names: true,
};

/// One district at Clever.
#[derive(Debug)]
pub struct Clever {
    http: Http,
    credentials: Credentials,
    host: Url,
    token_url: Url,
    district: Option<String>,
    secret: Option<String>,
    limit: u32,
}

impl Clever {
    /// Takes what it needs of the source; nothing is sent yet.
    pub fn new(http: Http, source: &Source, credentials: Credentials) -> Self {
        Self {
            http,
            credentials,
            host: source.host.clone(),
            token_url: source.token_url.clone(),
            district: source.district_id.clone(),
            secret: source.secret.clone(),
            limit: source.page_size.clamp(1, MOST_ROWS),
        }
    }
}

impl RosterSource for Clever {
    /// Reads the district's state and the needed collections, a few at a time, each once.
    async fn read(&self, needs: &Needs) -> Result<Roster, Error> {
        let access = Access {
            http: &self.http,
            credentials: &self.credentials,
            token_url: &self.token_url,
            district: self.district.as_deref(),
            secret: self.secret.as_deref(),
        };
        let sweeper = Sweeper {
            http: &self.http,
            host: &self.host,
            limit: self.limit,
            bearer: access.bearer().await?,
            secret: self.secret.as_deref(),
        };
        let reading = Reading { sweeper, needs };
        let parts = reading.parts().await?;
        Roster::whole(parts).map_err(Error::Incomplete)
    }
}

/// What is read of one district.
struct Reading<'a> {
    sweeper: Sweeper<'a>,
    needs: &'a Needs,
}

impl Reading<'_> {
    /// At most three collections at a time; within each, a page names where the next one starts. The small ones come
    /// first: credentials that are not accepted show before anything large is read.
    async fn parts(&self) -> Result<Parts, Error> {
        let (state, schools, courses) = tokio::try_join!(
            self.district_state(),
            self.groups(SCHOOLS, Collection::Schools),
            self.groups(COURSES, Collection::Courses),
        )?;
        let (classes, students, teachers) = tokio::try_join!(
            self.classes(),
            self.people(STUDENTS, Role::Student),
            self.people(TEACHERS, Role::Teacher),
        )?;
        let notice = "Clever does not say whether the district's data are current: the district's state is not known";
        let names = [
            (Collection::Schools, schools.names),
            (Collection::Courses, courses.names),
            (Collection::Classes, classes.names),
        ];
        Ok(Parts {
            schools: schools.records,
            courses: courses.records,
            classes: classes.records,
            people: students
                .records
                .into_iter()
                .chain(teachers.records)
                .collect(),
            attribute_names: names
                .into_iter()
                .filter(|(collection, _)| self.needs.match_attributes.contains_key(collection))
                .collect(),
            person_attribute_names: person_names(students.names, teachers.names),
            skipped: [
                schools.skipped,
                courses.skipped,
                classes.skipped,
                students.skipped,
                teachers.skipped,
            ]
            .concat(),
            notices: state
                .is_none()
                .then(|| notice.to_owned())
                .into_iter()
                .collect(),
            district_state: state,
        })
    }

    /// `running`, or what else the district is; `None` where Clever does not tell this application.
    async fn district_state(&self) -> Result<Option<String>, Error> {
        let state = |_id, fields: &Fields<'_>| fields.text("state");
        let districts = match self.sweeper.list(DISTRICTS, state).await {
            Err(Error::Refused {
                status: 403 | 404, ..
            }) => return Ok(None),
            districts => districts?,
        };
        let states: BTreeSet<String> = districts
            .records
            .into_iter()
            .flatten()
            .map(|state| fold(&state))
            .collect();
        let stopped = states.iter().find(|state| *state != RUNNING);
        Ok(stopped.or(states.first()).cloned())
    }

    async fn groups(
        &self,
        endpoint: Endpoint,
        collection: Collection,
    ) -> Result<Swept<Group>, Error> {
        let Some(wanted) = self.needs.match_attributes.get(&collection) else {
            return Ok(Swept::default());
        };
        self.sweeper
            .sweep(endpoint, |id, fields| Ok(record::group(id, wanted, fields)))
            .await
    }

    /// Courses have their members through their classes.
    async fn classes(&self) -> Result<Swept<Class>, Error> {
        let wanted = &self.needs.match_attributes;
        if !wanted.contains_key(&Collection::Classes) && !wanted.contains_key(&Collection::Courses)
        {
            return Ok(Swept::default());
        }
        let none = BTreeSet::new();
        let wanted = wanted.get(&Collection::Classes).unwrap_or(&none);
        let roles = &self.needs.roles;
        self.sweeper
            .sweep(SECTIONS, |id, fields| {
                record::class(id, roles, wanted, fields)
            })
            .await
    }

    async fn people(&self, endpoint: Endpoint, role: Role) -> Result<Swept<Person>, Error> {
        if !self.needs.roles.contains(&role) && !self.needs.everybody.contains(&role) {
            return Ok(Swept::default());
        }
        self.sweeper
            .sweep(endpoint, |id, fields| {
                record::person(id, role, &self.needs.person_attributes, fields)
            })
            .await
    }
}

/// The fields of people, and the parts of their names as if they were fields.
fn person_names(mut names: BTreeSet<String>, others: BTreeSet<String>) -> BTreeSet<String> {
    names.extend(others);
    if names.contains("name") {
        names.extend(record::NAMES.map(|(_, attribute)| attribute.to_owned()));
    }
    names
}
