//! The school, Adobe and their configuration for programs outside, in real time: `--serve <folder>`. What is served is
//! in `world.json` of that folder, the configuration in `config/`, the secrets in `secrets.json`. Ends with its input.
//!
//! Adobe sets no pace here; faults are ordered at `control`:
//!
//! | request | |
//! |---|---|
//! | `GET /` | `{actions, asked, pages, in_step}`: action requests that were carried out and that came at all, pages of users, and whether Adobe is as it should be |
//! | `POST /action`, `/roster` | `[{after, times, reply: {status, retry_after}}]` or `hang: seconds` for `reply`: what happens to action requests or to those for the roster, `after` that many from now on and so many `times`; `[]`: no faults from now on |

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use roster_sync::clock::Clock;
use serde_json::{Value, json};

use crate::simulators::adobe::{Adobe, Endpoint};
use crate::simulators::clever::Clever;
use crate::simulators::mapping::Mapping;
use crate::simulators::server::{Fault, Request, Response, Server, When};
use crate::simulators::sis::Platform;
use crate::simulators::world::{Setup, desired, memberships, organization, secrets, today};

/// What is served, and what Adobe should become.
#[derive(Clone)]
struct Served {
    clever: Clever,
    adobe: Adobe,
    mapping: Mapping,
}

/// Serves until the input ends.
pub(crate) fn run(folder: &str) -> ExitCode {
    let threads = tokio::runtime::Runtime::new().expect("a runtime");
    threads.block_on(serve(Path::new(folder)));
    // Whoever started this holds its input open.
    let mut rest = Vec::new();
    let ended = std::io::stdin().read_to_end(&mut rest);
    // A request that hangs is not waited for.
    threads.shutdown_background();
    ended.map_or(ExitCode::FAILURE, |_| ExitCode::SUCCESS)
}

async fn serve(folder: &Path) {
    let setup = Setup::example();
    let clock = Clock::real();
    let org = organization(&setup.adobe, &setup.mapping);
    let clever = Clever::start(clock.clone(), setup.roster_latency, setup.district).await;
    let adobe = Adobe::start(clock.clone(), setup.adobe_latency, org).await;
    adobe.rules(|rules| {
        rules.actions_per_minute = 0;
        rules.user_pages_per_minute = 0;
        rules.single_users_per_minute = 0;
        rules.group_pages_per_minute = 0;
    });
    std::fs::create_dir_all(folder.join("config")).expect("a folder that can be written");
    let write = |name: &str, text: String| {
        std::fs::write(folder.join(name), text).expect("a folder that can be written");
    };
    for (name, text) in &setup.files {
        let text = at_home(text, &clever.url(), &adobe.url());
        write(&format!("config/{name}"), text);
    }
    write("secrets.json", json!(secrets(&clever, &adobe)).to_string());
    let served = Served {
        clever,
        adobe,
        mapping: setup.mapping,
    };
    let urls = [served.clever.url(), served.adobe.url()];
    let handler = Box::new(move |request: &Request| served.answer(request));
    let control = Server::start(clock, Duration::ZERO, handler).await;
    let [clever, adobe] = urls;
    // The last file: who finds it finds the others.
    let world = json!({"clever": clever, "adobe": adobe, "control": control.url()});
    write("world.json.new", world.to_string());
    std::fs::rename(folder.join("world.json.new"), folder.join("world.json"))
        .expect("a folder that can be written");
}

/// A configuration file whose hosts are here, and which sets no pace.
fn at_home(text: &str, clever: &str, adobe: &str) -> String {
    let mut text = text
        .replace("https://api.clever.com", clever)
        .replace("host: usermanagement.adobe.io", &format!("host: {adobe}"))
        .replace("host: ims-na1.adobelogin.com", &format!("host: {adobe}"));
    for pace in ["action: 10", "users: 25", "groups: 5"] {
        let (endpoint, _) = pace.split_once(' ').expect("a key and a number");
        text = text.replace(pace, &format!("{endpoint} 0"));
    }
    text
}

impl Served {
    fn answer(&self, request: &Request) -> Response {
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/") => Response::json(200, &self.state()),
            ("POST", "/action") => order(&self.adobe.server, &request.body, |request| {
                Endpoint::of(request) == Endpoint::Action
            }),
            ("POST", "/roster") => order(&self.clever.server, &request.body, |_| true),
            _ => Response::empty(404),
        }
    }

    fn state(&self) -> Value {
        let requests = self.adobe.requests();
        let asked = self.adobe.server.log();
        let asked = asked
            .iter()
            .filter(|request| Endpoint::of(request) == Endpoint::Action);
        let desired = desired(
            &self.mapping,
            Platform::Clever,
            &self.clever.district(),
            today(&self.clever.clock()),
        );
        json!({
            "actions": self.adobe.action_bodies().len(),
            "asked": asked.count(),
            "pages": requests.get(&Endpoint::Users).copied().unwrap_or(0),
            "in_step": memberships(&self.adobe) == desired,
        })
    }
}

/// Orders faults for the requests that `befalls` names.
fn order(server: &Server, body: &[u8], befalls: fn(&Request) -> bool) -> Response {
    let Ok(Value::Array(orders)) = serde_json::from_slice(body) else {
        return Response::json(400, &json!("a list of orders is expected"));
    };
    let faults: Option<Vec<_>> = orders.iter().map(Ordered::read).collect();
    let Some(mut faults) = faults else {
        return Response::json(400, &json!("an order is {after, times, reply or hang}"));
    };
    let when: When = Box::new(move |request| {
        let next = befalls(request).then(|| faults.iter_mut().find(|ordered| ordered.times > 0));
        next.flatten().and_then(Ordered::take)
    });
    server.fault(when);
    Response::empty(204)
}

/// One fault, so many times, after so many requests that meet none.
struct Ordered {
    after: u64,
    times: u64,
    fault: Fault,
}

impl Ordered {
    fn read(order: &Value) -> Option<Self> {
        let fault = match (order["hang"].as_u64(), order["reply"]["status"].as_u64()) {
            (Some(seconds), None) => Fault::Hang(Duration::from_secs(seconds)),
            (None, Some(status)) => {
                let reply = Response::empty(u16::try_from(status).ok()?);
                Fault::Reply(match order["reply"]["retry_after"].as_u64() {
                    Some(seconds) => reply.with("retry-after", &seconds.to_string()),
                    None => reply,
                })
            }
            _ => return None,
        };
        Some(Self {
            after: order["after"].as_u64()?,
            times: order["times"].as_u64()?,
            fault,
        })
    }

    fn take(&mut self) -> Option<Fault> {
        if self.after > 0 {
            self.after -= 1;
            return None;
        }
        self.times -= 1;
        Some(self.fault.clone())
    }
}
