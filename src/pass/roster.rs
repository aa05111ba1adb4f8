//! The roster of a pass: of the one source, or of all scoped sources together.

use jiff::civil::Date;

use super::{Connect, Error, Interruption};
use crate::config::options::Options;
use crate::config::{Config, ScopedSource};
use crate::http::Invocation;
use crate::model::roster::Roster;
use crate::reconcile::desired::{needs, scoped_needs, united};
use crate::sis::{self, RosterSource};

/// What it takes to read it.
pub(super) struct Reading<'a, C> {
    pub(super) world: &'a C,
    pub(super) config: &'a Config,
    pub(super) options: &'a Options,
    /// The day of the pass.
    pub(super) today: Date,
    pub(super) invocation: &'a Invocation,
}

impl<C: Connect> Reading<'_, C> {
    /// Reads all there is, one source after another. One that cannot be read fails the pass: without it, its people
    /// would look gone.
    pub(super) async fn roster(
        &self,
        sources: Vec<(Option<&ScopedSource>, sis::Credentials)>,
    ) -> Result<Roster, Interruption> {
        let mut rosters = Vec::new();
        for (scoped, credentials) in sources {
            let roster = self.one(scoped, credentials).await;
            let roster = roster.map_err(|error| interruption(error, scoped))?;
            match scoped {
                None => return Ok(roster),
                Some(scoped) => rosters.push((scoped, roster)),
            }
        }
        united(rosters).map_err(|error| interruption(sis::Error::Incomplete(error), None))
    }

    async fn one(
        &self,
        scoped: Option<&ScopedSource>,
        credentials: sis::Credentials,
    ) -> Result<Roster, sis::Error> {
        let Self {
            world,
            config,
            options,
            today,
            invocation,
        } = self;
        let own = scoped.map(|scoped| config.source.of(scoped));
        let source = own.as_ref().unwrap_or(&config.source);
        let needs = match scoped {
            Some(scoped) => scoped_needs(scoped, config),
            None => needs(config, options, *today),
        };
        let source = world.source(source, credentials, invocation);
        source.read(&needs).await
    }
}

fn interruption(error: sis::Error, scoped: Option<&ScopedSource>) -> Interruption {
    match (error, scoped) {
        (sis::Error::OutOfTime { wait }, _) => Interruption::OutOfTime(wait),
        (source, None) => Interruption::Failed(Error::Roster(source)),
        (source, Some(scoped)) => Interruption::Failed(Error::ScopedRoster {
            product: scoped.product.clone(),
            source,
        }),
    }
}
