//! The statements of writes about issued credentials.

use super::Plan;
use crate::change::Issuing;
use crate::code::Coded;
use crate::record::{IssuedRecord, IssuerKeyRecord, IssuingTokenRecord, OfferRecord, PushedRequestRecord};
use crate::statements as sql;
use crate::value::{Value, json};

macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(Value::from($value)),*] };
}

impl Plan {
    pub(super) fn issuing(&mut self, write: Issuing) {
        match write {
            Issuing::Offer(OfferRecord { digest, person, ground, mac, tries, expires_at, spent_at }) => {
                self.any(sql::REMOVE_OFFERS_OF, values![&person]);
                let (loa, provenance) = (ground.loa.code(), json(&ground.provenance));
                let values = values![&digest, &person, loa, provenance, mac, tries, expires_at, spent_at];
                self.one(sql::ADD_OFFER, values);
            }
            Issuing::TryOffer { digest, most, at } => self.one(sql::TRY_OFFER, values![&digest, most, at]),
            Issuing::SpendOffer { digest, at } => self.one(sql::SPEND_OFFER, values![&digest, at]),
            Issuing::Push(PushedRequestRecord { digest, client, request, expires_at }) => {
                self.one(sql::ADD_PUSHED_REQUEST, values![&digest, &client, request, expires_at]);
            }
            Issuing::TakePushed { digest, client, at } => {
                self.one(sql::TAKE_PUSHED_REQUEST, values![&digest, &client, at]);
            }
            Issuing::IssueToken(token) => {
                let IssuingTokenRecord { digest, person, ground, holder, remaining, expires_at, code, scope } = token;
                let (loa, provenance) = (ground.loa.code(), json(&ground.provenance));
                let mut values = values![&digest, &person, loa, provenance, holder, remaining, expires_at];
                values.extend(values![code.as_ref(), scope]);
                self.one(sql::ADD_ISSUING_TOKEN, values);
            }
            Issuing::UseToken { digest, count, at } => self.one(sql::USE_ISSUING_TOKEN, values![&digest, count, at]),
            Issuing::Add(credential) => self.add_credential(credential),
            Issuing::Hold { id, person } => self.one(sql::HOLD_CREDENTIAL, values![id, &person]),
            Issuing::Revoke { id, person, at } => {
                self.one(sql::REVOKE_CREDENTIAL, values![id, &person, at]);
                self.any(sql::REMOVE_OFFERS_OF, values![&person]);
                self.any(sql::REMOVE_ISSUING_TOKENS_OF, values![&person]);
            }
            Issuing::RevokeAllOf { person, at } => {
                // What is being issued by a token holds its row, so that it is seen by what follows.
                self.any(sql::REMOVE_OFFERS_OF, values![&person]);
                self.any(sql::REMOVE_ISSUING_TOKENS_OF, values![&person]);
                self.any(sql::REVOKE_CREDENTIALS_OF, values![&person, at]);
            }
            Issuing::Notify { notification, event } => {
                self.any(sql::NOTE_NOTIFICATION, values![&notification, event]);
            }
            Issuing::NotifyLost { notification, event, at } => {
                self.any(sql::NOTE_NOTIFICATION, values![&notification, event]);
                self.any(sql::REVOKE_NOTIFIED, values![&notification, at]);
            }
            Issuing::PutKey(IssuerKeyRecord { role, nth, sealed, certificate, made_at }) => {
                self.one(sql::ADD_ISSUER_KEY, values![role.code(), nth, sealed, certificate, made_at]);
                self.one(sql::RAISE_REVISION, values![]);
            }
            Issuing::Rebind { authenticator, seen, binding } => {
                self.one(sql::REBIND, values![authenticator, json(&seen), json(&binding)]);
            }
        }
    }

    fn add_credential(&mut self, credential: IssuedRecord) {
        let IssuedRecord { id, person, format, status, ground, holder, .. } = credential;
        let IssuedRecord { notification, notified, issued_at, expires_at, revoked_at, .. } = credential;
        let mut values = values![id, &person, format.code(), status.list, status.place, ground.loa.code()];
        values.extend(values![json(&ground.provenance), holder, &notification, notified]);
        values.extend(values![issued_at, expires_at, revoked_at]);
        self.one(sql::ADD_CREDENTIAL, values);
    }
}
