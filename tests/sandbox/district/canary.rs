//! What a roster tells and roster-sync must never keep or repeat. Every record of a pupil or teacher carries these, so
//! that a test can look for them in logs and in the bucket.

/// `dob` of pupils.
pub const BIRTHDAY: &str = "12/31/1899";
/// `credentials.district_password` of everybody.
pub const PASSWORD: &str = "canary-password-b81d";
/// `location.address` of pupils.
pub const ADDRESS: &str = "1 Canary Lane";
/// The name of a pupil's guardian, among `contacts`.
pub const GUARDIAN: &str = "Canary Guardian";
/// The guardian's telephone number.
pub const PHONE: &str = "(555) 010-9876";
/// The guardian's e-mail address.
pub const GUARDIAN_EMAIL: &str = "canary.guardian@home.example";

/// All of them.
pub const ALL: [&str; 6] = [BIRTHDAY, PASSWORD, ADDRESS, GUARDIAN, PHONE, GUARDIAN_EMAIL];
