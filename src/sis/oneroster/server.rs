//! A OneRoster server: single requests, and how they are let in.

use std::cell::Cell;
use std::collections::BTreeSet;

use reqwest::header::AUTHORIZATION;
use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;

use super::advice;
use super::paging::Total;
use super::wire::{self, NoPage, Page, Wrapper};
use crate::clock::Clock;
use crate::http::oauth1::{Signer, encode};
use crate::http::{Http, Reply};
use crate::model::id::RosterId;
use crate::sis::Error;
use crate::sis::ask::{Advice, Ask, with_query};
use crate::sis::fields::{Fields, Unusable};

/// How requests are let in.
#[derive(Debug)]
pub(super) enum Access {
    /// OAuth 1.0a: each attempt is signed.
    Signed(Signer),
    /// `ClassLink`'s proxy for partners, and others with a token.
    Token(SecretString),
}

impl Access {
    fn authorize(&self, request: RequestBuilder, url: &Url, clock: &Clock) -> RequestBuilder {
        match self {
            Self::Signed(signer) => {
                let header = signer.authorization("GET", url, clock.now());
                request.header(AUTHORIZATION, header)
            }
            Self::Token(token) => request.bearer_auth(token.expose_secret().trim()),
        }
    }

    fn advice(&self) -> Advice {
        match self {
            Self::Signed(_) => advice::signed,
            Self::Token(_) => advice::with_token,
        }
    }
}

/// A list of the server, or one record of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Endpoint {
    /// How counters, logs and errors call it.
    pub(super) name: &'static str,
    /// What the records of a reply stand under.
    pub(super) wrapper: Wrapper,
}

/// Where a list is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) endpoint: Endpoint,
    /// Below the base address, its ids escaped.
    pub(super) path: String,
    /// Below a class or a school, of which no answer at all means that it is not there.
    pub(super) nested: bool,
}

impl Place {
    /// A whole collection.
    pub(super) fn collection(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            path: endpoint.wrapper.path.to_owned(),
            nested: false,
        }
    }
}

/// What a decoder makes of a record: nothing where nobody needs it.
pub(super) type Decoded<T> = Result<Option<T>, Unusable>;

/// A page, its records read.
#[derive(Debug)]
pub(super) struct Rows<T> {
    /// Each with its id, where it has one.
    pub(super) records: Vec<(Option<RosterId>, Decoded<T>)>,
    /// The names of all fields.
    pub(super) names: BTreeSet<String>,
    /// The number of records on all pages, as far as the server says.
    pub(super) total: Option<Total>,
}

/// The server of one source.
#[derive(Debug)]
pub(super) struct Server<'a> {
    pub(super) http: &'a Http,
    /// Base URL; its path ends in `/` and stays as it is written.
    pub(super) host: &'a Url,
    /// Rows per page.
    pub(super) limit: usize,
    pub(super) access: &'a Access,
    /// The secret that holds the credentials, where the configuration names one.
    pub(super) secret: Option<&'a str>,
    /// The server does not take `sort`.
    pub(super) unsorted: Cell<bool>,
    /// A page had fewer rows than the total that it told: totals are not those of single pages.
    pub(super) totals_are_whole: Cell<bool>,
}

impl Server<'_> {
    /// A request to an endpoint, as far as messages about it go.
    pub(super) fn ask(&self, endpoint: Endpoint, page: usize) -> Ask<'_> {
        Ask {
            endpoint: endpoint.name,
            page,
            advice: self.access.advice(),
            secret: self.secret,
            kept: true,
        }
    }

    /// One page of a list.
    pub(super) async fn page<T>(
        &self,
        place: &Place,
        number: usize,
        query: &[(&str, &str)],
        decode: impl Fn(RosterId, &Fields<'_>) -> Decoded<T>,
    ) -> Result<Rows<T>, Error> {
        let ask = self.ask(place.endpoint, number);
        let wrapper = place.endpoint.wrapper;
        let may_be_absent = place.nested && number == 1;
        let read = |reply: &Reply| match Page::of(reply, wrapper)? {
            Some(page) => Ok(Some(self.rows(&page, &decode))),
            None if may_be_absent => Ok(None),
            None => Err(NoPage::NoList),
        };
        let page = self.get(ask, &place.path, query, read).await?;
        page.ok_or_else(|| ask.refused(404))
    }

    /// One record; `None` where the server has none of that kind, or does not show it.
    pub(super) async fn single<T>(
        &self,
        endpoint: Endpoint,
        id: &RosterId,
        decode: impl Fn(RosterId, &Fields<'_>) -> Decoded<T>,
    ) -> Result<Option<T>, Error> {
        let Some(segment) = segment(id) else {
            return Ok(None);
        };
        let path = format!("{}/{segment}", endpoint.wrapper.path);
        let read = |reply: &Reply| {
            let item = wire::single(reply, endpoint.wrapper)?;
            let row = item.map(|item| row(item, None, &decode));
            // Somebody else's record is no answer.
            Ok(row
                .filter(|(found, _)| found.as_ref() == Some(id))
                .and_then(|(_, record)| record.ok().flatten()))
        };
        match self.get(self.ask(endpoint, 1), &path, &[], read).await {
            Err(Error::Refused {
                status: 403 | 404, ..
            }) => Ok(None),
            found => found,
        }
    }

    fn rows<T>(
        &self,
        page: &Page<'_>,
        decode: impl Fn(RosterId, &Fields<'_>) -> Decoded<T>,
    ) -> Rows<T> {
        let mut names = BTreeSet::new();
        let records = page
            .items
            .iter()
            .map(|item| row(item, Some(&mut names), &decode))
            .collect();
        if page.total.is_some_and(|total| total > page.items.len()) {
            self.totals_are_whole.set(true);
        }
        let total = page.total.map(|rows| Total {
            rows,
            is_whole: page.counts_apart || self.totals_are_whole.get(),
        });
        Rows {
            records,
            names,
            total,
        }
    }

    async fn get<T>(
        &self,
        ask: Ask<'_>,
        path: &str,
        query: &[(&str, &str)],
        read: impl Fn(&Reply) -> Result<T, NoPage>,
    ) -> Result<T, Error> {
        let authorize = |request: RequestBuilder, url: &Url| {
            self.access.authorize(request, url, self.http.clock())
        };
        ask.get(self.http, self.url(path, query), authorize, read)
            .await
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.host.clone();
        url.set_path(&format!("{}{path}", self.host.path()));
        with_query(url, query)
    }

    /// The next invocation of the pass does not ask for this page either: it is too much for the server.
    pub(super) fn keep_failure(
        &self,
        place: &Place,
        number: usize,
        query: &[(&str, &str)],
        status: u16,
    ) {
        let url = self.url(&place.path, query);
        self.ask(place.endpoint, number)
            .keep_failure(self.http, &url, status);
    }
}

/// An id as one part of a path; `None` where an address cannot carry it (`.` and `..` lead elsewhere).
pub(super) fn segment(id: &RosterId) -> Option<String> {
    let id = id.as_str();
    (!id.is_empty() && id != "." && id != "..").then(|| encode(id))
}

fn row<T>(
    item: &RawValue,
    names: Option<&mut BTreeSet<String>>,
    decode: impl Fn(RosterId, &Fields<'_>) -> Decoded<T>,
) -> (Option<RosterId>, Decoded<T>) {
    let fields = match Fields::of(item) {
        Ok(fields) => fields,
        Err(unusable) => return (None, Err(unusable)),
    };
    if let Some(names) = names {
        for name in fields.names() {
            if !names.contains(name) {
                names.insert(name.to_owned());
            }
        }
    }
    match wire::id(&fields).map(RosterId::new) {
        Ok(id) => (Some(id.clone()), decode(id, &fields)),
        Err(unusable) => (None, Err(unusable)),
    }
}
