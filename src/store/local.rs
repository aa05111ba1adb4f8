//! The same over a folder and a map, for trying things without AWS.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use secrecy::SecretString;

use super::{Documents, Error, Location, SecretError, Secrets};

/// Objects as files below a folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    location: Location,
}

impl Folder {
    /// The folder need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let location = Location {
            bucket: root.display().to_string(),
            prefix: String::new(),
        };
        Self { root, location }
    }

    fn failed(&self, operation: &'static str, key: &str, cause: io::Error) -> Error {
        Error::Unavailable {
            operation,
            object: format!("{}/{key}", self.root.display()),
            cause: Box::new(cause),
        }
    }
}

impl Documents for Folder {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        match std::fs::read(self.root.join(key)) {
            Ok(bytes) => Ok(Some(Bytes::from(bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed("reading", key, error)),
        }
    }

    async fn put(&self, key: &str, _: &'static str, body: Bytes) -> Result<(), Error> {
        let path = self.root.join(key);
        let written = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(path.with_added_extension("new"), &body))
            .and_then(|()| std::fs::rename(path.with_added_extension("new"), &path));
        written.map_err(|cause| self.failed("writing", key, cause))
    }

    fn location(&self) -> &Location {
        &self.location
    }
}

/// Secrets in memory, by name.
#[derive(Debug, Clone, Default)]
pub struct SecretMap(pub BTreeMap<String, SecretString>);

impl Secrets for SecretMap {
    async fn get(&self, name: &str) -> Result<SecretString, SecretError> {
        self.0
            .get(name)
            .cloned()
            .ok_or_else(|| SecretError::Missing {
                name: name.to_owned(),
            })
    }
}
