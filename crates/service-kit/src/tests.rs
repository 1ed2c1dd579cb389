//! The kit beside an identity provider of its own.
