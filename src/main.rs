//! The Lambda entry: the real clock, hosts as they are written, and the handler.

use roster_sync::clock::Clock;
use roster_sync::handler;
use roster_sync::http::Hosts;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    handler::run(Clock::real(), Hosts::as_written()).await
}
