//! What student information systems have in common for whoever sets up a world.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::clever::Clever;
use super::district::District;
use super::oneroster::{self, OneRoster};
use super::server::Server;

/// Where a world's roster comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Platform {
    /// Clever v2.1.
    #[default]
    Clever,
    /// ClassLink: OneRoster 1.1.
    ClassLink,
}

impl Platform {
    /// What of the district counts on that day. Clever knows terms, and neither a status nor dates of enrollments.
    pub fn in_force(self, district: &District, day: Date) -> District {
        match self {
            Self::Clever => district.in_force_at_clever(day),
            Self::ClassLink => district.in_force(day),
        }
    }
}

/// A simulated student information system.
pub trait Sis {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Where it runs: `http://127.0.0.1:port`.
    fn url(&self) -> String;
    /// Where faults are ordered and requests are looked up.
    fn server(&self) -> &Server;
    /// The district as it is now.
    fn district(&self) -> District;
    /// The hosts of the example configuration that lead to it.
    fn hosts(&self) -> &'static [&'static str];
    /// What the roster's secret holds.
    fn secret(&self) -> Value;
    /// Another district shares its data; returns what its secret holds.
    fn share(&self, district: District) -> Value;
}

impl Sis for Clever {
    fn name(&self) -> &'static str {
        "Clever"
    }

    fn url(&self) -> String {
        self.url()
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn district(&self) -> District {
        self.district()
    }

    fn hosts(&self) -> &'static [&'static str] {
        &["api.clever.com", "clever.com"]
    }

    fn secret(&self) -> Value {
        json!({"access_token": self.token()})
    }

    fn share(&self, district: District) -> Value {
        json!({"access_token": self.share(district)})
    }
}

impl Sis for OneRoster {
    fn name(&self) -> &'static str {
        "ClassLink"
    }

    fn url(&self) -> String {
        self.url()
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn district(&self) -> District {
        self.district()
    }

    fn hosts(&self) -> &'static [&'static str] {
        &[oneroster::HOST]
    }

    fn secret(&self) -> Value {
        json!({"client_id": oneroster::CLIENT_ID, "client_secret": oneroster::CLIENT_SECRET})
    }

    fn share(&self, district: District) -> Value {
        let [client_id, client_secret] = self.share(district);
        json!({"client_id": client_id, "client_secret": client_secret})
    }
}
