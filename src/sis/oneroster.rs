//! OneRoster 1.1 over REST, as `ClassLink` serves it.
//!
//! Schools, courses and classes are listed as far as directory groups need them; then it is known which classes matter,
//! and who is in them is read in as few requests as will do. The members of a class are those of its
//! enrollments; "users" of anything are students and teachers, for OneRoster has no such path.

mod advice;
mod doubt;
mod endpoints;
mod gather;
mod gathered;
mod lanes;
mod list;
mod paging;
mod plan;
mod record;
mod server;
mod sessions;
mod wanted;
mod wire;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use reqwest::Url;

use self::endpoints::{CLASSES, COURSES, SCHOOLS};
use self::gather::Gatherer;
use self::gathered::Gathered;
use self::list::{List, Listed};
use self::record::ClassRow;
use self::server::{Access, Endpoint, Place, Server};
use self::wanted::Wanted;
use super::dates::Doubts;
use super::fields::Fields;
use super::{Credentials, Error, RosterSource};
use crate::config::{SignatureMethod, Source};
use crate::http::Http;
use crate::http::oauth1::{Method, Signer};
use crate::model::id::RosterId;
use crate::model::roster::{Class, Collection, Group, Needs, Parts, Roster, SkippedRecord, Term};

/// One OneRoster server.
#[derive(Debug)]
pub struct OneRoster {
    http: Http,
    host: Url,
    access: Access,
    secret: Option<String>,
    limit: usize,
}

impl OneRoster {
    /// Takes what it needs of the source; nothing is sent yet. An id and a secret sign requests, a token goes along.
    pub fn new(http: Http, source: &Source, credentials: Credentials) -> Self {
        let access = match credentials {
            Credentials::Token(token) => Access::Token(token),
            Credentials::Client { id, secret } => {
                let method = match source.signature_method {
                    SignatureMethod::HmacSha256 => Method::HmacSha256,
                    SignatureMethod::HmacSha1 => Method::HmacSha1,
                };
                Access::Signed(Signer::new(method, id, secret))
            }
        };
        Self {
            http,
            host: source.host.clone(),
            access,
            secret: source.secret.clone(),
            limit: usize::try_from(source.page_size.max(1)).unwrap_or(usize::MAX),
        }
    }
}

impl RosterSource for OneRoster {
    /// Reads what directory groups need, each list once, and at most three requests at a time.
    async fn read(&self, needs: &Needs) -> Result<Roster, Error> {
        let server = Server {
            http: &self.http,
            host: &self.host,
            limit: self.limit,
            access: &self.access,
            secret: self.secret.as_deref(),
            unsorted: Cell::new(false),
            totals_are_whole: Cell::new(false),
        };
        let reading = Reading {
            server,
            needs,
            dates: Doubts::default(),
        };
        let parts = reading.parts().await?;
        Roster::whole(parts).map_err(Error::Incomplete)
    }
}

/// What is read of one server.
struct Reading<'a> {
    server: Server<'a>,
    needs: &'a Needs,
    dates: Doubts,
}

/// What is listed before it is known who matters.
struct Lists {
    schools: Listed<Group>,
    courses: Listed<Group>,
    classes: Listed<ClassRow>,
    terms: Listed<Term>,
}

impl Reading<'_> {
    async fn parts(&self) -> Result<Parts, Error> {
        let Lists {
            schools,
            courses,
            classes,
            terms,
        } = self.lists().await?;
        let wanted = Wanted::of(
            self.needs,
            &schools.records,
            &courses.records,
            &classes.records,
        );
        let gatherer = Gatherer {
            server: &self.server,
            wanted: &wanted,
            attributes: &self.needs.person_attributes,
            day: self.needs.day,
            dates: &self.dates,
        };
        let mut gathered = gatherer.gather().await?;
        let names = [
            (Collection::Schools, schools.names),
            (Collection::Courses, courses.names),
            (Collection::Classes, classes.names),
        ];
        let no_terms = self.misses_terms(&terms, &classes.records);
        let no_terms = no_terms.then(|| sessions::NO_TERMS.to_owned());
        gathered.notices.extend(no_terms);
        gathered.notices.extend(self.dates.notices());
        Ok(Parts {
            terms: terms.records,
            day: self.needs.day,
            schools: schools.records,
            courses: courses.records,
            classes: with_members(classes.records, &mut gathered),
            people: gathered.people.records,
            attribute_names: names
                .into_iter()
                .filter(|(collection, _)| self.is_needed(*collection))
                .collect(),
            person_attribute_names: gathered.people.names,
            skipped: [
                schools.skipped,
                courses.skipped,
                classes.skipped,
                terms.skipped,
                gathered.skipped,
                gathered.people.skipped,
            ]
            .concat(),
            district_state: None,
            notices: gathered.notices,
        })
    }

    /// Schools and terms are few, and share a lane.
    async fn lists(&self) -> Result<Lists, Error> {
        let schools_and_terms = async {
            let schools = self.groups(SCHOOLS, Collection::Schools).await?;
            Ok((schools, self.terms().await?))
        };
        let ((schools, terms), courses, mut classes) = tokio::try_join!(
            schools_and_terms,
            self.groups(COURSES, Collection::Courses),
            self.classes(),
        )?;
        if classes.is_empty() && !courses.is_empty() {
            // Whoever is in them is not to be seen.
            classes.skipped.push(SkippedRecord {
                collection: CLASSES.wrapper.path,
                id: None,
                reason: "there is not a single one, although there are courses".to_owned(),
            });
        }
        Ok(Lists {
            schools,
            courses,
            classes,
            terms,
        })
    }

    /// Whether a directory group is of this collection.
    fn is_needed(&self, collection: Collection) -> bool {
        let mut groups = self.needs.groups.iter();
        groups.any(|group| group.collection == collection)
    }

    /// What matching asks of the objects of a collection.
    fn attributes(&self, collection: Collection) -> BTreeSet<String> {
        let wanted = self.needs.match_attributes.get(&collection);
        wanted.cloned().unwrap_or_default()
    }

    async fn groups(
        &self,
        endpoint: Endpoint,
        collection: Collection,
    ) -> Result<Listed<Group>, Error> {
        if !self.is_needed(collection) {
            return Ok(Listed::default());
        }
        let wanted = self.attributes(collection);
        let decode =
            |id: RosterId, fields: &Fields<'_>| record::group(id, &wanted, fields).map(Some);
        List::new(&self.server, Place::collection(endpoint), decode)
            .whole()
            .await
    }

    /// Whether classes are read: courses have their members through them.
    fn has_classes(&self) -> bool {
        self.is_needed(Collection::Classes) || self.is_needed(Collection::Courses)
    }

    async fn terms(&self) -> Result<Listed<Term>, Error> {
        if !self.needs.terms || !self.has_classes() {
            return Ok(Listed::default());
        }
        sessions::terms(&self.server, &self.dates).await
    }

    /// Whether classes name terms of which not a single one is to be seen.
    fn misses_terms(&self, terms: &Listed<Term>, classes: &[ClassRow]) -> bool {
        let mut named = classes.iter().map(|row| &row.class.terms);
        self.needs.terms && terms.is_empty() && named.any(|terms| !terms.is_empty())
    }

    async fn classes(&self) -> Result<Listed<ClassRow>, Error> {
        if !self.has_classes() {
            return Ok(Listed::default());
        }
        let wanted = self.attributes(Collection::Classes);
        let decode =
            |id: RosterId, fields: &Fields<'_>| record::class(id, &wanted, fields).map(Some);
        List::new(&self.server, Place::collection(CLASSES), decode)
            .whole()
            .await
    }
}

/// Classes with those who are enrolled in them; one that is listed twice has its members once.
fn with_members(rows: Vec<ClassRow>, gathered: &mut Gathered) -> Vec<Class> {
    let mut classes = BTreeMap::<RosterId, Class>::new();
    for ClassRow { mut class, .. } in rows {
        class.members = gathered.take_members(&class.id);
        if let Some(known) = classes.get_mut(&class.id) {
            known.active |= class.active;
            known.terms.extend(class.terms);
            continue;
        }
        classes.insert(class.id.clone(), class);
    }
    classes.into_values().collect()
}
