//! Ügyfélkapu: the account's own pages. Signing in there, enrolling, and everything that changes
//! a password or a factor.

mod activation;
mod connect;
mod contact;
mod enrol;
mod factor;
mod links;
mod lost;
mod not_me;
mod password;
mod proof;
mod services;
mod sign_in;

pub use activation::Activated;
pub use connect::{Confirmation, Connect, PasswordGiven};
pub use contact::{CodeMailed, ContactAnswer};
pub use enrol::{Before, DeletionCodeView, EnrolmentView, Finished};
pub use factor::{FactorChange, Status};
pub use links::Linked;
pub use lost::Lost;
pub use password::{NewPassword, PasswordChanged};
pub(crate) use proof::{Hold, Kept, ProofRequest, ShownProof};
pub use proof::{Lifted, ProofUsed, ProofView, Proving};
pub use services::{Receiver, Withdrawal};
pub use sign_in::AccountSignIn;
pub(crate) use sign_in::app_context;
