//! The configuration files and the list of Adobe-only people, from the bucket.

use super::execute::chunk;
use super::record::RunRecord;
use super::{Connect, Error};
use crate::config::{self, Config, Files, Problem, Problems, user_list};
use crate::model::id::UserKey;
use crate::report::Answered;
use crate::store::Documents;

/// Fetches the root file and those that it names, and checks them all.
///
/// # Errors
/// [`Error::ConfigMissing`], [`Error::Config`] with every problem of all files, the store's.
pub(super) async fn config<C: Connect>(world: &C) -> Result<Config, Error> {
    let root = &world.settings().config.file;
    let folder = world.config();
    let mut files = Files::new();
    let Some(bytes) = folder.get(root).await.map_err(Error::Store)? else {
        return Err(Error::ConfigMissing(format!("{}{root}", folder.location())));
    };
    let mut named = config::named_files(root, &bytes);
    files.insert(root.clone(), bytes);
    // A connector file may name further ones.
    while let Some(name) = named.pop() {
        if files.contains_key(&name) {
            continue;
        }
        if let Some(bytes) = folder.get(&name).await.map_err(Error::Store)? {
            named.extend(config::named_files(&name, &bytes));
            files.insert(name, bytes);
        }
    }
    config::check(root, &files, &world.settings().secrets_prefix).map_err(Error::Config)
}

/// Fetches the file that `adobe_only_user_list` names and reads it.
///
/// # Errors
/// [`Error::Config`] where the file is not there, or with every row that cannot be used; the store's.
pub(super) async fn user_list<C: Connect>(world: &C, name: &str) -> Result<Vec<UserKey>, Error> {
    let Some(bytes) = world.config().get(name).await.map_err(Error::Store)? else {
        let root = &world.settings().config.file;
        return Err(Error::Config(Problems(vec![Problem {
            file: name.to_owned(),
            at: None,
            message: format!(
                "adobe_only_user_list names this file, and it is not beside {root}. Upload it there, or correct the name"
            ),
        }])));
    };
    user_list::parse(name, &bytes).map_err(Error::Config)
}

/// What earlier events of the pass sent and Adobe answered, by their journals.
///
/// # Errors
/// The store's.
pub(super) async fn answered<C: Connect>(world: &C, record: &RunRecord) -> Result<Answered, Error> {
    let mut answered = Answered::default();
    for slice in 1..record.slice {
        let journal = record.journal(slice);
        for number in 0.. {
            let key = chunk(&journal, number);
            let Some(bytes) = world.data().get(&key).await.map_err(Error::Store)? else {
                break;
            };
            answered.add(&String::from_utf8_lossy(&bytes));
        }
    }
    Ok(answered)
}
