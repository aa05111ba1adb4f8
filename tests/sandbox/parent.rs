//! Starts the child as Lambda starts a function, and shows what it says.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use roster_sync::clock::Clock;
use serde_json::Value;

use crate::CHILD;
use crate::arguments::Arguments;
use crate::bar::Bar;
use crate::simulators::aws::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::simulators::world::environment;

/// How long the bar stands still at most.
const REFRESH: Duration = Duration::from_millis(200);

/// Plays what is asked for; the child understands the same words.
pub(crate) fn run(arguments: Arguments, words: &[&str]) -> ExitCode {
    let program = std::env::current_exe().expect("the path of this program");
    let folder = folder(&program);
    let log = folder.join("log.ndjson");
    let clock = Clock::real();
    let started = clock.now();
    let succeeded = play(&program, &folder, &log, arguments, words);
    let seconds = (clock.now().as_millisecond() - started.as_millisecond()) / 100;
    println!("Real time       {}.{} s", seconds / 10, seconds % 10);
    println!("Log             {}", log.display());
    if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Makes `target/sandbox/<time>`: this program is `target/<profile>/examples/sandbox`. Of several plays in a second each
/// has a folder of its own.
fn folder(program: &Path) -> PathBuf {
    let target = program.ancestors().nth(3).unwrap_or(Path::new("."));
    let plays = target.join("sandbox");
    std::fs::create_dir_all(&plays).expect("a folder for buckets");
    let now = Clock::real()
        .now()
        .strftime("%Y-%m-%dT%H-%M-%S")
        .to_string();
    let names = (2..).map(|number| format!("{now}-{number}"));
    std::iter::once(now.clone())
        .chain(names)
        .map(|name| plays.join(name))
        .find(|folder| std::fs::create_dir(folder).is_ok())
        .expect("a folder for the bucket")
}

fn play(program: &Path, folder: &Path, log: &Path, arguments: Arguments, words: &[&str]) -> bool {
    let [aws, runtime] = free_addresses();
    let nothing = folder.join("no-aws-profile");
    File::create(&nothing).expect("a folder that can be written");
    let mut child = Command::new(program)
        .arg(CHILD)
        .arg(folder)
        .args([&aws, &runtime])
        .args(words)
        .envs(environment())
        .env("AWS_LAMBDA_RUNTIME_API", &runtime)
        .env("AWS_LAMBDA_FUNCTION_NAME", "roster-sync")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/roster-sync")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "sandbox")
        .env("AWS_ENDPOINT_URL", format!("http://{aws}"))
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .env("AWS_REGION", REGION)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        // Whatever this machine knows of AWS is none of the sandbox's business.
        .env("AWS_CONFIG_FILE", &nothing)
        .env("AWS_SHARED_CREDENTIALS_FILE", &nothing)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_ENDPOINT_URL_S3")
        .env_remove("AWS_ENDPOINT_URL_SECRETS_MANAGER")
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program once more");
    let output = child.stdout.take().expect("the child's output is piped");
    let mut log = File::create(log).expect("a file for the log");
    let mut bar = arguments.first_load.map(|_people| Bar::new(folder));
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            // Nobody waits for lines any more once this program ends.
            drop(sender.send(line.expect("the child's output is text")));
        }
    });
    loop {
        match lines.recv_timeout(REFRESH) {
            Ok(line) => match log_entry(&line) {
                None => show(bar.as_ref(), &line),
                Some(entry) => {
                    writeln!(log, "{line}").expect("a log that can be written");
                    if let (None, Some(stage)) = (&bar, stage(&entry)) {
                        println!("          step    {stage}");
                    }
                }
            },
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        bar.iter_mut().for_each(Bar::refresh);
    }
    bar.iter().for_each(Bar::end);
    child.wait().expect("the child's end").success()
}

fn show(bar: Option<&Bar>, line: &str) {
    match bar {
        None => println!("{line}"),
        Some(bar) => bar.line(line),
    }
}

/// Lambda's log is the function's standard output; so is, here, what the child tells people.
fn log_entry(line: &str) -> Option<Value> {
    let entry = line.starts_with('{').then(|| serde_json::from_str(line));
    entry?.ok()
}

/// What the pass begins to do, where a line of the log says so.
fn stage(entry: &Value) -> Option<&str> {
    let fields = entry.get("fields").unwrap_or(entry);
    fields.get("stage").and_then(Value::as_str)
}

/// Ports that were free a moment ago: the environment names them before anybody listens.
fn free_addresses() -> [String; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port on loopback"));
    listeners.map(|listener| {
        let address = listener
            .local_addr()
            .expect("the address of a bound socket");
        address.to_string()
    })
}
