//! The writes about wallets, as statements.

use super::Plan;
use crate::change::PresentingOp;
use crate::code::Coded;
use crate::record::{PresentationRecord, VerifierKeyRecord, WalletIdentityRecord, WalletProofRecord};
use crate::statements as sql;
use crate::value::Value;

macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(Value::from($value)),*] };
}

impl Plan {
    pub(super) fn present(&mut self, op: PresentingOp) {
        match op {
            PresentingOp::Begin(record) => self.begin_presentation(record),
            PresentingOp::DropIdle { login } => self.any(sql::DROP_IDLE_PRESENTATIONS, values![login]),
            PresentingOp::Move { id, from, to, at } => {
                self.one(sql::MOVE_PRESENTATION, values![id, from.code(), to.code(), at]);
            }
            PresentingOp::End { id, from, to, at } => {
                self.one(sql::END_PRESENTATION, values![id, from.code(), to.code(), at, Vec::<u8>::new()]);
            }
            PresentingOp::Answer { id, response_code, sealed, at, expires_at } => {
                self.one(sql::ANSWER_PRESENTATION, values![id, &response_code, sealed, at, expires_at]);
            }
            PresentingOp::ShowDigits { id, phone, at } => {
                self.one(sql::SHOW_PRESENTATION_DIGITS, values![id, &phone, at]);
            }
            PresentingOp::TryDigits { id, tries_max, at } => {
                self.one(sql::TRY_PRESENTATION_DIGITS, values![id, tries_max, at]);
            }
            PresentingOp::Link(WalletIdentityRecord { issuer, number, person, loa, linked_at }) => {
                let values = values![issuer, number, &person, loa.code(), linked_at];
                self.one(sql::ADD_WALLET_IDENTITY, values);
            }
            PresentingOp::HoldLink { issuer, number, person } => {
                self.one(sql::HOLD_WALLET_IDENTITY, values![issuer, number, &person]);
            }
            PresentingOp::Unlink { issuer, number, person } => {
                self.one(sql::REMOVE_WALLET_IDENTITY, values![issuer, number, &person]);
            }
            PresentingOp::PutProof(WalletProofRecord { digest, proof, expires_at }) => {
                self.one(sql::ADD_WALLET_PROOF, values![&digest, proof, expires_at]);
            }
            PresentingOp::TakeProof { digest, at } => self.one(sql::TAKE_WALLET_PROOF, values![&digest, at]),
            PresentingOp::PutKey(VerifierKeyRecord { sealed, certificate, anchor }) => {
                self.one(sql::ADD_VERIFIER_KEY, values![sealed, certificate, anchor]);
            }
        }
    }

    fn begin_presentation(&mut self, record: PresentationRecord) {
        let PresentationRecord { id, login, browser, carrier, stage, typed, response_code, phone, .. } = record;
        let PresentationRecord { sealed, tries, began_at, shown_until, expires_at, .. } = record;
        let mut values = values![id, login, &browser, carrier.code(), stage.code(), typed.as_ref()];
        values.extend(values![response_code.as_ref(), phone.as_ref(), sealed, tries, began_at]);
        values.extend(values![shown_until, expires_at]);
        self.one(sql::ADD_PRESENTATION, values);
    }
}
