//! Who is in the classes and schools that matter: enrollments and people, in as few requests as will do.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::endpoints::{self, ENROLLMENTS, USER};
use super::gathered::Gathered;
use super::lanes::in_lanes;
use super::list::{List, Listed};
use super::plan::{Calls, Planner, Way};
use super::record::{self, Enrollment};
use super::server::{Decoded, Place, Server};
use super::wanted::{Call, Wanted, Whose};
use crate::model::id::RosterId;
use crate::model::roster::{Person, Role};
use crate::sis::Error;
use crate::sis::dates::Doubts;
use crate::sis::fields::Fields;

/// People whom neither `/students` nor `/teachers` lists (aides, administrators) are few.
const MOST_SINGLE: usize = 100;

const NO_ENROLLMENTS: &str = "The roster server shows no enrollments, so their status and their dates are not known: everybody whom a class lists counts as a member. Share enrollments with the application if it has them.";

/// How each collection is read.
#[derive(Debug, Clone, Copy)]
struct Ways {
    enrollments: Way,
    students: Way,
    teachers: Way,
}

/// Gathers for what is wanted.
#[derive(Debug)]
pub(super) struct Gatherer<'a> {
    pub(super) server: &'a Server<'a>,
    pub(super) wanted: &'a Wanted,
    /// What formats and filters ask of people.
    pub(super) attributes: &'a BTreeSet<String>,
    /// The day of the pass, where dates count.
    pub(super) day: Option<Date>,
    /// Where dates are noted that cannot be used.
    pub(super) dates: &'a Doubts,
}

impl<'a> Gatherer<'a> {
    /// Whole collections first, at most three at a time; then class by class and school by school, what is not read
    /// whole; then single people whom neither brought.
    pub(super) async fn gather(&self) -> Result<Gathered, Error> {
        let mut planner = Planner::default();
        let (mut students, mut teachers) = (self.people(Role::Student), self.people(Role::Teacher));
        let mut enrollments = self.enrollments();
        let by_class = self.wanted.enrollments();
        let calls = by_class.as_ref().map(|lists| Calls {
            classes: lists.len(),
            ..Calls::default()
        });
        let ways = Ways {
            students: self
                .way_of_people(&mut planner, &mut students, Role::Student)
                .await?,
            enrollments: way(&mut planner, &mut enrollments, calls).await?,
            teachers: self
                .way_of_people(&mut planner, &mut teachers, Role::Teacher)
                .await?,
        };
        self.log(ways);

        let (enrolled, students, teachers) = tokio::try_join!(
            optional(enrollments, ways.enrollments),
            whole(students, ways.students),
            whole(teachers, ways.teachers),
        )?;
        let mut gathered = Gathered::default();
        let mut empty = BTreeSet::new();
        let whole = [
            (Role::Student, ways.students, students),
            (Role::Teacher, ways.teachers, teachers),
        ];
        for (role, way, people) in whole {
            if way == Way::Sweep && people.is_empty() {
                empty.insert(role);
            }
            gathered.people.extend(people);
        }
        let enrolled = match enrolled {
            Some(enrolled) => Some(enrolled),
            None => self.enrolled_by_class(by_class, ways.enrollments).await?,
        };
        match enrolled {
            Some(enrolled) => {
                gathered.enroll_all(enrolled);
                self.check_enrollments(&mut gathered).await?;
                empty.extend(self.people_by_group(&mut gathered, ways).await?);
            }
            None => empty.extend(self.without_enrollments(&mut gathered, ways).await?),
        }
        self.check_people(&gathered, &empty).await?;
        self.add_strangers(&mut gathered).await?;
        gathered.drop_others(self.wanted);
        Ok(gathered)
    }

    fn log(&self, ways: Ways) {
        tracing::info!(
            classes = self.wanted.classes.len(),
            schools = self.wanted.schools.len(),
            enrollments = ways.enrollments.as_str(),
            students = ways.students.as_str(),
            teachers = ways.teachers.as_str(),
            "reading is planned"
        );
    }

    fn people(
        &self,
        role: Role,
    ) -> List<'a, Person, impl Fn(RosterId, &Fields<'_>) -> Decoded<Person> + use<'a>> {
        self.people_at(Place::collection(endpoints::people(role)), role)
    }

    pub(super) fn people_at(
        &self,
        place: Place,
        role: Role,
    ) -> List<'a, Person, impl Fn(RosterId, &Fields<'_>) -> Decoded<Person> + use<'a>> {
        let (attributes, dates) = (self.attributes, self.dates);
        List::new(self.server, place, move |id, fields: &Fields<'_>| {
            let roles = record::listed_roles(role, fields);
            record::person(id, roles, attributes, dates, fields).map(Some)
        })
    }

    fn enrollments(
        &self,
    ) -> List<'a, Enrollment, impl Fn(RosterId, &Fields<'_>) -> Decoded<Enrollment> + use<'a>> {
        let (wanted, dates) = (self.wanted, self.dates);
        let place = Place::collection(ENROLLMENTS);
        List::new(self.server, place, move |id, fields: &Fields<'_>| {
            let class = record::class_of(fields)?;
            member(wanted, dates, &id, class, fields)
        })
    }

    /// A role of which everybody is needed is read whole.
    async fn way_of_people<D>(
        &self,
        planner: &mut Planner,
        list: &mut List<'_, Person, D>,
        role: Role,
    ) -> Result<Way, Error>
    where
        D: Fn(RosterId, &Fields<'_>) -> Decoded<Person>,
    {
        let calls = self.wanted.calls(role);
        let calls = calls.filter(|_| !self.wanted.everybody(role));
        way(planner, list, calls).await
    }

    /// Enrollments class by class. Where the server does not show them so, or one of the classes is gone, or there are
    /// none though classes have people, all enrollments, unless it has refused those already. `None` where it shows
    /// neither.
    async fn enrolled_by_class(
        &self,
        by_class: Option<Vec<(RosterId, Place)>>,
        way: Way,
    ) -> Result<Option<Listed<Enrollment>>, Error> {
        if let Some(by_class) = by_class {
            let one = async |(class, place): (RosterId, Place)| {
                let (wanted, dates) = (self.wanted, self.dates);
                let decode = move |id, fields: &Fields<'_>| {
                    member(wanted, dates, &id, class.clone(), fields)
                };
                List::new(self.server, place, decode).whole().await
            };
            if let Some(lists) = unless_refused(in_lanes(by_class, one).await)? {
                let enrolled = united(lists);
                let roles = enrolled.records.iter().map(|found| found.role).collect();
                let is_told = way == Way::Sweep || !enrolled.skipped.is_empty();
                if is_told || self.without_enrollments_of(&roles).await?.is_none() {
                    return Ok(Some(enrolled));
                }
            }
        }
        match way {
            Way::Each => optional(self.enrollments(), Way::Sweep).await,
            Way::Sweep => Ok(None),
        }
    }

    /// People class by class and school by school, where they are not read whole. Where the server does not show them
    /// so, or one of the classes is gone, or a school has nobody, all people. Returns the roles that nobody has.
    async fn people_by_group(
        &self,
        gathered: &mut Gathered,
        ways: Ways,
    ) -> Result<BTreeSet<Role>, Error> {
        let roles = [
            (Role::Student, ways.students),
            (Role::Teacher, ways.teachers),
        ];
        let roles = roles.into_iter().filter(|(_, way)| *way == Way::Each);
        let mut again: BTreeSet<Role> = roles.map(|(role, _)| role).collect();
        let calls = again.iter().filter_map(|role| {
            let mut calls = self.wanted.people_of_classes(*role)?;
            calls.extend(self.wanted.people_of_schools(*role)?);
            Some(calls)
        });
        if let Some(lists) = unless_refused(self.listed(calls.flatten().collect()).await)? {
            again.clear();
            for (call, people) in lists {
                match &call.whose {
                    Whose::Class(class) => gathered.compare(class, call.role, &people.records),
                    Whose::School(_) if people.is_empty() => _ = again.insert(call.role),
                    Whose::School(_) => {}
                }
                gathered.people.extend(people);
            }
        }
        self.everybody_of(gathered, again).await
    }

    /// All people of these roles. Returns the roles that nobody has.
    async fn everybody_of(
        &self,
        gathered: &mut Gathered,
        roles: BTreeSet<Role>,
    ) -> Result<BTreeSet<Role>, Error> {
        let mut empty = BTreeSet::new();
        for role in roles {
            let people = self.people(role).whole().await?;
            if people.is_empty() {
                empty.insert(role);
            }
            gathered.people.extend(people);
        }
        Ok(empty)
    }

    /// The people whom classes list are their members. There is nothing else to go by, so all of these lists must be
    /// there. Returns the roles that nobody has.
    async fn without_enrollments(
        &self,
        gathered: &mut Gathered,
        ways: Ways,
    ) -> Result<BTreeSet<Role>, Error> {
        gathered.notices.push(NO_ENROLLMENTS.to_owned());
        let mut calls = Vec::new();
        for (role, way) in [
            (Role::Student, ways.students),
            (Role::Teacher, ways.teachers),
        ] {
            let of_classes = self.wanted.people_of_classes(role);
            let no_path = || self.server.ask(ENROLLMENTS, 1).refused(404);
            calls.extend(of_classes.ok_or_else(no_path)?);
            if way == Way::Each {
                calls.extend(self.wanted.people_of_schools(role).unwrap_or_default());
            }
        }
        let mut again = BTreeSet::new();
        for (call, people) in self.listed(calls).await? {
            match &call.whose {
                Whose::Class(class) => gathered.enroll_listed(class, call.role, &people),
                Whose::School(_) if people.is_empty() => _ = again.insert(call.role),
                Whose::School(_) => {}
            }
            gathered.people.extend(people);
        }
        self.everybody_of(gathered, again).await
    }

    async fn listed(&self, calls: Vec<Call>) -> Result<Vec<(Call, Listed<Person>)>, Error> {
        let one = async |call: Call| {
            let mut people = self
                .people_at(call.place.clone(), call.role)
                .whole()
                .await?;
            if let Whose::School(school) = &call.whose {
                for person in &mut people.records {
                    person.schools.insert(school.clone());
                }
            }
            Ok((call, people))
        };
        in_lanes(calls, one).await
    }

    /// Somebody may be enrolled whom the lists of students and teachers do not have.
    async fn add_strangers(&self, gathered: &mut Gathered) -> Result<(), Error> {
        let strangers = gathered.strangers(self.day).into_iter().take(MOST_SINGLE);
        let one = async |id: RosterId| {
            let decode = |id, fields: &Fields<'_>| {
                let roles = record::roles(fields);
                record::person(id, roles, self.attributes, self.dates, fields).map(Some)
            };
            self.server.single(USER, &id, decode).await
        };
        let found = in_lanes(strangers.collect(), one).await?;
        gathered.people.records.extend(found.into_iter().flatten());
        Ok(())
    }
}

/// Somebody in a class that matters, in a role that is asked for. Of other enrollments nothing else is read.
fn member(
    wanted: &Wanted,
    dates: &Doubts,
    id: &RosterId,
    class: RosterId,
    fields: &Fields<'_>,
) -> Decoded<Enrollment> {
    match record::role_of(fields) {
        Some(role) if wanted.is_member(&class, role) => {
            record::enrollment(id, class, role, dates, fields).map(Some)
        }
        _ => Ok(None),
    }
}

/// Decides for one collection; `None` calls are not possible. A collection that the server does not show has no size.
async fn way<T, D>(
    planner: &mut Planner,
    list: &mut List<'_, T, D>,
    calls: Option<Calls>,
) -> Result<Way, Error>
where
    D: Fn(RosterId, &Fields<'_>) -> Decoded<T>,
{
    let Some(calls) = calls else {
        return Ok(Way::Sweep);
    };
    if planner.unseen(calls) {
        return Ok(Way::Each);
    }
    if unless_refused(list.step().await)?.is_none() {
        return Ok(Way::Each);
    }
    if list.has_ended() {
        return Ok(Way::Sweep);
    }
    Ok(planner.seen(calls, list.left()))
}

/// A collection to its end, if that is the way.
async fn whole<T, D>(list: List<'_, T, D>, way: Way) -> Result<Listed<T>, Error>
where
    D: Fn(RosterId, &Fields<'_>) -> Decoded<T>,
{
    match way {
        Way::Sweep => list.whole().await,
        Way::Each => Ok(Listed::default()),
    }
}

/// The same of a collection that a server need not show. What it shows the beginning of, it has to show to the end.
async fn optional<T, D>(mut list: List<'_, T, D>, way: Way) -> Result<Option<Listed<T>>, Error>
where
    D: Fn(RosterId, &Fields<'_>) -> Decoded<T>,
{
    if way == Way::Each || (list.is_unread() && unless_refused(list.step().await)?.is_none()) {
        return Ok(None);
    }
    list.whole().await.map(Some)
}

/// `None` where the server does not have it, or does not show it to us.
pub(super) fn unless_refused<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(Error::Refused {
            status: 403 | 404 | 501,
            ..
        }) => Ok(None),
        read => read.map(Some),
    }
}

fn united<T>(lists: Vec<Listed<T>>) -> Listed<T> {
    let mut all = Listed::default();
    for list in lists {
        all.extend(list);
    }
    all
}
