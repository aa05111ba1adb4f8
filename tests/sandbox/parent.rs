//! Starts the child as Lambda starts a function, and shows what it says.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use roster_sync::clock::Clock;
use serde_json::Value;

use crate::CHILD;
use crate::simulators::aws::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::simulators::world::environment;

/// Plays a pass over the roster of this source.
pub(crate) fn run(source: &str) -> ExitCode {
    let program = std::env::current_exe().expect("the path of this program");
    let folder = folder(&program);
    let log = folder.join("log.ndjson");
    std::fs::create_dir_all(&folder).expect("a folder for the bucket");
    let clock = Clock::real();
    let started = clock.now();
    let succeeded = play(&program, &folder, &log, source);
    let seconds = (clock.now().as_millisecond() - started.as_millisecond()) / 100;
    println!("Real time       {}.{} s", seconds / 10, seconds % 10);
    println!("Log             {}", log.display());
    if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// `target/sandbox/<time>`: this program is `target/<profile>/examples/sandbox`.
fn folder(program: &Path) -> PathBuf {
    let target = program.ancestors().nth(3).unwrap_or(Path::new("."));
    let now = Clock::real().now();
    target
        .join("sandbox")
        .join(now.strftime("%Y-%m-%dT%H-%M-%S").to_string())
}

fn play(program: &Path, folder: &Path, log: &Path, source: &str) -> bool {
    let [aws, runtime] = free_addresses();
    let nothing = folder.join("no-aws-profile");
    File::create(&nothing).expect("a folder that can be written");
    let mut child = Command::new(program)
        .arg(CHILD)
        .arg(folder)
        .args([&aws, &runtime, source])
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
    for line in BufReader::new(output).lines() {
        let line = line.expect("the child's output is text");
        match log_entry(&line) {
            Some(entry) => {
                writeln!(log, "{line}").expect("a log that can be written");
                if let Some(stage) = stage(&entry) {
                    println!("          step    {stage}");
                }
            }
            None => println!("{line}"),
        }
    }
    child.wait().expect("the child's end").success()
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
