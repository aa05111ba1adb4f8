//! What went other than planned for single people or records, with stable names.

use serde::{Deserialize, Serialize};

use crate::model::id::{Email, RosterId};

/// A stable name, explained in README's *Errors and definitions*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemName {
    /// A person of the roster without an e-mail address that Adobe could take.
    EmailUnusable,
    /// A new federated account needs a country, and there is none.
    CountryMissing,
    /// What the roster says of the country of a new account is no two-letter code.
    CountryUnusable,
    /// A first or last name is longer than any name.
    NameUnusable,
    /// Several people of the roster share an e-mail address.
    EmailShared,
    /// Several people of the roster share a login name and not the address.
    UsernameShared,
    /// What the roster says is none of Adobe's identity types.
    IdentityTypeUnknown,
    /// A new account of a type that signs in with its address has another login name.
    UsernameNotEmail,
    /// A person of the roster lacks an attribute that `include_only` asks for.
    AttributeMissing,
    /// Adobe does not know a group whose members were to be read.
    GroupUnread,
    /// A group of the mapping that Adobe does not have cannot be made under its name.
    GroupNameUnusable,
    /// `adobe_only_user_list` names an account that Adobe does not have.
    NotInAdobe,
    /// `adobe_only_user_list` names an account that no pass touches.
    ExcludedKept,
    /// The e-mail address belongs to an account of the other owned type.
    OtherIdentityType,
    /// The e-mail address stands in the account of another person.
    AddressTaken,
    /// The e-mail address is that of an admin who has another name.
    AdminOfOtherName,
    /// An account that would lose a role, its groups or its place in the organization holds an admin role.
    AdminKept,
    /// An account that would lose all groups or its place in the organization is protected, or in a protected group.
    ProtectedKept,
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
    pub const ALL: [Self; 23] = [
        Self::EmailUnusable,
        Self::CountryMissing,
        Self::CountryUnusable,
        Self::NameUnusable,
        Self::EmailShared,
        Self::UsernameShared,
        Self::IdentityTypeUnknown,
        Self::UsernameNotEmail,
        Self::AttributeMissing,
        Self::GroupUnread,
        Self::GroupNameUnusable,
        Self::NotInAdobe,
        Self::ExcludedKept,
        Self::OtherIdentityType,
        Self::AddressTaken,
        Self::AdminOfOtherName,
        Self::AdminKept,
        Self::ProtectedKept,
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
            Self::CountryUnusable => "country-unusable",
            Self::NameUnusable => "name-unusable",
            Self::EmailShared => "email-shared",
            Self::UsernameShared => "username-shared",
            Self::IdentityTypeUnknown => "identity-type-unknown",
            Self::UsernameNotEmail => "username-not-email",
            Self::AttributeMissing => "attribute-missing",
            Self::GroupUnread => "group-unread",
            Self::GroupNameUnusable => "group-name-unusable",
            Self::NotInAdobe => "not-in-adobe",
            Self::ExcludedKept => "excluded-kept",
            Self::OtherIdentityType => "other-identity-type",
            Self::AddressTaken => "address-taken",
            Self::AdminOfOtherName => "admin-of-other-name",
            Self::AdminKept => "admin-kept",
            Self::ProtectedKept => "protected-kept",
            Self::RecordSkipped => "record-skipped",
            Self::MemberUnknown => "member-unknown",
            Self::CommandFailed => "command-failed",
            Self::NotSent => "not-sent",
            Self::AttributeUnknown => "attribute-unknown",
        }
    }
}

/// One problem. Goes to the bucket, never to a log: it names people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was asked.
    pub command: String,
    /// Adobe's code.
    pub code: String,
    /// Adobe's words.
    pub message: String,
}
