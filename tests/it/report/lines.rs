//! What programs read line by line: plan, changes, journal, and what is held.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read as _;

use roster_sync::config::options::Mode;
use roster_sync::model::id::{Email, GroupName, IdentityType, UserKey};
use roster_sync::reconcile::guard::{Checked, FindingName, Held};
use roster_sync::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError, Outcomes};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::Removal;
use roster_sync::report::{adobe_only_csv, changes_ndjson, held_json, journal_chunk, plan_ndjson};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fixture;

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn sha256(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
}

fn values(lines: &str) -> Vec<Value> {
    assert!(lines.ends_with('\n'), "the last line is a whole one, too");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_plan_goes_batch_by_batch_behind_the_hash_of_the_rest() {
    let checked = fixture::checked();
    let batches = pack(&checked.plan);
    let text = unpacked(&plan_ndjson(&checked, &batches));
    let (head, rest) = text.split_once('\n').unwrap();
    let head: Value = serde_json::from_str(head).unwrap();
    assert_eq!(head["schema"], 1);
    assert_eq!(head["batches"], 1);
    assert_eq!(head["actions"], 4);
    assert_eq!(head["sha256"], sha256(rest));
    let batches = values(rest);
    assert_eq!(batches[0]["batch"], 0);
    let actions = batches[0]["actions"].as_array().unwrap();
    let lines: Vec<_> = actions.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"commands":[{"create":{"country":"US","email":"Ann@example.org","first_name":"Ann","last_name":null,"update_existing":false}},{"add":["All Apps","Spark"]}],"domain":null,"identity_type":"federatedID","kind":"creation","request_id":"a1","user":"Ann@example.org"}
    {"commands":[{"update":{"first_name":"Ben"}},{"remove":["All Apps"]},{"add":["Spark"]}],"domain":null,"identity_type":"federatedID","kind":"update","request_id":"a2","user":"ben@example.org"}
    {"commands":[{"remove":["Spark"]}],"domain":null,"identity_type":"federatedID","kind":"update","request_id":"a3","user":"cleo@example.org"}
    {"commands":[{"remove":["Spark"]}],"domain":null,"identity_type":"federatedID","kind":"adobe-only","request_id":"a4","user":"dan@example.org"}
    "#);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let checked = fixture::checked();
    let batches = pack(&checked.plan);
    assert_eq!(
        plan_ndjson(&checked, &batches),
        plan_ndjson(&checked, &batches)
    );
}

#[test]
fn an_empty_plan_is_its_first_line() {
    let text = unpacked(&plan_ndjson(&Checked::default(), &[]));
    let lines = values(&text);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["sha256"], sha256(""));
}

#[test]
fn each_account_has_one_line_of_changes() {
    let lines = changes_ndjson(&fixture::checked(), &fixture::outcomes(), Mode::Apply);
    values(&lines);
    insta::assert_snapshot!(lines, @r#"
    {"after":{"email":"Ann@example.org","first_name":"Ann","groups":["All Apps","Spark"],"last_name":null},"before":null,"directory_groups":["classes::Art 1::students","schools::North::users"],"domain":null,"email":"Ann@example.org","ended":{},"errors":[],"held":[],"identity_type":"federatedID","kind":"creation","outcome":"done","user":"Ann@example.org","why":{"All Apps":["classes::Art 1::students","schools::North::users"],"Spark":["classes::Art 1::students"]}}
    {"after":{"email":"ben@example.org","first_name":"Ben","groups":["Manual","Spark","Stock"],"last_name":"Last"},"before":{"email":"ben@example.org","first_name":"First","groups":["All Apps","Manual","Stock"],"last_name":"Last"},"directory_groups":["classes::Art 1::students"],"domain":null,"email":"ben@example.org","ended":{},"errors":[{"code":"error.group.not_found","command":2,"message":"Group Spark was not found"}],"held":[{"creation":false,"ended":{},"findings":["directory-group-not-found"],"removal":{"from":"groups","groups":["Stock"]}}],"identity_type":"federatedID","kind":"update","outcome":"failed","user":"ben@example.org","why":{"Spark":["classes::Art 1::students"]}}
    {"after":{"email":"cleo@example.org","first_name":"First","groups":[],"last_name":"Last"},"before":{"email":"cleo@example.org","first_name":"First","groups":["Spark"],"last_name":"Last"},"directory_groups":[],"domain":null,"email":"cleo@example.org","ended":{},"errors":[],"held":[],"identity_type":"federatedID","kind":"update","outcome":"not-sent","user":"cleo@example.org","why":{}}
    {"after":{"email":"dan@example.org","first_name":"First","groups":["Manual"],"last_name":"Last"},"before":{"email":"dan@example.org","first_name":"First","groups":["Manual","Spark"],"last_name":"Last"},"directory_groups":[],"domain":null,"email":"dan@example.org","ended":{},"errors":[],"held":[],"identity_type":"federatedID","kind":"adobe-only","outcome":"done","user":"dan@example.org","why":{}}
    {"after":{"email":"fay@example.org","first_name":"First","groups":["Stock"],"last_name":"Last"},"before":{"email":"fay@example.org","first_name":"First","groups":["Stock"],"last_name":"Last"},"directory_groups":[],"domain":null,"email":"fay@example.org","ended":{},"errors":[],"held":[{"creation":false,"ended":{},"findings":["directory-group-not-found"],"removal":{"from":"organization"}}],"identity_type":"federatedID","kind":"adobe-only","outcome":"held","user":"fay@example.org","why":{}}
    "#);
}

#[test]
fn in_mode_plan_every_change_is_planned() {
    let lines = changes_ndjson(&fixture::checked(), &Outcomes::default(), Mode::Plan);
    let outcomes: Vec<_> = values(&lines)
        .iter()
        .map(|line| line["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        outcomes,
        ["planned", "planned", "planned", "planned", "held"]
    );
}

#[test]
fn somebody_who_leaves_has_no_after_and_somebody_held_stays_as_before() {
    let mut checked = fixture::checked();
    checked.plan.changes = vec![fixture::leaver("gil@example.org", &["Spark"], true)];
    let outcomes = Outcomes {
        groups: Vec::new(),
        changes: vec![Some(ActionOutcome::Done)],
    };
    let lines = values(&changes_ndjson(&checked, &outcomes, Mode::Apply));
    assert_eq!(lines[0]["after"], Value::Null);
    let fay = &lines[1];
    assert_eq!(fay["email"], "fay@example.org");
    assert_eq!(fay["before"], fay["after"]);
    assert_eq!(fay["held"][0]["removal"]["from"], "organization");
}

#[test]
fn the_journal_tells_what_became_of_each_action() {
    let batches = pack(&fixture::checked().plan);
    let refused = CommandError {
        command: Some(1),
        code: "error.user.unknown".to_owned(),
        message: "words".to_owned(),
    };
    let mut outcome = BatchOutcome {
        actions: vec![ActionOutcome::Done; 4],
        unreachable: false,
    };
    outcome.actions[2] = ActionOutcome::Failed(vec![refused]);
    let time = fixture::time("2026-11-24T05:02:00Z");
    let text = journal_chunk(&[(7, batches[0].clone(), outcome, time)]);
    values(&text);
    insta::assert_snapshot!(text, @r#"
    {"answered":true,"batch":7,"domain":null,"errors":[],"identity_type":"federatedID","outcome":"done","request_id":"a1","time":"2026-11-24T05:02:00Z","user":"Ann@example.org"}
    {"answered":true,"batch":7,"domain":null,"errors":[],"identity_type":"federatedID","outcome":"done","request_id":"a2","time":"2026-11-24T05:02:00Z","user":"ben@example.org"}
    {"answered":true,"batch":7,"domain":null,"errors":[{"code":"error.user.unknown","command":1,"message":"words"}],"identity_type":"federatedID","outcome":"failed","request_id":"a3","time":"2026-11-24T05:02:00Z","user":"cleo@example.org"}
    {"answered":true,"batch":7,"domain":null,"errors":[],"identity_type":"federatedID","outcome":"done","request_id":"a4","time":"2026-11-24T05:02:00Z","user":"dan@example.org"}
    "#);
}

#[test]
fn user_groups_that_are_made_have_lines_of_their_own_before_all_others() {
    let checked = fixture::with_new_groups();
    let batches = pack(&checked.plan);
    let text = unpacked(&plan_ndjson(&checked, &batches));
    let plan: Vec<_> = text.lines().take(2).collect();
    let refused = CommandError {
        command: Some(0),
        code: "error.group.invalid_name".to_owned(),
        message: "words".to_owned(),
    };
    let became = vec![
        ActionOutcome::Done,
        ActionOutcome::Failed(vec![refused.clone()]),
    ];
    let outcomes = Outcomes {
        groups: became.iter().cloned().map(Some).collect(),
        ..fixture::outcomes()
    };
    let changes = changes_ndjson(&checked, &outcomes, Mode::Apply);
    assert_eq!(values(&changes).len(), 2 + 5);
    let changes: Vec<_> = changes.lines().take(2).collect();
    let outcome = BatchOutcome {
        actions: became,
        unreachable: false,
    };
    let time = fixture::time("2026-11-24T05:02:00Z");
    let journal = journal_chunk(&[(0, batches[0].clone(), outcome, time)]);
    let all = [plan[1], &changes.join("\n"), journal.trim_end()];
    insta::assert_snapshot!(all.join("\n\n"), @r#"
    {"actions":[{"commands":[{"create_group":true}],"kind":"new-group","request_id":"a1","usergroup":"Spark"},{"commands":[{"create_group":true}],"kind":"new-group","request_id":"a2","usergroup":"Stock"}],"batch":0}

    {"errors":[],"kind":"new-group","outcome":"done","usergroup":"Spark"}
    {"errors":[{"code":"error.group.invalid_name","command":0,"message":"words"}],"kind":"new-group","outcome":"failed","usergroup":"Stock"}

    {"answered":true,"batch":0,"errors":[],"outcome":"done","request_id":"a1","time":"2026-11-24T05:02:00Z","usergroup":"Spark"}
    {"answered":true,"batch":0,"errors":[{"code":"error.group.invalid_name","command":0,"message":"words"}],"outcome":"failed","request_id":"a2","time":"2026-11-24T05:02:00Z","usergroup":"Stock"}
    "#);
}

#[test]
fn of_somebody_who_is_pushed_nobody_knows_what_was_before() {
    let lines = values(&changes_ndjson(
        &fixture::pushed(),
        &Outcomes::default(),
        Mode::Plan,
    ));
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["before"], Value::Null);
    assert_eq!(lines[0]["after"]["groups"], json!(["Spark", "Stock"]));
    assert_eq!(lines[1]["after"]["groups"], json!([]));
}

#[test]
fn who_is_in_adobe_only_is_listed_by_key() {
    let key = |identity_type, username: &str, domain: &str| UserKey {
        identity_type,
        username: username.to_owned(),
        domain: domain.to_owned(),
    };
    let keys = [
        key(IdentityType::Adobe, "ann@example.org", ""),
        key(IdentityType::Federated, "ben, \"b\"", "example.org"),
    ];
    let text = |keys: &[UserKey]| String::from_utf8(adobe_only_csv(keys)).unwrap();
    assert_eq!(
        text(&keys),
        "type,username,domain\nadobeID,ann@example.org,\nfederatedID,\"ben, \"\"b\"\"\",example.org\n"
    );
    assert_eq!(text(&[]), "type,username,domain\n");
}

#[test]
fn what_is_held_is_sorted_and_hashed() {
    let (document, hash) = held_json(&fixture::held());
    assert_eq!(document["hash"], hash);
    insta::assert_snapshot!(format!("{document:#}"), @r#"
    {
      "count": 2,
      "hash": "d19948537204c007fd503383f2dab35a2bfe1d92563aeb281eac5cdedb72d214",
      "items": [
        {
          "domain": null,
          "email": "ben@example.org",
          "findings": [
            "directory-group-not-found"
          ],
          "groups_before": [
            "All Apps",
            "Manual",
            "Stock"
          ],
          "identity_type": "federatedID",
          "kind": "update",
          "removal": {
            "from": "groups",
            "groups": [
              "Stock"
            ]
          },
          "user": "ben@example.org"
        },
        {
          "domain": null,
          "email": "fay@example.org",
          "findings": [
            "directory-group-not-found"
          ],
          "groups_before": [
            "Stock"
          ],
          "identity_type": "federatedID",
          "kind": "adobe-only",
          "removal": {
            "from": "organization"
          },
          "user": "fay@example.org"
        }
      ],
      "schema": 1
    }
    "#);
}

fn hash(held: &[Held]) -> String {
    held_json(held).1
}

#[test]
fn the_same_hold_has_the_same_hash_whatever_the_night() {
    let first = fixture::held();
    let mut second = fixture::held();
    second.reverse();
    for held in &mut second {
        held.findings = BTreeSet::from([FindingName::LimitedRead]);
        held.change.directory_groups.clear();
        held.change
            .groups_before
            .insert(GroupName::new("New since"));
        held.change.names_before = (None, None);
        let shouted = held.change.address.user.as_str().to_uppercase();
        held.change.address.user = Email::new(&shouted);
    }
    assert_eq!(hash(&first), hash(&second));
}

#[test]
fn another_hold_has_another_hash() {
    let known = hash(&fixture::held());
    let changed = |change: fn(&mut Vec<Held>)| {
        let mut held = fixture::held();
        change(&mut held);
        hash(&held)
    };
    let others = [
        changed(|held| drop(held.pop())),
        changed(|held| {
            held[0].removal = Removal::FromOrg {
                delete_account: true,
            }
        }),
        changed(|held| held[0].removal = Removal::AllGroups),
        changed(|held| held[1].removal = Removal::Groups(fixture::groups(&["Spark"]))),
        changed(|held| held[1].removal = Removal::Groups(fixture::groups(&["Stock", "Spark"]))),
        changed(|held| held[0].change.address.user = Email::new("other@example.org")),
        changed(|held| held[0].change.address.domain = Some("example.org".to_owned())),
        changed(Vec::clear),
    ];
    let different: BTreeSet<&String> = others.iter().chain([&known]).collect();
    assert_eq!(different.len(), others.len() + 1);
}
