//! What both engines must do alike: one list of rules, run over each.

mod accounts;
mod faults;
mod grants;
mod issuing;
mod links;
mod logouts;
mod metadata_sources;
mod presenting;
mod races;
mod rest;
pub(crate) mod samples;
mod sessions;
mod sweeping;

pub(crate) use accounts::*;
pub(crate) use faults::*;
pub(crate) use grants::*;
pub(crate) use issuing::*;
pub(crate) use links::*;
pub(crate) use logouts::*;
pub(crate) use metadata_sources::*;
pub(crate) use presenting::*;
pub(crate) use races::*;
pub(crate) use rest::*;
pub(crate) use sessions::*;
pub(crate) use sweeping::*;

use store::{Change, Committed, Op, Store, StoreError};

/// A database of a test's own, and a way to it that does not pass through the store.
pub(crate) trait Database: Sized {
    /// An empty one.
    async fn empty() -> Self;
    /// Opens it, as one more node would.
    async fn try_open(&self) -> Result<Store, StoreError>;
    /// Opens it, which must succeed.
    async fn open(&self) -> Store {
        self.try_open().await.unwrap()
    }
    /// Executes SQL.
    async fn execute(&self, sql: &str);
    /// Every row of every table, as text.
    async fn dump(&self) -> Vec<String>;
    /// Makes every insertion into the audit fail.
    async fn break_audit(&self);
}

/// Commits one write that must be made.
pub(crate) async fn done(store: &Store, op: Op) {
    done_all(store, [op]).await;
}

/// Commits writes that must be made.
pub(crate) async fn done_all(store: &Store, ops: impl IntoIterator<Item = Op>) {
    let change = samples::change().with_all(ops);
    let told = format!("{change:?}");
    assert_eq!(store.commit(change).await.unwrap(), Committed::Done, "{told}");
}

/// Commits one write that must be refused.
pub(crate) async fn refused(store: &Store, op: Op) {
    let told = format!("{op:?}");
    assert_eq!(store.commit(samples::change().with(op)).await.unwrap(), Committed::Refused(0), "{told}");
}

/// Commits one write, and says whether it was made.
pub(crate) async fn made(store: &Store, op: Op) -> bool {
    made_change(store, samples::change().with(op)).await
}

/// Commits a change, and says whether it was made.
pub(crate) async fn made_change(store: &Store, change: Change) -> bool {
    match store.commit(change).await.unwrap() {
        Committed::Done => true,
        Committed::Refused(_) => false,
    }
}

/// Makes a test of each rule, for the engine whose `Database` is given.
macro_rules! obeys {
    ($database:ty: $($rule:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                let database = <$database as conformance::Database>::empty().await;
                conformance::$rule(&database).await;
            }
        )*
    };
}

/// The rules, in one list for all engines.
macro_rules! rules {
    ($database:ty) => {
        conformance::obeys! { $database:
            a_person_is_found_by_name_and_by_id
            names_and_persons_are_given_once
            a_password_is_set_only_in_place_of_the_one_that_was_seen
            standing_and_epoch_change
            an_authenticator_is_bound_used_switched_and_removed
            a_new_authenticator_takes_the_place_of_the_former
            activation_codes_and_not_me_links_are_used_up
            a_sign_in_is_replaced_only_as_it_was_seen
            a_session_lasts_until_it_idles_or_ends
            a_frozen_account_gets_no_session
            a_renewed_session_keeps_what_hangs_on_it
            an_ended_session_tells_its_services_and_takes_all_with_it
            the_other_sessions_of_a_person_end
            the_sessions_of_one_kind_end
            a_service_that_left_is_not_told
            a_part_in_a_session_is_found_by_what_its_service_knows
            a_service_knows_a_session_by_one_sid_and_its_person_by_many_names
            a_sign_out_through_the_browser_is_replaced_only_as_it_was_seen
            an_enrolment_belongs_to_one_session_and_one_version
            o08_a_code_is_spent_once_by_its_client_in_its_time
            o08_a_code_used_twice_takes_its_tokens_with_it
            nothing_is_granted_by_a_session_that_ended
            a_withdrawal_takes_the_codes_and_tokens_of_that_person_and_service
            an_answer_that_waits_goes_with_its_session_and_with_the_consent
            attempts_are_written_only_over_those_that_were_seen
            something_is_used_once_for_each_kind
            clients_and_keys_raise_the_revision
            a_source_of_metadata_is_due_until_it_is_put_off
            metadata_that_is_read_again_changes_nothing_else
            an_artifact_is_its_services_and_lapses
            a_consent_is_given_over_what_was_seen_and_withdrawn
            a_delivery_is_made_once_and_retried_until_then
            the_audit_is_told_newest_first
            what_lapsed_is_swept_in_batches
            a_sweep_ends_lapsed_sessions_as_a_sign_out_does
            a_linked_identity_is_never_moved_to_another_person
            a_frozen_account_is_linked_with_nothing
            a_request_to_another_identity_provider_is_taken_once_in_its_time
            a_key_towards_other_identity_providers_is_made_once
            a_request_to_a_wallet_moves_only_from_where_it_is
            v17_digits_are_tried_three_times_however_many_try
            v11_an_answer_is_taken_of_one_of_64
            v15_a_response_code_is_used_by_one_of_64
            a_proof_by_wallet_is_used_by_one_of_64
            a_proof_by_wallet_is_used_in_its_time
            v21_a_wallet_identity_is_one_persons_and_stays_so
            the_key_towards_wallets_is_made_once
            every_write_has_a_sample
            every_write_about_credentials_has_a_sample
            an_offer_is_tried_a_few_times_and_spent_once
            a_pushed_request_is_taken_once_and_by_its_client
            a_token_falls_with_its_code
            a_token_is_good_for_so_many_credentials
            a_place_in_a_status_list_is_given_once
            a_credential_is_revoked_once_by_its_owner_or_with_all
            what_a_wallet_tells_is_noted_for_all_of_its_answer
            a_frozen_account_gets_no_credential
            a_key_of_the_issuer_is_made_once
            an_authenticator_is_rebound_only_as_it_was_seen
            a_refusal_leaves_nothing
            a_change_that_cannot_be_audited_is_not_made
            what_another_node_commits_is_seen_at_once
            what_rests_but_cannot_be_read_is_said_so
            reopening_changes_nothing
            a_newer_database_is_refused
            an_altered_migration_is_refused
            a_code_is_spent_by_one_of_64
            a_time_step_is_used_by_one_of_64
            an_authenticator_is_removed_by_one_of_64
            a_not_me_link_is_used_by_one_of_64
            an_activation_code_is_used_by_one_of_64
            an_artifact_is_taken_by_one_of_64
            a_consent_is_withdrawn_by_one_of_64
            a_thing_is_used_once_by_one_of_64
            a_name_is_given_to_one_of_64
            a_sign_in_is_answered_by_one_of_64
            a_step_of_a_sign_out_is_taken_by_one_of_64
            an_offer_is_spent_by_one_of_64
            a_place_is_given_to_one_of_64
            of_64_tries_of_an_offer_the_limit_is_admitted
            no_credential_outlives_a_revocation_that_it_raced_with
            of_1000_parallel_guesses_the_limit_is_admitted
            no_service_joins_a_session_that_ends_untold
            no_code_outlives_the_withdrawal_that_it_raced_with
            no_service_joins_a_session_unseen_by_who_ends_it
            authenticators_bound_at_once_leave_one
            changes_of_many_at_once_are_all_told
        }
    };
}

pub(crate) use {obeys, rules};
