//! Whole passes over a school at ClassLink, odd servers included.

use std::collections::BTreeSet;

use flate2::read::GzDecoder;
use serde_json::json;

use super::irregular::SHAPE;
use crate::simulators::adobe::Endpoint;
use crate::simulators::district::{District, canary, enrollment_id};
use crate::simulators::oneroster::oauth1::Method;
use crate::simulators::oneroster::{CLIENT_SECRET, Flag, Oddities, Total, Wrapper};
use crate::simulators::world::{Setup, World};

fn action_requests(world: &World) -> usize {
    let requests = world.adobe.requests();
    requests.get(&Endpoint::Action).copied().unwrap_or(0)
}

/// What makes a server odd.
type Change = fn(&mut Oddities);

/// Who is not as desired, on either side; a whole organization is too long to read.
fn out_of_step(world: &World) -> Vec<String> {
    let (held, desired) = (world.memberships(), world.desired());
    let emails: BTreeSet<&String> = held.keys().chain(desired.keys()).collect();
    let differs = emails
        .into_iter()
        .filter(|email| held.get(*email) != desired.get(*email));
    differs.cloned().collect()
}

/// A pass ends in the desired state, and a second one sends nothing.
async fn in_step(world: &World) {
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete", "{answer}");
    assert_eq!(out_of_step(world), Vec::<String>::new());
    let sent = action_requests(world);
    let second = world.pass(json!({})).await;
    assert_eq!(second["status"], "complete", "{second}");
    assert_eq!(action_requests(world), sent);
    assert!(world.clever.server.log().is_empty());
}

#[tokio::test]
async fn the_example_school_and_a_large_district_are_in_step_after_one_pass() {
    for setup in [Setup::example(), Setup::large()] {
        let world = World::start(setup.at_classlink()).await;
        assert_ne!(world.memberships(), world.desired());
        in_step(&world).await;
    }
}

#[tokio::test]
async fn what_does_not_count_loses_its_licences() {
    let world = World::start(Setup::example().at_classlink()).await;
    world.pass(json!({})).await;
    let before = world.desired();
    world.change(|district| {
        let class = district.section_named("Econ 101 - Period 2").clone();
        let status = &mut district.status;
        let enrollment = enrollment_id(&class.id, &class.students[0]);
        status
            .to_be_deleted
            .extend([enrollment, class.students[1].clone()]);
        status.not_enabled.insert(class.students[2].clone());
    });
    assert_ne!(world.desired(), before);
    in_step(&world).await;
}

#[tokio::test]
async fn an_irregular_district_ends_in_the_desired_state() {
    let (district, planted) = District::irregular(SHAPE);
    let mapping = planted.mapping(&district);
    let refused = planted.without_account(&district);
    let setup = Setup::new(district, mapping, Vec::new()).at_classlink();
    let world = World::start(setup).await;
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial", "{answer}");
    let mut desired = world.desired();
    desired.retain(|email, _| !refused.contains(email));
    assert_eq!(world.memberships(), desired);
}

#[tokio::test]
async fn servers_that_are_odd_and_tell_everything_end_in_the_desired_state() {
    let all: [(&str, Change); 14] = [
        ("a cap", |odd| odd.page_cap = Some(40)),
        ("a total in the body", |odd| odd.total = Total::Body),
        ("no total", |odd| odd.total = Total::Nowhere),
        ("no total and a cap", |odd| {
            odd.total = Total::Nowhere;
            odd.page_cap = Some(40);
        }),
        ("endless links", |odd| odd.endless_next = true),
        ("keys after the path", |odd| odd.wrapper = Wrapper::Path),
        ("another key", |odd| {
            odd.wrapper = Wrapper::Word("rows".to_owned());
        }),
        ("booleans", |odd| odd.enabled_user = Flag::Boolean),
        ("1 and 0", |odd| odd.enabled_user = Flag::Number),
        ("nothing nested", |odd| odd.without_nested = true),
        ("no sorting", |odd| odd.refuses_sort = true),
        ("blanks", |odd| odd.padded_ids = true),
        ("null lists", |odd| odd.null_lists = true),
        ("teachers among pupils", |odd| {
            odd.teachers_among_students = true;
        }),
    ];
    for (name, change) in all {
        let world = World::start(Setup::example().at_classlink()).await;
        let mut oddities = Oddities::default();
        change(&mut oddities);
        world.oneroster.odd(oddities);
        let disabled = world
            .sis()
            .district()
            .section_named("Econ 101 - Period 2")
            .students[0]
            .clone();
        world.change(|district| assert!(district.status.not_enabled.insert(disabled.clone())));
        let answer = world.pass(json!({})).await;
        assert_eq!(answer["status"], "complete", "{name}: {answer}");
        assert_eq!(out_of_step(&world), Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn ids_may_be_numbers_and_requests_signed_the_old_way() {
    let mut setup = Setup::example().at_classlink();
    let source = &setup.files["connector-oneroster.yml"];
    let source = source.replace("  page_size", "  signature_method: HMAC-SHA1\n  page_size");
    setup.file("connector-oneroster.yml", source);
    let world = World::start(setup).await;
    world.oneroster.rules(|rules| {
        rules.method = Method::HmacSha1;
        rules.oddities.numeric_ids = true;
    });
    in_step(&world).await;
}

#[tokio::test]
async fn servers_that_do_not_tell_everything_change_nothing() {
    let world = World::start(Setup::example().at_classlink()).await;
    world.oneroster.odd(Oddities {
        ignores_offset: true,
        page_cap: Some(40),
        ..Oddities::default()
    });
    let before = world.adobe.snapshot();
    let limit = crate::simulators::world::FIFTEEN_MINUTES;
    let failure = world.invoke(json!({}), limit).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "RosterIncomplete", "{failure:?}");
    assert_eq!(world.adobe.snapshot(), before);
}

#[tokio::test]
async fn the_bucket_holds_nothing_of_what_must_not_be_kept() {
    let world = World::start(Setup::example().at_classlink()).await;
    world.pass(json!({})).await;
    for key in world.keys() {
        let bytes = world.get(&key).unwrap();
        let text = if bytes.starts_with(&[0x1f, 0x8b]) {
            std::io::read_to_string(GzDecoder::new(&bytes[..])).unwrap()
        } else {
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        for planted in canary::ALL.into_iter().chain([CLIENT_SECRET]) {
            assert!(!text.contains(planted), "{key} holds {planted:?}");
        }
    }
}
