//! Why a pass failed, under names that alarms and administrators can rely on.

use crate::config::options::InvalidOptions;
use crate::{config, sis, store, umapi};

/// A stable name, explained in README's *Errors and definitions*. It is the `errorType` of a failed invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorName {
    /// Settings or configuration files have problems.
    ConfigInvalid,
    /// The event, or an option in it, is not understood.
    EventInvalid,
    /// The event names a pass that `runs/` does not know.
    RunUnknown,
    /// A secret is missing, empty, not allowed, or not what it should hold.
    SecretsMissing,
    /// The roster source answered, and the roster is not whole.
    RosterIncomplete,
    /// The roster source refused the credentials or the request.
    RosterRefused,
    /// The roster source did not answer.
    RosterUnavailable,
    /// Adobe refused the credentials, the organization or the request.
    AdobeRefused,
    /// Adobe answered with something that it does not document.
    AdobeReplyInvalid,
    /// Adobe did not answer.
    AdobeUnavailable,
    /// The bucket refused a read or a write.
    StoreRefused,
    /// The bucket or Secrets Manager did not answer.
    StoreUnavailable,
    /// Another invocation has taken the pass over.
    LeaseLost,
    /// One slice after another ended or was killed before the pass came any further.
    NoProgress,
    /// The engine gave the pass up.
    PassAbandoned,
    /// A mistake in roster-sync itself.
    Internal,
}

impl ErrorName {
    /// Every name.
    pub const ALL: [Self; 16] = [
        Self::ConfigInvalid,
        Self::EventInvalid,
        Self::RunUnknown,
        Self::SecretsMissing,
        Self::RosterIncomplete,
        Self::RosterRefused,
        Self::RosterUnavailable,
        Self::AdobeRefused,
        Self::AdobeReplyInvalid,
        Self::AdobeUnavailable,
        Self::StoreRefused,
        Self::StoreUnavailable,
        Self::LeaseLost,
        Self::NoProgress,
        Self::PassAbandoned,
        Self::Internal,
    ];

    /// As alarms see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigInvalid => "ConfigInvalid",
            Self::EventInvalid => "EventInvalid",
            Self::RunUnknown => "RunUnknown",
            Self::SecretsMissing => "SecretsMissing",
            Self::RosterIncomplete => "RosterIncomplete",
            Self::RosterRefused => "RosterRefused",
            Self::RosterUnavailable => "RosterUnavailable",
            Self::AdobeRefused => "AdobeRefused",
            Self::AdobeReplyInvalid => "AdobeReplyInvalid",
            Self::AdobeUnavailable => "AdobeUnavailable",
            Self::StoreRefused => "StoreRefused",
            Self::StoreUnavailable => "StoreUnavailable",
            Self::LeaseLost => "LeaseLost",
            Self::NoProgress => "NoProgress",
            Self::PassAbandoned => "PassAbandoned",
            Self::Internal => "Internal",
        }
    }

    /// The name that is written so, if any.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == text)
    }

    /// Whether the same pass may well succeed when it is started again.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RosterUnavailable
                | Self::AdobeUnavailable
                | Self::StoreUnavailable
                | Self::LeaseLost
        )
    }

    /// What to do about it, a sentence.
    pub fn next_step(self) -> &'static str {
        match self {
            Self::ConfigInvalid => {
                "Correct the lines that the message names and upload the files again."
            }
            Self::EventInvalid => "Correct the event; README lists every option.",
            Self::RunUnknown => "Start a new pass with {} or the options you want.",
            Self::SecretsMissing => {
                "Fill the secret in Secrets Manager with the JSON that the message shows."
            }
            Self::RosterIncomplete => {
                "Nothing was changed. Look whether the student information system shares everything; the next pass reads anew."
            }
            Self::RosterRefused => {
                "Check the credentials of the roster source, its host, and what it shares with this application."
            }
            Self::RosterUnavailable => "Nothing was changed. The next pass tries again.",
            Self::AdobeRefused => {
                "Check the OAuth server-to-server credentials, org_id, and that they have the User Management API."
            }
            Self::AdobeReplyInvalid => {
                "Nothing more was sent. The next pass tries again; if it stays so, report it."
            }
            Self::StoreRefused => "Check that the function's role may read and write the bucket.",
            Self::AdobeUnavailable | Self::StoreUnavailable => {
                "The next pass tries again and does what is left."
            }
            Self::LeaseLost => "Nothing to do: the other invocation goes on with the pass.",
            Self::NoProgress => {
                "Give the function more memory or more time (MemorySize, Timeout), then start a new pass."
            }
            Self::PassAbandoned => {
                "Look at the executions of the state machine and at the function's log; the next pass does what is left."
            }
            Self::Internal => {
                "Report it, with the run id. Nothing is lost: the next pass plans anew."
            }
        }
    }
}

/// Why a pass failed. No text of it names a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Problems of the configuration files.
    #[error("the configuration cannot be used:\n{}", .0.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Config(config::Problems),
    /// The root file is not there.
    #[error(
        "there is no configuration at {0}: upload user-sync-config.yml there, or correct CONFIG_URI"
    )]
    ConfigMissing(String),
    /// Attributes that nobody of the roster has, a sentence each.
    #[error("the configuration does not fit the roster:\n{}", .0.join("\n"))]
    UnknownAttributes(Vec<String>),
    /// Options that do not go together.
    #[error("the event cannot be used: {0}")]
    Options(InvalidOptions),
    /// No such pass.
    #[error("runs/ knows no pass {0:?}")]
    RunUnknown(String),
    /// Problems with secrets, each a sentence.
    #[error("{}", .0.join("\n"))]
    Secrets(Vec<String>),
    /// Secrets Manager did not answer.
    #[error("Secrets Manager did not answer")]
    SecretsUnavailable(#[source] store::SecretError),
    /// The roster could not be read.
    #[error("the roster was not read, so nothing was changed")]
    Roster(#[source] sis::Error),
    /// The roster of a scoped source could not be read.
    #[error("the roster of '{product}' (scoped_sources) was not read, so nothing was changed")]
    ScopedRoster {
        /// The source's product.
        product: String,
        /// Why.
        source: sis::Error,
    },
    /// Adobe could not be read or changed.
    #[error("Adobe could not be read or changed")]
    Adobe(#[source] umapi::Error),
    /// The bucket could not be read or written.
    #[error("the bucket could not be read or written")]
    Store(#[source] store::Error),
    /// Somebody else wrote what only the holder of the lease writes.
    #[error("another invocation has taken this pass over; this one has stopped")]
    LeaseLost,
    /// So many slices in a row that did nothing for the pass.
    #[error(
        "{0} slices in a row ended, or were ended by AWS (out of memory, or of time), before the pass came any further"
    )]
    NoProgress(u32),
    /// What the engine says.
    #[error("the engine gave the pass up after {error}: {cause}")]
    Abandoned {
        /// The name of the last error.
        error: String,
        /// Its message.
        cause: String,
    },
    /// What an earlier event of the same pass ended with.
    #[error("{message}")]
    Earlier {
        /// Its name then.
        name: ErrorName,
        /// Its message then.
        message: String,
    },
    /// Something that cannot be, was.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// Its stable name.
    pub fn name(&self) -> ErrorName {
        match self {
            Self::Config(_) | Self::ConfigMissing(_) | Self::UnknownAttributes(_) => {
                ErrorName::ConfigInvalid
            }
            Self::Options(_) => ErrorName::EventInvalid,
            Self::RunUnknown(_) => ErrorName::RunUnknown,
            Self::Secrets(_) => ErrorName::SecretsMissing,
            Self::Roster(error) | Self::ScopedRoster { source: error, .. } => roster_name(error),
            Self::Adobe(error) => adobe_name(error),
            Self::SecretsUnavailable(_) | Self::Store(store::Error::Unavailable { .. }) => {
                ErrorName::StoreUnavailable
            }
            Self::Store(store::Error::Refused { .. }) => ErrorName::StoreRefused,
            Self::LeaseLost | Self::Store(store::Error::Changed { .. }) => ErrorName::LeaseLost,
            Self::NoProgress(_) => ErrorName::NoProgress,
            Self::Abandoned { .. } => ErrorName::PassAbandoned,
            Self::Earlier { name, .. } => *name,
            Self::Internal(_) => ErrorName::Internal,
        }
    }

    /// The message with every cause below it.
    pub fn whole_message(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

fn roster_name(error: &sis::Error) -> ErrorName {
    match error {
        // A pass that runs out of time continues; as an error it would be the source's slowness.
        sis::Error::Unavailable(_) | sis::Error::OutOfTime { .. } => ErrorName::RosterUnavailable,
        sis::Error::Refused { .. } => ErrorName::RosterRefused,
        sis::Error::BadPage { .. } | sis::Error::Incomplete(_) => ErrorName::RosterIncomplete,
        sis::Error::Configuration(_) => ErrorName::ConfigInvalid,
    }
}

fn adobe_name(error: &umapi::Error) -> ErrorName {
    match error {
        umapi::Error::Unavailable(_) | umapi::Error::OutOfTime { .. } => {
            ErrorName::AdobeUnavailable
        }
        umapi::Error::Refused { .. } => ErrorName::AdobeRefused,
        umapi::Error::BadReply { .. } => ErrorName::AdobeReplyInvalid,
    }
}
