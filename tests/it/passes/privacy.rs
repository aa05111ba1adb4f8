//! No object of the bucket holds what the rules do not need. (Logs: see `binary`.)

use std::io;

use flate2::read::GzDecoder;
use serde_json::json;

use super::example;
use crate::simulators::district::canary;

#[tokio::test]
async fn no_object_holds_what_the_rules_do_not_need() {
    let world = example().await;
    world.pass(json!({})).await;
    let credentials = [world.clever.token(), world.adobe.org().client_secret];
    for key in world.keys() {
        let bytes = world.get(&key).unwrap();
        let text = if bytes.starts_with(&[0x1f, 0x8b]) {
            io::read_to_string(GzDecoder::new(&bytes[..])).unwrap()
        } else {
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        for planted in canary::ALL
            .into_iter()
            .chain(credentials.iter().map(String::as_str))
        {
            assert!(!text.contains(planted), "{key} holds {planted:?}");
        }
    }
}
