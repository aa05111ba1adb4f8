//! What the plan says of single people, accounts and groups.

use std::collections::BTreeSet;

use crate::model::id::{Country, Email, GroupName, IdentityType};
use crate::reconcile::desired;
use crate::reconcile::problem::{Problem, ProblemName};

fn of_account(name: ProblemName, email: &Email, message: String) -> Problem {
    Problem {
        email: Some(email.clone()),
        ..of_group(name, message)
    }
}

fn of_group(name: ProblemName, message: String) -> Problem {
    Problem {
        name,
        email: None,
        roster_id: None,
        message,
        refused: None,
    }
}

pub(super) fn other_identity_type(
    of_person: IdentityType,
    other: IdentityType,
    email: &Email,
) -> Problem {
    of_account(
        ProblemName::OtherIdentityType,
        email,
        format!(
            "There is an account of the type {other} with this e-mail address, so Adobe would refuse one of the type \
             {of_person}. Nothing was sent for this person. Convert the account in the Admin Console (Users > Edit \
             identity type), or set user_identity_type to {other}."
        ),
    )
}

pub(super) fn address_taken(email: &Email) -> Problem {
    of_account(
        ProblemName::AddressTaken,
        email,
        "This e-mail address stands in the account of somebody else, who signs in under another name, so a new account \
         would become theirs. Nothing was sent for this person. Correct the address of that account in the Admin \
         Console."
            .to_owned(),
    )
}

pub(super) fn login_taken(email: &Email) -> Problem {
    of_account(
        ProblemName::AddressTaken,
        email,
        "The login name of this person is the login name or the address of somebody else. Nothing was sent for this \
         person. Correct user_username_format in connector-oneroster.yml, the roster, or that account in the Admin \
         Console."
            .to_owned(),
    )
}

pub(super) fn address_elsewhere(email: &Email) -> Problem {
    of_account(
        ProblemName::AddressTaken,
        email,
        "The account of this person has another e-mail address, and this one stands in a further account, so the address \
         was not changed. Remove the further account or correct its address in the Admin Console."
            .to_owned(),
    )
}

pub(super) fn admin_of_other_name(email: &Email) -> Problem {
    of_account(
        ProblemName::AdminOfOtherName,
        email,
        "This e-mail address belongs to an account with an admin role, and the roster gives it to somebody of another \
         name, so the account was left as it is. Correct the address in the roster, or the name in the Admin Console."
            .to_owned(),
    )
}

pub(super) fn admin_kept(email: &Email, roles: &BTreeSet<GroupName>, what: &str) -> Problem {
    let names: Vec<&str> = roles.iter().map(GroupName::as_str).collect();
    of_account(
        ProblemName::AdminKept,
        email,
        format!(
            "This account holds an admin role ({}) and {what}: roster-sync takes no role from anybody. If the person \
             is no admin any more, take the role away in the Admin Console.",
            names.join(", ")
        ),
    )
}

pub(super) fn protected_kept(email: &Email, groups: &BTreeSet<GroupName>, what: &str) -> Problem {
    let names: Vec<&str> = groups.iter().map(GroupName::as_str).collect();
    of_account(
        ProblemName::ProtectedKept,
        email,
        format!(
            "This account is in a group that protected.groups of user-sync-config.yml means ({}), and {what}. If the \
             person is to go, take the account out of the group in the Admin Console.",
            names.join(", ")
        ),
    )
}

pub(super) fn protected_account_kept(email: &Email) -> Problem {
    of_account(
        ProblemName::ProtectedKept,
        email,
        "adobe_only_user_list names this account, and protected.users or protected.domains of user-sync-config.yml keeps \
         every action from it. Nothing was sent. Take it out of the list, or out of what is protected."
            .to_owned(),
    )
}

pub(super) fn country_missing(user: &desired::User) -> Problem {
    let said = if user.country_unusable {
        "what the roster says of it is no two-letter code"
    } else {
        "there is none"
    };
    of_account(
        ProblemName::CountryMissing,
        &user.email,
        format!(
            "Adobe needs a country for a new account, and {said}, so the account was not made. Set \
             directory_users.default_country_code in user-sync-config.yml."
        ),
    )
}

pub(super) fn country_unusable(email: &Email, instead: &Country) -> Problem {
    of_account(
        ProblemName::CountryUnusable,
        email,
        format!(
            "What the roster says of the country of this person is no two-letter code such as US, so the new account got \
             {}; Adobe cannot change it later. Correct it in the roster.",
            instead.as_str()
        ),
    )
}

pub(super) fn username_not_email(identity_type: IdentityType, email: &Email) -> Problem {
    of_account(
        ProblemName::UsernameNotEmail,
        email,
        format!(
            "Adobe makes no account of the type {identity_type} whose login name is not its e-mail address, so none was \
             made. Correct user_username_format in connector-oneroster.yml, or make it a federatedID."
        ),
    )
}

pub(super) fn person_of_unread_group(email: &Email, group: &GroupName) -> Problem {
    of_account(
        ProblemName::GroupUnread,
        email,
        format!(
            "This person is to be in the group '{}', which Adobe does not know, so nobody can tell whether there is an \
             account. Nothing was sent for this person.",
            group.as_str()
        ),
    )
}

pub(super) fn group_unread(group: &GroupName) -> Problem {
    of_group(
        ProblemName::GroupUnread,
        format!(
            "adobe_users asks for the members of the group '{}', which Adobe does not know. Nobody is taken for new or \
             gone because of it. Correct its name in the mapping or in adobe_users, or make the group in the Admin \
             Console.",
            group.as_str()
        ),
    )
}

pub(super) fn group_name_unusable(group: &GroupName, why: &str) -> Problem {
    of_group(
        ProblemName::GroupNameUnusable,
        format!(
            "Adobe does not have the group '{}', and auto_create cannot make it: {why}. Correct its name in the mapping.",
            group.as_str()
        ),
    )
}

pub(super) fn not_in_adobe(email: &Email) -> Problem {
    of_account(
        ProblemName::NotInAdobe,
        email,
        "adobe_only_user_list names this account, and Adobe has none of this type and name. Nothing was sent. Take it out \
         of the list, or correct it."
            .to_owned(),
    )
}

pub(super) fn listed_other_type(
    email: &Email,
    listed: IdentityType,
    other: IdentityType,
) -> Problem {
    of_account(
        ProblemName::OtherIdentityType,
        email,
        format!(
            "adobe_only_user_list names this account with the type {listed}, and Adobe has it with the type {other}. \
             Nothing was sent. Correct the type in the list."
        ),
    )
}

pub(super) fn listed_twice_in_adobe(email: &Email) -> Problem {
    of_account(
        ProblemName::AddressTaken,
        email,
        "adobe_only_user_list names this account, and Adobe has a further one with the same address or login name, which \
         a command could reach instead. Nothing was sent. Do it by hand in the Admin Console."
            .to_owned(),
    )
}

pub(super) fn excluded_kept(email: &Email) -> Problem {
    of_account(
        ProblemName::ExcludedKept,
        email,
        "adobe_only_user_list names this account, and adobe_users.exclude_… in user-sync-config.yml keeps every pass from \
         it. Nothing was sent. Take it out of the list, or out of what is excluded."
            .to_owned(),
    )
}
