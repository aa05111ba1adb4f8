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
use super::dates::Doubts;
use super::fields::Fields;
use super::{Credentials, Error, RosterSource};
use crate::config::Source;
use crate::http::Http;
use crate::model::id::fold;
use crate::model::roster::{Class, Collection, Group, Needs, Parts, Person, Role, Roster, Term};

/// The most rows that Clever puts on a page; it answers 413 to a wish for more.
const MOST_ROWS: u32 = 10_000;

const NO_STATE: &str = "Clever does not say whether the district's data are current: the district's state is not known";

const NO_TERMS: &str = "Clever shows no terms, so the dates of terms are not known: sections count in term and out of term. Share terms with the application if the district has them.";

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
const TERMS: Endpoint = Endpoint {
    name: "Clever terms",
    path: "terms",
    names: false,
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
        let reading = Reading {
            sweeper,
            needs,
            dates: Doubts::default(),
        };
        let parts = reading.parts().await?;
        Roster::whole(parts).map_err(Error::Incomplete)
    }
}

/// What is read of one district.
struct Reading<'a> {
    sweeper: Sweeper<'a>,
    needs: &'a Needs,
    dates: Doubts,
}

impl Reading<'_> {
    /// At most three collections at a time; within each, a page names where the next one starts. The small ones come
    /// first: credentials that are not accepted show before anything large is read.
    async fn parts(&self) -> Result<Parts, Error> {
        let state_and_terms = async { Ok((self.district_state().await?, self.terms().await?)) };
        let ((state, terms), schools, courses) = tokio::try_join!(
            state_and_terms,
            self.groups(SCHOOLS, Collection::Schools),
            self.groups(COURSES, Collection::Courses),
        )?;
        let (classes, students, teachers) = tokio::try_join!(
            self.classes(),
            self.people(STUDENTS, Role::Student),
            self.people(TEACHERS, Role::Teacher),
        )?;
        let names_terms = |class: &Class| !class.terms.is_empty();
        let misses_terms =
            self.needs.terms && terms.is_empty() && classes.records.iter().any(names_terms);
        let notices = [(state.is_none(), NO_STATE), (misses_terms, NO_TERMS)].into_iter();
        let notices = notices.filter(|(is_so, _)| *is_so);
        let notices = notices.map(|(_, notice)| notice.to_owned());
        let names = [
            (Collection::Schools, schools.names),
            (Collection::Courses, courses.names),
            (Collection::Classes, classes.names),
        ];
        Ok(Parts {
            terms: terms.records,
            day: self.needs.day,
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
                terms.skipped,
                classes.skipped,
                students.skipped,
                teachers.skipped,
            ]
            .concat(),
            notices: notices.chain(self.dates.notices()).collect(),
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

    /// Whether classes are read: courses have their members through them.
    fn has_classes(&self) -> bool {
        let wanted = &self.needs.match_attributes;
        wanted.contains_key(&Collection::Classes) || wanted.contains_key(&Collection::Courses)
    }

    /// None where Clever shows this application none: sections do without.
    async fn terms(&self) -> Result<Swept<Term>, Error> {
        if !self.needs.terms || !self.has_classes() {
            return Ok(Swept::default());
        }
        let decode = |id, fields: &Fields<'_>| Ok(record::term(id, &self.dates, fields));
        self.sweeper.sweep_optional(TERMS, decode).await
    }

    async fn classes(&self) -> Result<Swept<Class>, Error> {
        if !self.has_classes() {
            return Ok(Swept::default());
        }
        let none = BTreeSet::new();
        let wanted = &self.needs.match_attributes;
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
