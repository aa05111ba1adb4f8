//! On which days somebody is in a directory group, and what ended a membership that is over.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;

use crate::config::Dates;
use crate::model::id::RosterId;
use crate::model::period::{Days, Period};
use crate::model::roster::{Class, Member, Person, Role, Roster, Term};
use crate::reconcile::ending::{Ended, Ending};

/// When the classes of a roster are held, and what else has dates in it.
#[derive(Debug)]
pub(super) struct Calendar<'r> {
    pub(super) today: Date,
    dates: Dates,
    roster: &'r Roster,
    always: Rc<Days>,
    /// Many classes are held in the same terms.
    by_terms: BTreeMap<&'r BTreeSet<RosterId>, Held<'r>>,
}

/// When a class is held, as far as its terms say.
#[derive(Debug, Clone)]
struct Held<'r> {
    days: Rc<Days>,
    /// When it would be held if all of its terms were active.
    whole: Rc<Days>,
    /// The terms that say so, if all are known.
    terms: Vec<&'r Term>,
    /// Whether any of its terms is active; without terms nothing speaks against it.
    active: bool,
}

/// One way into a directory group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'r> {
    pub(super) person: &'r RosterId,
    pub(super) role: Role,
    /// Through this class, with this enrollment.
    pub(super) through: Option<(&'r Class, &'r Member)>,
    /// Or because of this school.
    pub(super) school: Option<&'r RosterId>,
}

/// How somebody stands in one directory group, all ways into it together.
#[derive(Debug, Clone)]
pub(super) struct Membership<'r> {
    /// The days of the ways that are active.
    pub(super) days: Rc<Days>,
    /// Whether there is such a way.
    pub(super) listed: bool,
    /// The last day of the ways that are over, and what ended the last of them.
    over: Option<(Date, Cause<'r>)>,
    /// Whether a way that would include the day is not active, or a term of its class.
    pub(super) inactive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause<'r> {
    Term(Option<&'r str>),
    Enrollment,
    Role,
}

impl<'r> Calendar<'r> {
    /// Of a roster, on one day. A switch that is off leaves no day out.
    pub(super) fn new(roster: &'r Roster, dates: Dates, today: Date) -> Self {
        let mut calendar = Self {
            today,
            dates,
            roster,
            always: Rc::new(Days::always()),
            by_terms: BTreeMap::new(),
        };
        for class in roster.classes.values() {
            if !calendar.by_terms.contains_key(&class.terms) {
                let held = calendar.held(&class.terms);
                calendar.by_terms.insert(&class.terms, held);
            }
        }
        calendar
    }

    /// A class without terms is held always, and so is one of whose terms any is unknown or says nothing.
    fn held(&self, ids: &'r BTreeSet<RosterId>) -> Held<'r> {
        let always = |active| Held {
            days: Rc::clone(&self.always),
            whole: Rc::clone(&self.always),
            terms: Vec::new(),
            active,
        };
        if ids.is_empty() {
            return always(true);
        }
        let known = ids.iter().map(|id| self.roster.terms.get(id));
        let Some(terms) = known.collect::<Option<Vec<&Term>>>() else {
            return always(true);
        };
        let counts = |term: &&Term| term.active || !self.dates.status;
        let whole = self.held_in(&terms);
        let terms: Vec<&Term> = terms.into_iter().filter(counts).collect();
        if terms.is_empty() {
            return always(false);
        }
        let days = self.held_in(&terms);
        Held {
            terms: if days.is_always() { Vec::new() } else { terms },
            days,
            whole,
            active: true,
        }
    }

    /// The days of these terms: all, where one of them says nothing.
    fn held_in(&self, terms: &[&Term]) -> Rc<Days> {
        let periods = || terms.iter().map(|term| term.period);
        if !self.dates.terms || periods().any(|period| period.said().is_none()) {
            return Rc::clone(&self.always);
        }
        Rc::new(Days::of(periods()))
    }

    /// The days on which the person has the role, at the school where one is named.
    pub(super) fn of_role(
        &self,
        person: &Person,
        role: Role,
        school: Option<&RosterId>,
    ) -> Rc<Days> {
        if !self.dates.roles {
            return Rc::clone(&self.always);
        }
        let at = |there: Option<&RosterId>| school.is_none() || there.is_none() || there == school;
        let entries = person.roles_at.iter();
        let held = entries.filter(|entry| entry.role == role && at(entry.school.as_ref()));
        let periods: Vec<Period> = held.map(|entry| entry.period).collect();
        if periods.is_empty() || periods.iter().any(|period| period.said().is_none()) {
            return Rc::clone(&self.always);
        }
        Rc::new(Days::of(periods))
    }

    /// One way by itself. `to_active` says whether the object that it leads to is active.
    pub(super) fn membership(&self, path: Path<'r>, to_active: bool) -> Membership<'r> {
        let held = path
            .through
            .and_then(|(class, _)| self.by_terms.get(&class.terms));
        let enrolled = path
            .through
            .and_then(|(_, member)| member.period.said())
            .filter(|_| self.dates.enrollments)
            .map(|period| Days::of([period]));
        let person = self.roster.people.get(path.person);
        let role = person.map(|person| self.of_role(person, path.role, path.school));
        let mut days = Rc::clone(held.map_or(&self.always, |held| &held.days));
        let mut is_whole_today = held.is_none_or(|held| held.whole.contains(self.today));
        for other in enrolled.as_ref().into_iter().chain(role.as_deref()) {
            is_whole_today &= other.contains(self.today);
            if !other.is_always() {
                days = Rc::new(days.and(other));
            }
        }
        let is_today = days.contains(self.today);
        let last_day = days.last_before(self.today).filter(|_| !is_today);
        let over = last_day.and_then(|last_day| {
            let next = last_day.tomorrow().ok()?;
            let cause = match held {
                Some(held) if !held.days.contains(next) => Cause::Term(held.title(last_day)),
                _ if enrolled.is_some_and(|days| !days.contains(next)) => Cause::Enrollment,
                _ => Cause::Role,
            };
            Some((last_day, cause))
        });
        let is_active = path.through.is_none_or(|(class, member)| {
            class.active && member.active && held.is_none_or(|held| held.active)
        });
        let active = is_active && to_active || !self.dates.status;
        Membership {
            inactive: is_whole_today && !(active && is_today),
            listed: active,
            over,
            days: if active { days } else { Rc::new(Days::never()) },
        }
    }
}

impl<'r> Held<'r> {
    /// The title of the term that ends on this day; of several the first by id that has one.
    fn title(&self, last_day: Date) -> Option<&'r str> {
        let mut ending = self
            .terms
            .iter()
            .filter(|term| term.period.last == Some(last_day));
        ending.find_map(|term| term.title.as_deref())
    }
}

impl Membership<'_> {
    /// Whether it is one on this day.
    pub(super) fn is_on(&self, day: Date) -> bool {
        self.days.contains(day)
    }

    /// Whether dates alone decide: it is active, or it was over before it ceased to be.
    pub(super) fn is_dated(&self) -> bool {
        self.listed || (self.over.is_some() && !self.inactive)
    }

    /// Both together: another way into the same directory group.
    pub(super) fn and(&mut self, other: &Self) {
        if self.days != other.days {
            self.days = Rc::new(self.days.or(&other.days));
        }
        self.listed |= other.listed;
        self.inactive |= other.inactive;
        self.over = self.over.max(other.over);
    }

    /// What ended it, where a date did; see [`Self::inactive`], too.
    pub(super) fn ending(&self, directory_group: &str) -> Option<Ending> {
        let (last_day, cause) = self.over?;
        Some(Ending {
            last_day,
            ended: match cause {
                Cause::Term(title) => Ended::Term(title.map(str::to_owned)),
                Cause::Enrollment => Ended::Enrollment,
                Cause::Role => Ended::Role,
            },
            directory_group: directory_group.to_owned(),
        })
    }
}
