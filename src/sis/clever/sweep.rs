//! One collection, page by page, whole or not at all.

use std::collections::BTreeSet;

use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;

use super::advice;
use super::paging::{Paging, Step};
use super::wire::{self, Next, NoPage, Page};
use crate::http::{Http, Reply};
use crate::model::id::RosterId;
use crate::model::roster::SkippedRecord;
use crate::sis::Error;
use crate::sis::ask::{Ask, with_query};
use crate::sis::fields::{Fields, Unusable};

/// A collection of the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoint {
    /// How counters, logs and errors call it.
    pub(super) name: &'static str,
    /// Its path below the host, which is its name at Clever, too.
    pub(super) path: &'static str,
    /// Whether the names of its objects' fields are kept, for advice on a name that is misspelt.
    pub(super) names: bool,
}

/// Everything that a collection holds.
#[derive(Debug)]
pub(super) struct Swept<T> {
    /// In ascending order of ids, as Clever pages.
    pub(super) records: Vec<T>,
    /// What could not be used.
    pub(super) skipped: Vec<SkippedRecord>,
    /// Every field's name that at least one object carries, where the endpoint keeps them.
    pub(super) names: BTreeSet<String>,
}

/// Nothing: what a collection that is not needed holds.
impl<T> Default for Swept<T> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            skipped: Vec::new(),
            names: BTreeSet::new(),
        }
    }
}

/// Reads collections of one district.
#[derive(Debug)]
pub(super) struct Sweeper<'a> {
    pub(super) http: &'a Http,
    /// Base URL; its path ends in `/`.
    pub(super) host: &'a Url,
    /// Rows per page.
    pub(super) limit: u32,
    /// The district's access token.
    pub(super) bearer: SecretString,
    /// The secret that holds the credentials, where the configuration names one.
    pub(super) secret: Option<&'a str>,
}

/// A page, its records read.
struct Rows<T> {
    records: Vec<Row<T>>,
    names: BTreeSet<String>,
    next: Next,
}

struct Row<T> {
    id: Option<RosterId>,
    record: Result<T, Unusable>,
}

impl Sweeper<'_> {
    /// Reads a collection to its end. A record that `decode` cannot use is skipped; a page that cannot be read, or
    /// does not fit the pages before it, fails the whole.
    pub(super) async fn sweep<T>(
        &self,
        endpoint: Endpoint,
        decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
    ) -> Result<Swept<T>, Error> {
        let mut swept = Swept::default();
        let mut paging = Paging::new(self.limit);
        self.go_on(endpoint, &mut paging, &mut swept, &decode)
            .await?;
        swept.log(endpoint);
        Ok(swept)
    }

    /// The same of a collection that a district need not share: nothing where it does not. What it shows the beginning of,
    /// it has to show to the end.
    pub(super) async fn sweep_optional<T>(
        &self,
        endpoint: Endpoint,
        decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
    ) -> Result<Swept<T>, Error> {
        let mut swept = Swept::default();
        let mut paging = Paging::new(self.limit);
        match self.go_on(endpoint, &mut paging, &mut swept, &decode).await {
            Err(Error::Refused {
                status: 403 | 404 | 501,
                ..
            }) if paging.number() == 1 => return Ok(swept),
            read => read?,
        }
        swept.log(endpoint);
        Ok(swept)
    }

    async fn go_on<T>(
        &self,
        endpoint: Endpoint,
        paging: &mut Paging,
        swept: &mut Swept<T>,
        decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
    ) -> Result<(), Error> {
        let limit = self.limit.to_string();
        loop {
            let mut query = vec![("limit", limit.as_str())];
            query.extend(
                paging
                    .cursor()
                    .map(|last| ("starting_after", last.as_str())),
            );
            let ask = self.ask(endpoint, paging.number());
            let page = self.page(ask, endpoint, &query, &decode).await?;
            let ids = page.records.iter().map(|row| row.id.as_ref());
            let step = paging
                .page(ids, page.next)
                .map_err(|broken| ask.bad_page(broken.to_string()))?;
            swept.add(endpoint, page);
            if step == Step::End {
                return Ok(());
            }
        }
    }

    /// Reads a collection that is too small to have pages.
    pub(super) async fn list<T>(
        &self,
        endpoint: Endpoint,
        decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
    ) -> Result<Swept<T>, Error> {
        let page = self
            .page(self.ask(endpoint, 1), endpoint, &[], &decode)
            .await?;
        let mut swept = Swept::default();
        swept.add(endpoint, page);
        swept.log(endpoint);
        Ok(swept)
    }

    async fn page<T>(
        &self,
        ask: Ask<'_>,
        endpoint: Endpoint,
        query: &[(&str, &str)],
        decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
    ) -> Result<Rows<T>, Error> {
        let url = self.host.join(endpoint.path).map_err(|_unusable| {
            Error::Configuration("'host' in connector-oneroster.yml is no base URL".to_owned())
        })?;
        let url = with_query(url, query);
        let authorize = |request: RequestBuilder, _url: &Url| {
            request.bearer_auth(self.bearer.expose_secret().trim())
        };
        ask.get(self.http, url, authorize, |reply| {
            rows(reply, endpoint, &decode)
        })
        .await
    }

    fn ask(&self, endpoint: Endpoint, page: usize) -> Ask<'_> {
        Ask {
            endpoint: endpoint.name,
            page,
            advice: advice::of_data,
            secret: self.secret,
            kept: true,
        }
    }
}

impl<T> Swept<T> {
    /// Whether there was no record at all, readable or not.
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.skipped.is_empty()
    }

    fn log(&self, endpoint: Endpoint) {
        tracing::info!(
            endpoint = endpoint.name,
            records = self.records.len(),
            skipped = self.skipped.len(),
            "collection read"
        );
    }

    fn add(&mut self, endpoint: Endpoint, page: Rows<T>) {
        self.names.extend(page.names);
        for Row { id, record } in page.records {
            match record {
                Ok(record) => self.records.push(record),
                Err(unusable) => self.skipped.push(SkippedRecord {
                    collection: endpoint.path,
                    id,
                    reason: unusable.to_string(),
                }),
            }
        }
    }
}

fn rows<T>(
    reply: &Reply,
    endpoint: Endpoint,
    decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
) -> Result<Rows<T>, NoPage> {
    let page = Page::of(reply)?;
    let mut names = BTreeSet::new();
    let records = page
        .items
        .iter()
        .map(|item| row(item, endpoint.names.then_some(&mut names), &decode))
        .collect();
    Ok(Rows {
        records,
        names,
        next: page.next,
    })
}

fn row<T>(
    item: &RawValue,
    names: Option<&mut BTreeSet<String>>,
    decode: impl Fn(RosterId, &Fields<'_>) -> Result<T, Unusable>,
) -> Row<T> {
    let fields = match wire::record(item) {
        Ok(fields) => fields,
        Err(unusable) => {
            return Row {
                id: None,
                record: Err(unusable),
            };
        }
    };
    if let Some(names) = names {
        for name in fields.names() {
            if !names.contains(name) {
                names.insert(name.to_owned());
            }
        }
    }
    let id = fields.text("id").and_then(|id| id.ok_or(Unusable::NoId));
    match id.map(RosterId::new) {
        Ok(id) => Row {
            record: decode(id.clone(), &fields),
            id: Some(id),
        },
        Err(unusable) => Row {
            id: None,
            record: Err(unusable),
        },
    }
}
