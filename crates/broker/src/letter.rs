//! Letters: what is told to a person by e-mail, as values. Their words are the pages' business.

use std::time::Duration;

use data_encoding::HEXLOWER;
use idp::keys::digest_handle;
use idp::seal::SealedFor;
use model::{Email, Handle, Lang, Timestamp, limits};
use serde::{Deserialize, Serialize};
use store::record::{Account, NotMeRecord, OutboxDraft, OutboxKind};
use store::{Change, Op};

use crate::Broker;

/// Something changed, and the owner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// An authenticator was bound.
    Enrolled,
    /// An authenticator was bound, and is held for a while.
    EnrolledOnHold,
    /// The authenticator was bound to another device.
    OtherDevice,
    /// The authenticator was switched off.
    Inactivated,
    /// The authenticator was switched on.
    Activated,
    /// The deletion code was used.
    DeletionCodeUsed,
    /// Five wrong deletion codes were typed after the right password.
    DeletionCodeTried,
    /// Too many wrong codes closed the authenticator.
    AuthenticatorFrozen,
    /// The password was changed.
    PasswordChanged,
    /// The account was activated.
    AccountActivated,
    /// An identity of another identity provider was connected.
    IdentityLinked,
    /// One was removed.
    IdentityUnlinked,
    /// A credential was issued to a wallet.
    CredentialIssued,
    /// Credentials in a wallet were revoked.
    CredentialRevoked,
    /// A clerk identified the person.
    PersonIdentified,
    /// A wallet and the authenticator itself proved that it is its owner's.
    ProvenanceLifted,
    /// A wallet opened the frozen account again.
    AccountOpened,
    /// "Not me": the account is frozen.
    AccountFrozen,
}

impl Notice {
    /// Whether the letter carries a "not me" link. The one that says the account is frozen needs none.
    const fn can_be_undone(self) -> bool {
        !matches!(self, Notice::AccountFrozen)
    }
}

/// A letter to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Where it goes.
    pub to: Email,
    /// Its language.
    pub lang: Lang,
    /// When what it tells happened.
    pub at: Timestamp,
    /// What it says.
    pub content: LetterContent,
}

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterContent {
    /// The six-digit code that confirms the contact.
    ContactCode {
        /// The code.
        code: String,
    },
    /// The code that activates a new account.
    ActivationCode {
        /// The user name it belongs to.
        user_name: String,
        /// The code.
        code: String,
    },
    /// The code with which a new password is chosen: the former one is void.
    NewPasswordCode {
        /// The user name it belongs to.
        user_name: String,
        /// The code.
        code: String,
    },
    /// The code that a wallet asks for besides an offer of credentials.
    WalletCode {
        /// The code.
        code: String,
    },
    /// Something changed.
    Notice {
        /// What.
        notice: Notice,
        /// The handle of the "not me" link.
        not_me: Option<String>,
    },
}

/// How long after its writing a letter is worth sending: a code that lapsed is not.
pub(crate) const LETTER_LIFE: Duration = limits::NOT_ME_LINK;

impl Broker {
    /// Adds the owner's notice to a change: the letter and its "not me" link.
    pub(crate) fn notify(&self, change: Change, account: &Account, notice: Notice, at: Timestamp) -> Change {
        let (change, not_me) = if notice.can_be_undone() {
            let handle = Handle::draw(self.random());
            let link = NotMeRecord {
                digest: digest_handle(&handle),
                person: account.person.id.clone(),
                expires_at: at + limits::NOT_ME_LINK,
            };
            (change.with(Op::PutNotMe(link)), Some(handle.expose().to_owned()))
        } else {
            (change, None)
        };
        change.deliver(self.letter(account, at, LetterContent::Notice { notice, not_me }))
    }

    /// A letter as a delivery, sealed: it may hold a code or a link.
    pub(crate) fn letter(&self, account: &Account, at: Timestamp, content: LetterContent) -> OutboxDraft {
        let letter = Letter { to: account.person.email.clone(), lang: account.lang, at, content };
        let id = HEXLOWER.encode(&self.random().bytes::<16>());
        let plain = serde_json::to_vec(&letter).unwrap_or_default();
        let body = self.seal_text(&letter_place(&id), &plain);
        OutboxDraft { id, kind: OutboxKind::Mail, body }
    }
}

pub(crate) fn letter_place(id: &str) -> SealedFor<'_> {
    SealedFor { table: "outbox", owner: id, purpose: "letter" }
}
