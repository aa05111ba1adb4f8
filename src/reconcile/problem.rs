//! What went other than planned for single people or records, with stable names.

use crate::model::id::{Email, RosterId};

/// A stable name, explained in README's *Errors and definitions*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemName {
    /// A person of the roster without an e-mail address that Adobe could take.
    EmailUnusable,
    /// A new federated account needs a country, and there is none.
    CountryMissing,
    /// Several people of the roster share an e-mail address.
    EmailShared,
    /// The e-mail address belongs to an account of the other owned type.
    OtherIdentityType,
    /// The e-mail address stands in the account of another person.
    AddressTaken,
    /// An account that would lose a role, its groups or its place in the organization holds an admin role.
    AdminKept,
    /// A record of the roster that could not be read.
    RecordSkipped,
    /// A class names somebody whom no page of people held.
    MemberUnknown,
    /// Adobe refused a command.
    CommandFailed,
    /// A planned action was not sent.
    NotSent,
    /// No object of a collection carries an attribute that matching names.
    AttributeUnknown,
}

impl ProblemName {
    /// Every name.
    pub const ALL: [Self; 11] = [
        Self::EmailUnusable,
        Self::CountryMissing,
        Self::EmailShared,
        Self::OtherIdentityType,
        Self::AddressTaken,
        Self::AdminKept,
        Self::RecordSkipped,
        Self::MemberUnknown,
        Self::CommandFailed,
        Self::NotSent,
        Self::AttributeUnknown,
    ];

    /// The name in summaries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmailUnusable => "email-unusable",
            Self::CountryMissing => "country-missing",
            Self::EmailShared => "email-shared",
            Self::OtherIdentityType => "other-identity-type",
            Self::AddressTaken => "address-taken",
            Self::AdminKept => "admin-kept",
            Self::RecordSkipped => "record-skipped",
            Self::MemberUnknown => "member-unknown",
            Self::CommandFailed => "command-failed",
            Self::NotSent => "not-sent",
            Self::AttributeUnknown => "attribute-unknown",
        }
    }
}

/// One problem. Goes to the bucket, never to a log: it names people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub name: ProblemName,
    /// The person's or account's address, where known.
    pub email: Option<Email>,
    /// The record's id in the roster, where known.
    pub roster_id: Option<RosterId>,
    /// What is wrong and what to do, a sentence.
    pub message: String,
    /// The failed command (`add to Spark`, …), Adobe's code and Adobe's words, for `CommandFailed`.
    pub refused: Option<Refused>,
}

/// A command that Adobe refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What was asked.
    pub command: String,
    /// Adobe's code.
    pub code: String,
    /// Adobe's words.
    pub message: String,
}
