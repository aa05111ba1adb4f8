//! An Adobe organization that is not quite what it should be.

use std::collections::BTreeSet;

use super::mapping::AdobeUser;
use super::random::Random;

/// One of so many lost memberships is an account that does not exist at all.
const WHOLE_ACCOUNTS: usize = 8;

/// What `desired` looks like after `percent` of its memberships have drifted, in three equal parts: some are missing
/// (now and then with the whole account), some people are in a group that is not theirs, and some people whom the roster
/// does not know are in one. The same seed drifts the same way.
///
/// # Panics
/// Where something is to drift and `groups` (those that the mapping names) are empty.
pub fn drifted(
    desired: &[AdobeUser],
    groups: &BTreeSet<String>,
    percent: usize,
    seed: u64,
) -> Vec<AdobeUser> {
    let memberships: usize = desired.iter().map(|user| user.groups.len()).sum();
    let third = (memberships * percent).div_ceil(300);
    let groups: Vec<&String> = groups.iter().collect();
    let mut random = Random::new(seed);
    let mut users = desired.to_vec();
    lose(&mut users, third, &mut random);
    if third > 0 {
        gain(&mut users, &groups, third, &mut random);
        intrude(&mut users, &groups, third, &mut random);
    }
    users
}

fn lose(users: &mut Vec<AdobeUser>, count: usize, random: &mut Random) {
    let mut lost = 0;
    while lost < count && users.iter().any(|user| !user.groups.is_empty()) {
        let place = random.below(users.len());
        if random.below(WHOLE_ACCOUNTS) == 0 {
            lost += users.swap_remove(place).groups.len();
            continue;
        }
        let groups = &mut users[place].groups;
        let Some(group) = groups
            .iter()
            .nth(random.below(groups.len().max(1)))
            .cloned()
        else {
            continue;
        };
        groups.remove(&group);
        lost += 1;
    }
    users.sort_by(|one, other| one.email.cmp(&other.email));
}

fn gain(users: &mut [AdobeUser], groups: &[&String], count: usize, random: &mut Random) {
    for _ in 0..count {
        if users.is_empty() {
            return;
        }
        let place = random.below(users.len());
        users[place].groups.insert((*random.pick(groups)).clone());
    }
}

fn intrude(users: &mut Vec<AdobeUser>, groups: &[&String], count: usize, random: &mut Random) {
    for number in 1..=count {
        users.push(AdobeUser {
            email: format!("former.pupil{number}@students.district.example"),
            first: "Former".to_owned(),
            last: format!("Pupil {number}"),
            identity_type: "federatedID",
            groups: BTreeSet::from([(*random.pick(groups)).clone()]),
        });
    }
}
