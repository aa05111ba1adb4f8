//! An object with one writer at a time: the lease, a run record, what passes remember.

use bytes::Bytes;
use serde::Serialize;

use super::error::Error;
use crate::store::{self, Documents, Expected};

/// What lies under a key, as far as we know.
#[derive(Debug, Clone)]
pub(super) struct Conditional {
    key: String,
    expected: Expected,
    /// What we wrote last, where nobody told whether it arrived.
    in_doubt: Option<Bytes>,
}

impl Conditional {
    /// An object that is not there.
    pub(super) fn absent(key: String) -> Self {
        Self {
            key,
            expected: Expected::Nothing,
            in_doubt: None,
        }
    }

    /// Reads the object.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn load(
        data: &impl Documents,
        key: String,
    ) -> Result<(Self, Option<Bytes>), Error> {
        let mut object = Self::absent(key);
        let found = data.get_version(&object.key).await.map_err(Error::Store)?;
        let body = found.map(|(body, version)| {
            object.expected = Expected::Version(version);
            body
        });
        Ok((object, body))
    }

    /// Writes JSON where nobody else has written since.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] where somebody has; the store's.
    pub(super) async fn save(
        &mut self,
        data: &impl Documents,
        value: &impl Serialize,
    ) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(value);
        let body = Bytes::from(text.map_err(|cause| Error::Internal(cause.to_string()))?);
        self.put(data, "application/json", body).await
    }

    /// The same of any bytes.
    ///
    /// # Errors
    /// As [`Self::save`].
    pub(super) async fn put(
        &mut self,
        data: &impl Documents,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<(), Error> {
        self.settle(data).await?;
        let written = data
            .put_if(&self.key, content_type, body.clone(), &self.expected)
            .await;
        match written {
            Ok(version) => {
                self.expected = Expected::Version(version);
                Ok(())
            }
            Err(store::Error::Changed { .. }) => Err(Error::LeaseLost),
            Err(error) => {
                self.in_doubt = Some(body);
                Err(Error::Store(error))
            }
        }
    }

    /// Finds out whether the last write arrived.
    async fn settle(&mut self, data: &impl Documents) -> Result<(), Error> {
        let Some(written) = self.in_doubt.clone() else {
            return Ok(());
        };
        let found = data.get_version(&self.key).await.map_err(Error::Store)?;
        if let Some((body, version)) = found
            && body == written
        {
            self.expected = Expected::Version(version);
        }
        self.in_doubt = None;
        Ok(())
    }
}
