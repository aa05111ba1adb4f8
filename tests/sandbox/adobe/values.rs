//! Texts: percent-encoding, and what Adobe takes as an address or a country.

use std::collections::BTreeMap;

/// The longest e-mail address.
const LONGEST_EMAIL: usize = 60;
/// Not allowed in an address.
const ODD: &str = "<>(),;:\"[]\\";
/// ISO 3166-1, two letters each.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA \
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA \
    GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS \
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS \
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW \
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Without letter case and surrounding blanks: how names and addresses are compared.
pub(super) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The bytes behind `%` escapes; text that is not UTF-8 is replaced.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| {
            let hex = std::str::from_utf8(hex).ok()?;
            u8::from_str_radix(hex, 16).ok()
        });
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            tail.get(2..).unwrap_or_default()
        } else {
            tail
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A query or a form. Of a name that comes twice the last value counts.
pub(super) fn form(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |text: &str| decode(&text.replace('+', " "));
            (plain(name), plain(value))
        })
        .collect()
}

/// A flag in a query, in any letter case; `None` where it is not one.
pub(super) fn flag(text: Option<&String>, absent: bool) -> Option<bool> {
    let Some(text) = text else {
        return Some(absent);
    };
    text.to_lowercase().parse().ok()
}

/// Whether Adobe can take this as an address.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let labels = || domain.split('.');
    let odd = |c: char| c.is_whitespace() || c.is_control() || ODD.contains(c);
    !local.is_empty()
        && !domain.contains('@')
        && labels().count() > 1
        && labels().all(|label| !label.is_empty())
        && text.chars().count() <= LONGEST_EMAIL
        && !text.contains(odd)
}

/// What follows the `@`.
pub(super) fn domain_of(email: &str) -> &str {
    email.rsplit('@').next().unwrap_or_default()
}

/// Whether it is the code of a country.
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && COUNTRIES.split(' ').any(|country| country == text)
}
