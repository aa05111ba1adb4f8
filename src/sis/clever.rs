//! Clever's Data API v2.1.
