//! How far the pass has come, at the bottom of the terminal. It shows what `latest/progress.json` tells, as anybody could
//! who may read the bucket.

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde_json::Value;

use crate::simulators::world::BUCKET;

const WITH_ACTIONS: &str = "[{bar:20}] {pos} of {len}, {wide_msg}";
const WITHOUT: &str = "{wide_msg}";

/// A bar that is nowhere to be seen where the output is no terminal.
pub(crate) struct Bar {
    drawn: ProgressBar,
    progress: PathBuf,
    shown: Vec<u8>,
}

impl Bar {
    /// For the bucket in that folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let drawn = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
        drawn.set_style(style(WITHOUT));
        Self {
            drawn,
            progress: folder.join(BUCKET).join("latest/progress.json"),
            shown: Vec::new(),
        }
    }

    /// Shows what the bucket tells now. A file that is just being written waits for the next time.
    pub(crate) fn refresh(&mut self) {
        let text = std::fs::read(&self.progress).unwrap_or_default();
        if text == self.shown {
            return;
        }
        let Ok(progress) = serde_json::from_slice::<Value>(&text) else {
            return;
        };
        self.shown = text;
        let actions = &progress["actions"];
        match (actions["total"].as_u64(), actions["done"].as_u64()) {
            (Some(total), Some(done)) if total > 0 => {
                self.drawn.set_style(style(WITH_ACTIONS));
                // Both at once: a bar between the two shows nonsense.
                self.drawn.update(|state| {
                    state.set_len(total);
                    state.set_pos(done);
                });
            }
            _ => self.drawn.set_style(style(WITHOUT)),
        }
        self.drawn.set_message(message(&progress));
    }

    /// A line above the bar.
    pub(crate) fn line(&self, line: &str) {
        self.drawn.suspend(|| println!("{line}"));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.drawn.finish_and_clear();
    }
}

/// `waits until Tue 03:52: Adobe is busy, ends about Tue 10:21`: what matters most first, for a narrow terminal.
fn message(progress: &Value) -> String {
    let mut parts = Vec::new();
    if let Some(until) = time(&progress["waiting_until"]) {
        let why = progress["waiting_for"].as_str().unwrap_or_default();
        parts.push(format!("waits until {until}: {why}"));
    }
    if let Some(end) = time(&progress["expected_end"]) {
        parts.push(format!("ends about {end}"));
    }
    if let Some(status) = progress["status"].as_str() {
        parts.push(status.to_owned());
    } else if progress["actions"].is_null() {
        parts.push(progress["stage"].as_str().unwrap_or_default().to_owned());
    }
    parts.join(", ")
}

fn time(value: &Value) -> Option<String> {
    let time: Timestamp = value.as_str()?.parse().ok()?;
    Some(time.strftime("%a %H:%M").to_string())
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).expect("a template");
    style.progress_chars("=> ")
}
