//! What is asked for on the command line.

use crate::simulators::sis::Platform;

/// The options, each once at most, in any order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arguments {
    /// Where the roster is read.
    pub(crate) platform: Platform,
    /// How many people a first load has; `None` is the small school.
    pub(crate) first_load: Option<usize>,
}

impl Arguments {
    /// `None` where they are not understood.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let (mut platform, mut first_load) = (None, None);
        for option in words.chunks(2) {
            match *option {
                ["--source", "clever"] if platform.is_none() => platform = Some(Platform::Clever),
                ["--source", "classlink"] if platform.is_none() => {
                    platform = Some(Platform::ClassLink);
                }
                ["--first-load", people] if first_load.is_none() => {
                    first_load = Some(people.parse().ok().filter(|people| *people > 0)?);
                }
                _ => return None,
            }
        }
        Some(Self {
            platform: platform.unwrap_or_default(),
            first_load,
        })
    }
}
