//! When licences begin and end, as the dates of the roster stand today.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::Rules;
use crate::config::options::Users;
use crate::model::id::{GroupName, UserKey};
use crate::model::period::Days;
use crate::model::roster::Person;
use crate::reconcile::desired::User;
use crate::reconcile::forecast::{DAYS_AHEAD, Forecast};

/// The days on which accounts are to have an Adobe group, where that changes soon.
#[derive(Debug, Default)]
pub(super) struct Forecasts {
    /// From this day on, and up to that one.
    window: Option<(Date, Date)>,
    changing: BTreeMap<UserKey, BTreeMap<GroupName, Days>>,
}

impl Forecasts {
    /// Adds what one person of the account has. Of several people any is enough.
    fn add(&mut self, key: UserKey, user: &User, licensed: BTreeMap<GroupName, Days>) {
        let Some((today, last)) = self.window else {
            return;
        };
        let mut known = self.changing.remove(&key).unwrap_or_default();
        for (group, days) in licensed {
            let is_kept = user.groups.contains_key(&group) && !known.contains_key(&group);
            if is_kept {
                continue;
            }
            let days = match known.remove(&group) {
                Some(others) => days.or(&others),
                None => days,
            };
            if !days.changes(today, last).is_empty() {
                known.insert(group, days);
            }
        }
        if !known.is_empty() {
            self.changing.insert(key, known);
        }
    }

    /// Nobody's account.
    pub(super) fn forget(&mut self, key: &UserKey) {
        self.changing.remove(key);
    }

    /// By day and Adobe group.
    pub(super) fn in_all(self) -> Vec<Forecast> {
        let Some((today, last)) = self.window else {
            return Vec::new();
        };
        let mut in_all = BTreeMap::<(Date, GroupName), (usize, usize)>::new();
        for (group, days) in self.changing.into_values().flatten() {
            for (day, begins) in days.changes(today, last) {
                let (begin, end) = in_all.entry((day, group.clone())).or_default();
                *(if begins { begin } else { end }) += 1;
            }
        }
        in_all
            .into_iter()
            .map(|((day, adobe_group), (begin, end))| Forecast {
                day,
                adobe_group,
                begin,
                end,
            })
            .collect()
    }
}

impl Rules<'_> {
    /// Adds what the dates of one person say, `user` being the account as the people before have made it. Whom the pass may
    /// not touch has no forecast.
    pub(super) fn add_forecast(
        &self,
        forecasts: &mut Forecasts,
        key: UserKey,
        user: &User,
        person: &Person,
    ) {
        let today = self.calendar.today;
        let last = today.checked_add(DAYS_AHEAD.days()).unwrap_or(Date::MAX);
        forecasts.window = Some((today, last));
        if !user.touched || !self.options.process_groups {
            return;
        }
        let mut memberships = self.matched.of(&person.id);
        let is_known = forecasts.changing.contains_key(&key);
        if !is_known && memberships.all(|(_, membership)| membership.days.is_always()) {
            return;
        }
        let selected = self.selected_days(person);
        let mut licensed = BTreeMap::<GroupName, Days>::new();
        for (group, membership) in self.matched.of(&person.id) {
            let days = membership.days.and(&selected);
            for adobe_group in self.mapping.feeds(group) {
                let known = licensed.entry(adobe_group).or_insert_with(Days::never);
                *known = known.or(&days);
            }
        }
        forecasts.add(key, user, licensed);
    }

    /// The days on which `users` selects the person.
    fn selected_days(&self, person: &Person) -> Days {
        let mut selected = Days::never();
        if self.options.users == Users::All {
            for role in person.roles.iter().filter(|role| self.in_all(**role)) {
                selected = selected.or(&self.calendar.of_role(person, *role, None));
            }
        }
        for (group, membership) in self.matched.of(&person.id) {
            if self.mapping.selects(group) {
                selected = selected.or(&membership.days);
            }
        }
        selected
    }
}
