//! The only module that names every concrete client.

use crate::clock::Clock;
use crate::config::{self, Platform};
use crate::http::{Hosts, Http, Invocation, Transport};
use crate::model::roster::{Needs, Roster};
use crate::pass::Connect;
use crate::settings::Settings;
use crate::sis::RosterSource;
use crate::sis::clever::Clever;
use crate::sis::oneroster::OneRoster;
use crate::store::{Documents, Secrets};
use crate::{http, sis, umapi};

/// Everything a pass is connected to, built once per process.
#[derive(Debug)]
pub struct Wiring<D, S> {
    config: D,
    data: D,
    secrets: S,
    settings: Settings,
    clock: Clock,
    transport: Transport,
}

/// The roster source of any platform.
#[derive(Debug)]
pub enum Source {
    /// Clever's own API.
    Clever(Clever),
    /// `ClassLink`'s OneRoster.
    OneRoster(OneRoster),
}

impl RosterSource for Source {
    async fn read(&self, needs: &Needs) -> Result<Roster, sis::Error> {
        match self {
            Self::Clever(clever) => clever.read(needs).await,
            Self::OneRoster(oneroster) => oneroster.read(needs).await,
        }
    }
}

impl<D: Documents, S: Secrets> Wiring<D, S> {
    /// `config` is the folder of the root file, `data` the one that `DATA_URI` names.
    ///
    /// # Errors
    /// Where no HTTP client can be set up.
    pub fn new(
        config: D,
        data: D,
        secrets: S,
        settings: Settings,
        clock: Clock,
        hosts: Hosts,
    ) -> Result<Self, http::Error> {
        Ok(Self {
            config,
            data,
            secrets,
            settings,
            clock,
            transport: Transport::new(hosts)?,
        })
    }
}

impl<D: Documents, S: Secrets> Connect for Wiring<D, S> {
    type Documents = D;
    type Secrets = S;
    type Source = Source;
    type Adobe = umapi::Client;

    fn config(&self) -> &D {
        &self.config
    }

    fn data(&self) -> &D {
        &self.data
    }

    fn secrets(&self) -> &S {
        &self.secrets
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn source(
        &self,
        config: &config::Source,
        credentials: sis::Credentials,
        invocation: &Invocation,
    ) -> Source {
        let http = self.http(invocation);
        match config.platform {
            Platform::Clever => Source::Clever(Clever::new(http, config, credentials)),
            Platform::ClassLink => Source::OneRoster(OneRoster::new(http, config, credentials)),
        }
    }

    fn adobe(
        &self,
        config: &config::Umapi,
        credentials: umapi::Credentials,
        invocation: &Invocation,
        began: bool,
    ) -> umapi::Client {
        umapi::Client::new(self.http(invocation), config, credentials, began)
    }
}

impl<D, S> Wiring<D, S> {
    fn http(&self, invocation: &Invocation) -> Http {
        Http::new(
            self.transport.clone(),
            self.clock.clone(),
            invocation.clone(),
        )
    }
}
