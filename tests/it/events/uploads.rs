//! What S3 tells through EventBridge: an approval starts a pass, and every other object is refused with its sentence.

use roster_sync::event::{Place, Upload};

use super::*;

fn approval() -> Value {
    serde_json::from_str(include_str!("../../../events/approval.json")).unwrap()
}

fn uploaded(version: &str) -> Upload {
    Upload {
        bucket: "roster-sync-bucket".to_owned(),
        key: "approvals/tuesday.json".to_owned(),
        version: version.to_owned(),
    }
}

/// What becomes of an object with this key, where data lie below `prefix`.
fn decided(prefix: &str, key: &str) -> Result<(), String> {
    let object = Upload {
        key: key.to_owned(),
        ..uploaded("1")
    };
    let bucket = "roster-sync-bucket";
    let data = Place {
        bucket,
        key: prefix,
    };
    let root = Place {
        bucket,
        key: "config/user-sync-config.yml",
    };
    let decided = object.starts_a_pass(data, root);
    decided.map_err(|error| error.to_string())
}

#[test]
fn an_approval_that_is_put_into_the_bucket() {
    let expected = |by_engine| Event::Uploaded {
        object: uploaded("IYV3p45BT0ac8hjHg1houSdS1a.Mro8e"),
        time: at("2026-11-24T08:14:09Z"),
        by_engine,
    };
    assert_eq!(parse(&approval()), Ok(expected(false)));
    let mut event = approval();
    event["execution"] = json!("of the rule");
    event["scheduled_time"] = json!(null);
    assert_eq!(parse(&event), Ok(expected(true)));
    event["close"] = json!({"error": "States.Timeout", "cause": "x"});
    let closed = parse(&event).unwrap();
    assert_eq!(closed.upload(), expected(true).upload());
    assert!(matches!(closed, Event::Close { pass, .. } if *pass == expected(true)));
}

#[test]
fn an_object_without_versions_is_told_by_its_content_or_its_turn() {
    let version = |without: &[&str]| {
        let mut event = approval();
        let object = event["detail"]["object"].as_object_mut().unwrap();
        for name in without {
            object.remove(*name);
        }
        parse(&event).map(|event| event.upload().unwrap().version.clone())
    };
    let etag = "b1946ac92492d2347c6235b4d2611184";
    assert_eq!(version(&["version-id"]).unwrap(), etag);
    let sequencer = "00692401F1A4C7A3B2";
    assert_eq!(version(&["version-id", "etag"]).unwrap(), sequencer);
    insta::assert_snapshot!(version(&["version-id", "etag", "sequencer"]).unwrap_err(), @"detail: object.version-id (or etag, or sequencer) is missing");
}

#[test]
fn what_an_upload_has_to_say_and_may_not() {
    let mut event = approval();
    event["mode"] = json!("apply");
    event["time"] = json!(null);
    event["detail"] = json!({"bucket": {"name": ""}, "object": {"key": 7, "etag": "x"}});
    insta::assert_snapshot!(refused(&event), @"
    time: the time of the event is missing
    detail: bucket.name is missing
    detail: object.key is missing
    'mode' is an option, and an event of this kind takes none
    ");
    let mut event = approval();
    event["detail-type"] = json!("Object Deleted");
    insta::assert_snapshot!(refused(&event), @"an event of 'aws.s3' with detail-type 'Object Deleted' is not known; possible are a schedule's own event, 'Object Created' of 'aws.s3' for an approval, or options without source and detail-type");
    event["detail-type"] = json!("Object Created");
    event["source"] = json!("school.test");
    assert!(refused(&event).contains("is not known"));
}

#[test]
fn only_an_approval_starts_a_pass() {
    for (prefix, key) in [
        ("", "approvals/tuesday.json"),
        ("", "approvals/what art may lose.json"),
        ("schools/north/", "schools/north/approvals/tuesday.json"),
    ] {
        assert_eq!(decided(prefix, key), Ok(()), "{key}");
    }
    let refusals = [
        ("", "approvals/"),
        ("", "approvals/planted.txt"),
        ("", "approvals/.json"),
        ("", "approvals/planted/tuesday.json"),
        ("", "inbox/planted.zip"),
        ("", "config/user-sync-config.yml"),
        ("", "config/connector-planted.yml"),
        ("", "runs/planted/held.json"),
        ("", "planted.json"),
        ("", "approvals"),
        ("", "x/approvals/planted.json"),
        ("schools/north/", "approvals/planted.json"),
        ("schools/north/", "schools/south/approvals/planted.json"),
    ]
    .map(|(prefix, key)| decided(prefix, key).unwrap_err());
    // A key may be somebody's name.
    assert!(!refusals.join("\n").contains("planted"));
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    an approval lies directly in approvals/, and its name ends in .json: approvals/<name>.json. Put it there
    an approval lies directly in approvals/, and its name ends in .json: approvals/<name>.json. Put it there
    an approval lies directly in approvals/, and its name ends in .json: approvals/<name>.json. Put it there
    an approval lies directly in approvals/, and its name ends in .json: approvals/<name>.json. Put it there
    rosters as files are not available in this version, so nothing in inbox/ starts a pass
    an upload of the configuration file starts nothing in this version. Start a plan with {"mode": "plan"}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}
    "#);
}

#[test]
fn a_bucket_that_is_not_the_datas_is_named_with_the_one_that_is() {
    let data = Place {
        bucket: "another-bucket",
        key: "",
    };
    let mut root = Place {
        bucket: "another-bucket",
        key: "approvals/tuesday.json",
    };
    let refused = |root| uploaded("1").starts_a_pass(data, root).unwrap_err();
    insta::assert_snapshot!(refused(root), @"this event is of the bucket 'roster-sync-bucket', and DATA_URI, where approvals are looked for, is in 'another-bucket'. Put approvals there, or correct the rule that sends this event");
    // The configuration may lie elsewhere.
    root.bucket = "roster-sync-bucket";
    assert!(refused(root).to_string().contains("configuration file"));
}
