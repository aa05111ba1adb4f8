//! The configuration files, from the bucket.

use super::{Connect, Error};
use crate::config::{self, Config, Files};
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
    let named = config::named_files(root, &bytes);
    files.insert(root.clone(), bytes);
    for name in named {
        if let Some(bytes) = folder.get(&name).await.map_err(Error::Store)? {
            files.insert(name, bytes);
        }
    }
    config::check(root, &files, &world.settings().secrets_prefix).map_err(Error::Config)
}
