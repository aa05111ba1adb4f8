//! What UST was seen to do in one small school, option by option, and what a whole pass does there. README's table of
//! these scenarios is made here: `UPDATE_README=1 cargo test recorded` writes it.

mod outcome;
mod scenarios;
mod school;

use std::fmt::Write as _;

use outcome::Outcome;
use scenarios::{Scenario, scenarios};

const README: &str = include_str!("../../README.md");
const HEADING: &str = "### Recorded scenarios";

/// One scenario, played: what became of it here, and the difference where there is one.
struct Played {
    scenario: Scenario,
    here: Outcome,
}

async fn played() -> Vec<Played> {
    let mut all = Vec::new();
    for scenario in scenarios() {
        let here = school::play(&scenario).await;
        all.push(Played { scenario, here });
    }
    all
}

#[tokio::test]
async fn every_recorded_scenario_ends_as_in_ust_or_as_a_difference_says() {
    let mut wrong = String::new();
    for Played { scenario, here } in played().await {
        let wanted = scenario.ours();
        if here != wanted {
            let name = scenario.name;
            writeln!(wrong, "{name}\n  wanted {wanted:?}\n  got    {here:?}").unwrap();
        }
        if let Some(difference) = &scenario.difference {
            assert_ne!(
                difference.ours, scenario.recorded,
                "{}: a difference that is none",
                scenario.name
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn readme_shows_what_the_scenarios_came_to() {
    let table = table(&played().await);
    let shown = section();
    if shown.trim() == table.trim() {
        return;
    }
    if std::env::var_os("UPDATE_README").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        std::fs::write(path, README.replace(shown.trim(), table.trim())).unwrap();
        return;
    }
    assert_eq!(shown.trim(), table.trim(), "README's table is out of date");
}

/// The table below its heading.
fn section() -> &'static str {
    let start = README.find(HEADING).expect("README has the table") + HEADING.len();
    let below = &README[start..];
    let table = below.find("\n|").expect("README has the table");
    let rows = &below[table + 1..];
    let end = rows.find("\n\n").map_or(rows.len(), |end| end + 1);
    &rows[..end]
}

fn table(played: &[Played]) -> String {
    let mut text =
        "| scenario | counters in UST | actions in UST | here |\n|---|---|---|---|\n".to_owned();
    for Played { scenario, here } in played {
        let Outcome {
            counters, actions, ..
        } = &scenario.recorded;
        let here = match &scenario.difference {
            None if *here == scenario.recorded => "same".to_owned(),
            None => "not the same".to_owned(),
            Some(difference) => difference.why.to_owned(),
        };
        writeln!(
            text,
            "| {} | {} | {} | {here} |",
            scenario.name,
            counters.shown(),
            outcome::triple(*actions)
        )
        .unwrap();
    }
    text
}
