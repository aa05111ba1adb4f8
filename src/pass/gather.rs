//! The configuration files and the list of Adobe-only people, from the bucket.

use super::{Connect, Error};
use crate::config::{self, Config, Files, Problem, Problems, user_list};
use crate::model::id::UserKey;
use crate::report::sha256;
use crate::store::Documents;

/// Fetches the root file and those that it names, and checks them all. The hash tells whether they are the same as
/// before.
///
/// # Errors
/// [`Error::ConfigMissing`], [`Error::Config`] with every problem of all files, the store's.
pub(super) async fn config<C: Connect>(world: &C) -> Result<(Config, String), Error> {
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
    let config = config::check(root, &files, &world.settings().secrets_prefix);
    config
        .map_err(Error::Config)
        .map(|config| (config, hash(&files)))
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

/// Over names and contents, each with its length before it.
fn hash(files: &Files) -> String {
    let mut all = Vec::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            all.extend_from_slice(&part.len().to_be_bytes());
            all.extend_from_slice(part);
        }
    }
    sha256(&all)
}
