//! One pass over the small school, and what a second one would do.

use roster_sync::clock::Clock;
use serde_json::Value;

use crate::child::{Play, SECOND_EVENT, Told};
use crate::simulators::adobe::Endpoint;
use crate::simulators::runtime::Answer;
use crate::simulators::sis::Platform;

/// The event that starts the pass.
const EVENT: &str = include_str!("../../events/on-demand.json");

/// Plays it. Whether all is as it should be.
pub(crate) async fn play(play: &Play) -> bool {
    introduce(play);
    let started = play.clock.now();
    let Some(answer) = pass(play, EVENT, "first").await else {
        return false;
    };
    report(play, answer["status"].as_str().unwrap_or("no status"));
    let seconds = play.clock.now().as_second() - started.as_second();
    println!("Simulated time  {} min {} s\n", seconds / 60, seconds % 60);

    let Some(second) = pass(play, SECOND_EVENT, "second").await else {
        return false;
    };
    println!();
    play.is_in_step(&second)
}

fn introduce(play: &Play) {
    println!("roster-sync's sandbox: one pass over built-in data, on this machine alone.\n");
    play.introduce();
    let connector = match play.platform {
        Platform::Clever => "",
        Platform::ClassLink => ", with the connector file of UST's manual for ClassLink",
    };
    println!("Configuration   infra/config{connector}\n");
}

/// Tells each event and each answer. The last answer, unless the pass fails.
async fn pass(play: &Play, event: &str, execution: &str) -> Option<Value> {
    let time = |clock: &Clock| clock.now().strftime("%H:%M:%S").to_string();
    let begin = |event: &Value| println!("{}  event   {event}", time(&play.clock));
    let tell = |told: &Told<'_>| {
        let now = time(&play.clock);
        match told.answer {
            Answer::Response(answer) => {
                let status = answer["status"].as_str().unwrap_or("no status");
                println!("{now}  answer  {status}");
            }
            Answer::Error {
                error_type,
                message,
            } => println!("{now}  error   {error_type}\n{message}\n"),
        }
        if let Some(wait) = told.wait {
            println!("{now}  wait    {} s", wait.as_secs());
        }
    };
    play.pass(event, execution, begin, tell).await
}

/// The Action Summary, and what became of the organization.
fn report(play: &Play, status: &str) {
    play.show_summary();
    println!("Status          {status}");
    println!(
        "{:<15} {} requests",
        play.sis.name(),
        play.sis.server().served()
    );
    println!(
        "Adobe           {} page(s) of users, {} action requests",
        play.requests(Endpoint::Users),
        play.requests(Endpoint::Action)
    );
}
