//! A plan is sent to the organization that it was made for, and to no other.

use roster_sync::settings::Settings;
use roster_sync::store::local::{Folder, SecretMap};
use roster_sync::wiring::Wiring;
use serde_json::Value;

use super::super::{action_requests, findings};
use super::{of_pass, school, sleep, slice, waiting};
use crate::simulators::adobe::{Adobe, Latency, Org};
use crate::simulators::world::{FIFTEEN_MINUTES, World, environment, hosts, organization, secrets};

#[tokio::test]
async fn a_secret_that_names_another_organization_ends_the_pass() {
    let setup = school(210);
    let org = organization(&setup.adobe, &setup.mapping);
    let world = World::start(setup).await;
    let first = waiting(&world).await;
    let sent = action_requests(&world);
    sleep(&world, &first).await;

    let other = Org {
        id: "0123456789ABCDEF01234567@AdobeOrg".to_owned(),
        ..org
    };
    let other = Adobe::start(world.clock.clone(), Latency::none(), other).await;
    let environment = environment();
    let secrets = secrets(world.sis(), &other).into_iter();
    let wiring = Wiring::new(
        Folder::new(world.folder().join("config")),
        Folder::new(world.folder()),
        secrets.fold(SecretMap::default(), |map, (name, text)| {
            map.with(&name, &text)
        }),
        Settings::parse(|name| environment.get(name).cloned()).unwrap(),
        world.clock.clone(),
        hosts(world.sis(), &other),
    );
    let wiring = wiring.unwrap();
    let ended = world.invoke_over(&wiring, slice(&first), FIFTEEN_MINUTES);
    let answer: Value = ended.await.answer();
    assert_eq!(
        other.action_times().len(),
        0,
        "another organization's plan was sent: {answer:#}"
    );
    assert_eq!(action_requests(&world), sent);
    assert_eq!(answer["status"], "partial");
    assert_eq!(answer["start_over"], true);
    let summary = world.json(&of_pass(&first, "summary.json"));
    assert_eq!(findings(&summary), ["configuration-changed"]);
}
