//! Schools set going, in one order of everything and in another.

use super::worlds::{Choice, Odd, SPARED, UNMANAGED};
use crate::simulators::adobe::{Account, Identity};
use crate::simulators::world::{Setup, World};

impl Choice {
    /// The world, with accounts that only an organization of many years has. `turn` puts everything into another order.
    pub(super) async fn world(&self, turn: usize) -> World {
        let mut setup = self.setup();
        if turn > 0 {
            // A row that comes again on another page may mean that others are missing, so it ends the pass.
            let twice = [Odd::TwiceWithoutEmail, Odd::TwoNames]
                .iter()
                .any(|odd| self.lists_twice(*odd));
            // Read group by group, a record that nobody can read may never be seen.
            let rows = if twice || self.has(Odd::Unreadable) {
                100
            } else {
                turn
            };
            turned(&mut setup, turn, rows);
        }
        let world = World::start(setup).await;
        let accounts = Self::oddities(&world);
        let add = |account: &Account| world.adobe.put(account.clone());
        if turn > 0 {
            accounts.iter().rev().for_each(add);
            world.adobe.rules(|rules| rules.page_size = turn);
            world
                .oneroster
                .rules(|rules| rules.oddities.refuses_sort = true);
        } else {
            accounts.iter().for_each(add);
        }
        world
    }

    fn oddities(world: &World) -> Vec<Account> {
        let mut users = world.adobe.users();
        users.retain(|account| account.email.contains("student"));
        let of = |identity, account: &Account, groups: &[&str]| {
            Account::new(identity, &account.email)
                .named(&account.first, &account.last)
                .in_groups(groups.iter().copied())
        };
        let mut odd = vec![
            Account::federated("spared@district.example").named("Spared", "One"),
            Account::adobe("own@home.example").in_groups(["Spark"]),
            Account::federated("head@district.example").named("Head", "One"),
            Account::federated("player@district.example").in_groups([UNMANAGED]),
        ];
        odd[0].groups.extend([SPARED, "Spark"].map(str::to_owned));
        odd[2]
            .groups
            .extend(["_org_admin", "Spark"].map(str::to_owned));
        if let [one, two, three, ..] = &users[..] {
            // An Adobe ID beside the school's account, one of the other type in its place, and one that is spared.
            odd.push(of(Identity::Adobe, one, &["Spark"]));
            odd.push(of(Identity::Enterprise, two, &["Spark", UNMANAGED]));
            odd.push(of(Identity::Federated, three, &[SPARED, UNMANAGED]));
        }
        odd
    }
}

/// Other rows first, and so many on a page.
fn turned(setup: &mut Setup, turn: usize, rows: usize) {
    let district = &mut setup.district;
    let (students, teachers) = (district.students.len(), district.teachers.len());
    district.students.rotate_left(turn % students);
    if turn.is_multiple_of(2) {
        district.students.reverse();
    }
    district.teachers.rotate_left(turn % teachers);
    district.sections.rotate_left(turn % 4);
    district.schools.reverse();
    district.courses.reverse();
    for section in &mut district.sections {
        section.students.reverse();
        section.teachers.reverse();
    }
    let accounts = setup.adobe.len().max(1);
    setup.adobe.rotate_left(turn % accounts);
    let name = "connector-oneroster.yml";
    let lines = setup.files[name].lines().map(|line| {
        if line.trim_start().starts_with("page_size:") {
            format!("  page_size: {rows}")
        } else {
            line.to_owned()
        }
    });
    let source = lines.collect::<Vec<_>>().join("\n");
    setup.file(name, source);
}
