//! The three files, as administrators write them.

mod adobe;
mod classlink;
mod encodings;
mod every_key;
pub mod examples;
mod further_options;
mod keys;
mod later;
mod mistakes;
mod options;
mod people;
mod policy;
mod rules;
mod scoped;
mod secrets;
mod slips;
mod uncommented;
mod user_list;
mod ust_cases;

use bytes::Bytes;
use roster_sync::config::{Config, Files, Problems, check};

const ROOT_NAME: &str = "user-sync-config.yml";
const SOURCE_NAME: &str = "connector-oneroster.yml";
const UMAPI_NAME: &str = "connector-umapi.yml";

const ROOT: &str = "\
adobe_users:
  connectors:
    umapi: connector-umapi.yml
directory_users:
  connectors:
    oneroster: connector-oneroster.yml
";

const SOURCE: &str = "\
connection:
  platform: clever
  host: https://api.clever.com/v2.1/
";

const UMAPI: &str = "\
enterprise:
  org_id: 1234567890ABCDEF12345678@AdobeOrg
";

fn checked(
    root: impl AsRef<[u8]>,
    source: impl AsRef<[u8]>,
    umapi: impl AsRef<[u8]>,
) -> Result<Config, Problems> {
    checked_beside(root, source, umapi, &[])
}

/// With further files.
fn checked_beside(
    root: impl AsRef<[u8]>,
    source: impl AsRef<[u8]>,
    umapi: impl AsRef<[u8]>,
    further: &[(&str, &str)],
) -> Result<Config, Problems> {
    let further = further.iter();
    let further = further.map(|(name, text)| (*name, text.as_bytes()));
    let files: Files = [
        (ROOT_NAME, root.as_ref()),
        (SOURCE_NAME, source.as_ref()),
        (UMAPI_NAME, umapi.as_ref()),
    ]
    .into_iter()
    .chain(further)
    .map(|(name, bytes)| (name.to_owned(), Bytes::copy_from_slice(bytes)))
    .collect();
    check(ROOT_NAME, &files, "roster-sync")
}

/// A root file with more below `directory_users`.
fn root_with(below_directory_users: &str) -> String {
    format!("{ROOT}{below_directory_users}")
}

/// What is wrong with a root file beside two good connector files.
fn root_problems(root: &str) -> String {
    checked(root, SOURCE, UMAPI).unwrap_err().to_string()
}

fn source_problems(source: &str) -> String {
    checked(ROOT, source, UMAPI).unwrap_err().to_string()
}

fn umapi_problems(umapi: &str) -> String {
    checked(ROOT, SOURCE, umapi).unwrap_err().to_string()
}
