//! roster-sync keeps an Adobe Admin Console in step with a school roster.
//!
//! # A pass
//!
//! Gather, decide, check, execute, report: five stages with a type at each arrow.
//!
//! ```text
//! event ──► handler ──► pass ──► config                     every problem at once, or stop
//!                         ├────► sis      ──► Roster         whole or failed, never half
//!                         ├────► umapi    ──► Directory
//!                         ├────► reconcile: desired ─► plan ─► check ─► pack     pure
//!                         ├────► store    ◄── the plan, before anything is changed
//!                         ├────► umapi    ◄── batches; their outcomes go to the journal
//!                         └────► report ──► store            summary, changes, what is held
//! ```
//!
//! Nothing decides while fetching; nothing fetches while deciding. [`reconcile`], [`model`], [`config`] and [`report`]
//! are synchronous, deterministic and total: no I/O, no clock, no environment.
//!
//! # Slices
//!
//! A pass may be longer than an invocation. [`pass`] does one *slice* of it and leaves in the bucket what the next one
//! needs; whoever calls the slices (a state machine, a schedule, a person) holds no state.
//!
//! ```text
//! state/lease.json            who works on which pass until when            conditional writes
//! runs/<id>/run.json          how far the pass is                           conditional writes
//! slices/<id>/replies/…       what was read so far: the next slice replays it, by URL
//! slices/<id>/plan-….json.gz  the plan, from its first action on; nothing is read or planned again
//! runs/<id>/journal/…         what became of each action: what is not in it is sent again
//! ```
//!
//! # Who may import whom
//!
//! `model <- config <- reconcile <- {report, sis, umapi, store} <- pass <- wiring <- handler <- main`. [`http`] knows
//! no vendor and imports nothing of ours but [`clock`]; `sis`, `umapi`, `store` and `report` never import each other.
//! A test (`tidy`) reads the source and holds the crate to this.
//!
//! # Invariants
//!
//! * A [`model::roster::Roster`] exists only after it was shown to be whole.
//! * Only groups that the mapping names are ever taken from anybody, unless an option asks for all groups.
//! * A guard holds removals, and one holds new accounts; none holds what existing people get.
//! * What a date of the roster ended is held by nothing but an unread roster.
//! * An approval lets through what one hold lists and today's plan has, once.
//! * Every action that is sent can be sent twice.
//! * The plan is in the bucket before the first action is sent, the summary before the response is given.
//! * One invocation works at a time. Whoever has lost its pass to another one sends nothing and writes no summary.
//! * A plan is sent as long as it is young, its configuration files are the same, and no other pass has worked since.
//! * No log line and no error text carries the name, address or id of a person, a secret, or a response body.

pub mod clock;
pub mod config;
pub mod event;
pub mod handler;
pub mod http;
pub mod model;
pub mod pass;
pub mod reconcile;
pub mod report;
pub mod settings;
pub mod sis;
pub mod store;
pub mod telemetry;
pub mod umapi;
pub mod wiring;
