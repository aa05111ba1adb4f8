//! The first pass of a whole district: longer than any Lambda, at an Adobe that has its limits, and killed twice.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::child::{Play, SECOND_EVENT, Told};
use crate::simulators::adobe::Endpoint;
use crate::simulators::runtime::Answer;

/// Actions in a request.
const IN_A_REQUEST: usize = 10;
/// Adobe is busy so often, where the load is large enough,
const BUSY: usize = 4;
/// and never again before so many requests.
const BETWEEN_BUSY: usize = 80;

/// Plays it. Whether all is as it should be.
pub(crate) async fn play(play: &Play, people: usize) -> bool {
    let requests = people.div_ceil(IN_A_REQUEST);
    play.adobe.keep_no_bodies();
    play.sis.server().keep_no_log();
    play.adobe.rules(|rules| {
        rules.two_hours_between_full_reads = true;
        rules.busy_after_actions = (requests / BUSY).max(BETWEEN_BUSY);
    });
    kill(play, [requests / 3, requests * 2 / 3]);
    println!("roster-sync's sandbox: a first load, on this machine alone.\n");
    play.introduce();
    println!("\ntime          slice   accounts  answer");

    let started = play.clock.now();
    let (mut slices, mut died) = (0, 0);
    let tell = |told: &Told<'_>| {
        slices = told.slice;
        died += u32::from(matches!(told.answer, Answer::Error { .. }));
        tell(play, told);
    };
    let Some(answer) = play.pass("{}", "first-load", |_| (), tell).await else {
        return false;
    };
    play.show_summary();
    println!(
        "Status          {}",
        answer["status"].as_str().unwrap_or("no status")
    );
    let took = play.clock.now().duration_since(started);
    let took = Duration::try_from(took).unwrap_or_default();
    println!("Simulated time  {}", words(took));
    println!("Slices          {slices}; killed on the way: {died}");
    println!(
        "{:<15} {} requests",
        play.sis.name(),
        thousands(play.sis.server().served())
    );
    println!(
        "Adobe           {} requests: {} page(s) of users, {} action requests",
        thousands(play.adobe.server.served()),
        play.requests(Endpoint::Users),
        thousands(play.requests(Endpoint::Action)),
    );

    let quiet = |_: &Told<'_>| ();
    let Some(second) = play.pass(SECOND_EVENT, "second", |_| (), quiet).await else {
        return false;
    };
    play.is_in_step(&second)
}

/// One line for each slice.
fn tell(play: &Play, told: &Told<'_>) {
    let mut answer = match told.answer {
        Answer::Response(answer) => answer["status"].as_str().unwrap_or("no status").to_owned(),
        Answer::Error { error_type, .. } if error_type == "Runtime.ExitError" => {
            "killed".to_owned()
        }
        Answer::Error { error_type, .. } => error_type.clone(),
    };
    if let Some(wait) = told.wait.filter(|wait| !wait.is_zero()) {
        answer = format!("{answer}, then wait {}", words(wait));
    }
    println!(
        "{}  {:>5}  {:>9}  {answer}",
        play.clock.now().strftime("%a %H:%M:%S"),
        told.slice,
        thousands(play.adobe.size()),
    );
}

/// The process of the function ends right after Adobe has carried out the requests with these numbers: nobody hears
/// what it answered.
fn kill(play: &Play, after: [usize; 2]) {
    let after = BTreeSet::from(after);
    let kill = Arc::clone(&play.kill);
    let mut requests = 0;
    play.adobe.server.fault(Box::new(move |request| {
        if Endpoint::of(request) == Endpoint::Action {
            requests += 1;
            if after.contains(&requests) {
                kill.notify_one();
            }
        }
        None
    }));
}

/// `1 h 12 min`, `3 min 20 s`, `40 s`.
fn words(time: Duration) -> String {
    let seconds = time.as_secs();
    let [hours, minutes, seconds] = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// `50,000`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
