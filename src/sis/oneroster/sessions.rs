//! Terms, semesters and school years, as far as the server shows any.

use super::endpoints::{SESSIONS, TERMS};
use super::gather::unless_refused;
use super::list::{List, Listed};
use super::record;
use super::server::{Place, Server};
use crate::model::id::RosterId;
use crate::model::roster::Term;
use crate::sis::Error;
use crate::sis::dates::Doubts;
use crate::sis::fields::Fields;

/// What is said where classes name terms and the server shows none.
pub(super) const NO_TERMS: &str = "The roster server shows no academic sessions, so the dates of terms are not known: classes count in term and out of term. Share academic sessions with the application if the server has them.";

/// All academic sessions, or, where the server does not show those, all terms. None where it shows neither: classes do
/// without.
pub(super) async fn terms(server: &Server<'_>, dates: &Doubts) -> Result<Listed<Term>, Error> {
    for endpoint in [SESSIONS, TERMS] {
        let decode = |id: RosterId, fields: &Fields<'_>| record::term(id, dates, fields).map(Some);
        let mut list = List::new(server, Place::collection(endpoint), decode);
        if unless_refused(list.step().await)?.is_none() {
            continue;
        }
        let listed = list.whole().await?;
        if !listed.is_empty() {
            return Ok(listed);
        }
    }
    Ok(Listed::default())
}
