//! The scenarios: what was changed in the base, what UST came to (2.6.0rc1 with the `OneRoster` connector, against a
//! simulated Clever and a simulated Adobe), and where this program comes to something else on purpose.

use serde_json::{Value, json};

use super::outcome::{Counters, Outcome};
use super::school::{remapped, replace};
use crate::simulators::server::{Fault, Response};
use crate::simulators::world::{Setup, World};

/// Where this program ends otherwise than UST.
pub(super) struct Difference {
    /// For README: the number of the difference, and what it comes to.
    pub(super) why: &'static str,
    pub(super) ours: Outcome,
}

/// One scenario.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) event: Value,
    pub(super) change: fn(&mut Setup),
    /// Further objects of the configuration's folder.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What goes wrong outside.
    pub(super) disturb: fn(&World),
    pub(super) recorded: Outcome,
    pub(super) difference: Option<Difference>,
}

impl Scenario {
    /// What has to come of it here.
    pub(super) fn ours(&self) -> Outcome {
        match &self.difference {
            Some(difference) => difference.ours.clone(),
            None => self.recorded.clone(),
        }
    }

    fn new(name: &'static str, event: Value, recorded: Outcome) -> Self {
        Self {
            name,
            event,
            change: |_| {},
            files: &[],
            disturb: |_| {},
            recorded,
            difference: None,
        }
    }

    fn but(self, change: fn(&mut Setup)) -> Self {
        Self { change, ..self }
    }

    fn disturbed(self, disturb: fn(&World)) -> Self {
        Self { disturb, ..self }
    }

    fn differs(self, why: &'static str, ours: Outcome) -> Self {
        let difference = Some(Difference { why, ours });
        Self { difference, ..self }
    }
}

/// The accounts in the end: `u1 spark | u2 spark, manual | plain`.
fn outcome(counters: Counters, actions: [u64; 3], state: &str) -> Outcome {
    let accounts = state.split('|').map(|account| {
        let (name, groups) = account
            .trim()
            .split_once(' ')
            .unwrap_or((account.trim(), ""));
        let groups = groups
            .split(',')
            .map(str::trim)
            .filter(|group| !group.is_empty());
        (name.to_owned(), groups.map(str::to_owned).collect())
    });
    Outcome {
        counters,
        actions,
        state: accounts.collect(),
    }
}

fn sync(counters: [u64; 7], adobe_only: u64, actions: [u64; 3], state: &str) -> Outcome {
    outcome(Counters::Sync(counters, Some(adobe_only)), actions, state)
}

const BEFORE: &str = "u1 spark | u2 all apps, manual | stray spark, manual | plain manual | adm";
const SYNCED: &str =
    "u1 spark | u2 spark, manual | u3 all apps | stray manual | plain manual | adm";
const WITHOUT_STRAYS: &str = "u1 spark | u2 spark, manual | u3 all apps | adm";
const STRAYS_UNTOUCHED: &str =
    "u1 spark | u2 spark, manual | u3 all apps | stray spark, manual | plain manual | adm";
const ONLY_CREATED: &str =
    "u1 spark | u2 all apps, manual | u3 | stray spark, manual | plain manual | adm";
const ONLY_REMOVED: &str = "u1 spark | u2 all apps, manual | adm";
const NO_U3: &str = "u1 spark | u2 spark, manual | stray manual | plain manual | adm";

const LIST: &[(&str, &str)] = &[(
    "gone.csv",
    "type,username,domain\nfederatedID,stray@x.test,\nfederatedID,plain@x.test,\n",
)];

/// `limits.max_adobe_only_users`.
fn limit<const N: u8>(setup: &mut Setup) {
    let text = match N {
        1 => "1".to_owned(),
        share => format!("{share}%"),
    };
    replace(
        setup,
        "max_adobe_only_users: 200",
        &format!("max_adobe_only_users: {text}"),
    );
}

/// In the order of README's table.
pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = ways_to_start();
    all.extend(adobe_only());
    all.extend(limits());
    all.extend(lists());
    all.extend(trouble());
    all
}

fn ways_to_start() -> Vec<Scenario> {
    let base = [3, 3, 5, 1, 1, 1, 1];
    vec![
        Scenario::new("base", json!({}), sync(base, 2, [3, 3, 0], SYNCED)),
        Scenario::new(
            "test mode",
            json!({"test_mode": true}),
            sync(base, 2, [3, 3, 0], BEFORE),
        ),
        Scenario::new(
            "no process groups",
            json!({"process_groups": false}),
            outcome(
                Counters::Sync([3, 3, 5, 1, 4, 1, 0], None),
                [1, 1, 0],
                ONLY_CREATED,
            ),
        ),
        Scenario::new(
            "users all",
            json!({"users": "all"}),
            sync(
                [5, 5, 5, 1, 1, 3, 1],
                2,
                [5, 5, 0],
                "u1 spark | u2 spark, manual | u3 all apps | u4 | u9 | stray manual | plain manual | adm",
            ),
        ),
        Scenario::new(
            "push",
            json!({"strategy": "push"}),
            outcome(Counters::Push([3, 3, 3]), [3, 3, 0], STRAYS_UNTOUCHED),
        ),
        Scenario::new(
            "two roster ids with one e-mail address",
            json!({}),
            sync(
                [2, 2, 5, 1, 1, 0, 1],
                2,
                [2, 2, 0],
                "u1 spark | u2 all apps, manual, spark | stray manual | plain manual | adm",
            ),
        )
        .but(|setup| setup.district.students[2].email = Some("U2@x.test".to_owned())),
        Scenario::new(
            "25 Adobe groups for one directory group",
            json!({}),
            sync(base, 2, [3, 3, 0], &with_25_groups()),
        )
        .but(map_25_groups),
    ]
}

fn adobe_only() -> Vec<Scenario> {
    let base = [3, 3, 5, 1, 1, 1, 1];
    let action = |word: &str| json!({"adobe_only_user_action": word});
    vec![
        Scenario::new(
            "exclude",
            action("exclude"),
            outcome(
                Counters::Sync([3, 3, 5, 3, 1, 1, 1], None),
                [2, 2, 0],
                STRAYS_UNTOUCHED,
            ),
        ),
        Scenario::new(
            "write-file",
            action("write-file gone.csv"),
            sync(base, 2, [3, 3, 0], SYNCED),
        ),
        Scenario::new(
            "write-file, no process groups",
            json!({"adobe_only_user_action": "write-file gone.csv", "process_groups": false}),
            sync([3, 3, 5, 1, 4, 1, 0], 0, [1, 1, 0], ONLY_CREATED),
        ),
        Scenario::new(
            "remove",
            action("remove"),
            sync(base, 2, [4, 4, 0], WITHOUT_STRAYS),
        ),
        Scenario::new(
            "delete",
            action("delete"),
            sync(base, 2, [4, 4, 0], WITHOUT_STRAYS),
        ),
        Scenario::new(
            "remove, no process groups",
            json!({"adobe_only_user_action": "remove", "process_groups": false}),
            sync(
                [3, 3, 5, 1, 2, 1, 0],
                2,
                [3, 3, 0],
                "u1 spark | u2 all apps, manual | u3 | adm",
            ),
        ),
    ]
}

fn limits() -> Vec<Scenario> {
    let base = [3, 3, 5, 1, 1, 1, 1];
    let over = [3, 3, 5, 1, 3, 1, 1];
    let action = |word: &str| json!({"adobe_only_user_action": word});
    vec![
        Scenario::new(
            "remove, limit 1",
            action("remove"),
            sync(over, 0, [2, 2, 0], STRAYS_UNTOUCHED),
        )
        .but(limit::<1>),
        Scenario::new(
            "remove, limit 50%",
            action("remove"),
            sync(base, 2, [4, 4, 0], WITHOUT_STRAYS),
        )
        .but(limit::<50>),
        Scenario::new(
            "remove, limit 49%",
            action("remove"),
            sync(over, 0, [2, 2, 0], STRAYS_UNTOUCHED),
        )
        .but(limit::<49>),
    ]
}

fn lists() -> Vec<Scenario> {
    let event = json!({"adobe_only_user_list": "gone.csv", "adobe_only_user_action": "delete"});
    let listed = |name, recorded| Scenario {
        files: LIST,
        ..Scenario::new(name, event.clone(), recorded)
    };
    vec![
        listed(
            "user list of two, delete",
            sync([0; 7], 2, [2, 2, 0], ONLY_REMOVED),
        ),
        listed(
            "user list of two, limit 50%",
            sync([0; 7], 0, [0; 3], BEFORE),
        )
        .but(limit::<50>),
    ]
}

fn trouble() -> Vec<Scenario> {
    let event = || json!({});
    let not_created = [3, 3, 5, 1, 1, 0, 1];
    let nothing_done = sync([3, 3, 5, 1, 3, 0, 0], 1, [3, 0, 3], BEFORE);
    let counted = "same state; what Adobe refused is not counted as done";
    vec![
        Scenario::new(
            "no country for a new federated account",
            event(),
            sync([3, 3, 5, 1, 1, 1, 1], 2, [2, 2, 0], NO_U3),
        )
        .but(|setup| replace(setup, "  default_country_code: US\n", ""))
        .differs(
            "same state; nobody is counted as added (0 instead of 1)",
            sync(not_created, 2, [2, 2, 0], NO_U3),
        ),
        Scenario::new(
            "Adobe refuses one person",
            event(),
            sync([3, 3, 5, 1, 1, 1, 1], 2, [3, 2, 1], NO_U3),
        )
        .but(|setup| setup.district.students[2].email = Some("u3@other.test".to_owned()))
        .disturbed(claim_one_domain)
        .differs(counted, sync(not_created, 2, [3, 2, 1], NO_U3)),
        Scenario::new(
            "Adobe refuses an action request (400)",
            event(),
            sync([3, 3, 5, 1, 1, 1, 1], 2, [3, 0, 3], BEFORE),
        )
        .disturbed(|world| answer_actions(world, Response::json(400, &json!({"message": "no"}))))
        .differs(counted, nothing_done.clone()),
        Scenario::new(
            "Adobe's answer to an action request is garbage",
            event(),
            sync([3, 3, 5, 1, 1, 1, 1], 2, [3, 0, 3], BEFORE),
        )
        .disturbed(|world| answer_actions(world, Response::json(200, &json!("?"))))
        .differs(counted, nothing_done),
        Scenario::new(
            "Adobe's list of users answers 404",
            event(),
            sync([3, 3, 0, 0, 0, 3, 0], 0, [3, 3, 0], "u1 spark | u2 all apps, spark, manual | u3 all apps | stray spark, manual | plain manual | adm"),
        )
        .disturbed(|world| {
            world.adobe.server.fault(Box::new(|request| {
                let body = json!({"result": "error.user.not_found", "message": "Not found"});
                request
                    .path
                    .contains("/users/")
                    .then(|| Fault::Reply(Response::json(404, &body)))
            }));
        })
        .differs(
            "difference 9: the pass fails, and nothing is changed",
            outcome(Counters::Failed("AdobeRefused"), [0; 3], BEFORE),
        ),
    ]
}

fn claim_one_domain(world: &World) {
    use crate::simulators::adobe::{Claim, Identity};
    world.adobe.rules(|rules| {
        rules.claimed_domains = Some(vec![Claim::new("x.test", Identity::Federated)]);
    });
}

fn answer_actions(world: &World, response: Response) {
    world.adobe.server.fault(Box::new(move |request| {
        request
            .path
            .contains("/action/")
            .then(|| Fault::Reply(response.clone()))
    }));
}

/// Besides All Apps.
fn twenty_four() -> Vec<String> {
    (1..=24)
        .map(|number| format!("Group {number:02}"))
        .collect()
}

fn map_25_groups(setup: &mut Setup) {
    setup.mapping.0[1].adobe_groups.extend(twenty_four());
    *setup = remapped(setup);
}

fn with_25_groups() -> String {
    SYNCED.replace(
        "u3 all apps",
        &format!("u3 all apps, {}", twenty_four().join(", ").to_lowercase()),
    )
}
