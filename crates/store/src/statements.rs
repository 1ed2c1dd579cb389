//! Every SQL statement of the gateway, once: the same text runs on SQLite and on PostgreSQL.
//!
//! Parameters are `$1`, `$2`, … by number. What may happen only once is one conditional write
//! whose row count decides; nothing is read first in order to be written after.

/// Declares statements, and lists them so that a test can prepare them all.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)*
        /// All statements with their names.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

statements! {
    // Persons
    ADD_PERSON = "INSERT INTO person (id, standing, epoch, enrolments, lang, family_name, given_name, \
        birth_family_name, birth_given_name, birth_country, birth_region, birth_locality, birth_date, \
        mother_family_name, mother_given_name, nationalities, email, created_at) \
        VALUES ($1, 'open', 0, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
        ON CONFLICT DO NOTHING";
    /// The first name that a person is given is the person's name where none was typed.
    NAME_PERSON = "UPDATE person SET user_name = COALESCE(user_name, $1) WHERE id = $2";
    ADD_USER_NAME = "INSERT INTO user_name (name, person) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    SET_PASSWORD = "UPDATE person SET password = $3, password_at = $4 \
        WHERE id = $1 AND password IS NOT DISTINCT FROM $2";
    SET_STANDING = "UPDATE person SET standing = $3 WHERE id = $1 AND standing = $2";
    RAISE_EPOCH = "UPDATE person SET epoch = epoch + 1 WHERE id = $1";
    COUNT_ENROLMENT = "UPDATE person SET enrolments = enrolments + 1 WHERE id = $1 AND standing = 'open'";

    /// The hot path of every sign-in.
    ACCOUNT_BY_NAME = "SELECT n.name, p.id, p.standing, p.password, p.epoch, p.enrolments, p.lang, \
        p.family_name, p.given_name, p.birth_family_name, p.birth_given_name, p.birth_country, p.birth_region, \
        p.birth_locality, p.birth_date, p.mother_family_name, p.mother_given_name, p.nationalities, p.email, \
        a.id, a.sealed_key, a.state, a.last_step, a.binding, a.usable_from, a.nth, a.bound_at, a.changed_at, \
        a.deletion_hash \
        FROM user_name n JOIN person p ON p.id = n.person LEFT JOIN authenticator a ON a.person = p.id \
        WHERE n.name = $1";
    ACCOUNT = "SELECT p.user_name, p.id, p.standing, p.password, p.epoch, p.enrolments, p.lang, \
        p.family_name, p.given_name, p.birth_family_name, p.birth_given_name, p.birth_country, p.birth_region, \
        p.birth_locality, p.birth_date, p.mother_family_name, p.mother_given_name, p.nationalities, p.email, \
        a.id, a.sealed_key, a.state, a.last_step, a.binding, a.usable_from, a.nth, a.bound_at, a.changed_at, \
        a.deletion_hash \
        FROM person p LEFT JOIN authenticator a ON a.person = p.id \
        WHERE p.id = $1 AND p.user_name IS NOT NULL";

    // Authenticators
    ADD_AUTHENTICATOR = "INSERT INTO authenticator (id, person, sealed_key, state, last_step, binding, \
        usable_from, nth, bound_at, changed_at, deletion_hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    USE_STEP = "UPDATE authenticator SET last_step = $3 WHERE id = $1 AND state = $2 AND last_step < $3";
    SET_AUTHENTICATOR_STATE = "UPDATE authenticator SET state = $3, changed_at = $4 WHERE id = $1 AND state = $2";
    REMOVE_AUTHENTICATOR = "DELETE FROM authenticator WHERE id = $1";
    REMOVE_AUTHENTICATORS_OF = "DELETE FROM authenticator WHERE person = $1";

    // Activation codes and "not me" links
    PUT_ACTIVATION = "INSERT INTO activation (person, mac, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (person) DO UPDATE SET mac = excluded.mac, expires_at = excluded.expires_at";
    USE_ACTIVATION = "DELETE FROM activation WHERE person = $1 AND mac = $2 AND expires_at > $3";
    ACTIVATION = "SELECT person, mac, expires_at FROM activation WHERE person = $1";
    PUT_NOT_ME = "INSERT INTO not_me (digest, person, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    USE_NOT_ME = "DELETE FROM not_me WHERE digest = $1 AND expires_at > $2";
    NOT_ME = "SELECT digest, person, expires_at FROM not_me WHERE digest = $1";

    // Attempts, and what is used once
    ADD_ATTEMPTS = "INSERT INTO attempts (key, version, attempts, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    REPLACE_ATTEMPTS = "UPDATE attempts SET version = version + 1, attempts = $3, expires_at = $4 \
        WHERE key = $1 AND version = $2";
    ATTEMPTS = "SELECT version, attempts FROM attempts WHERE key = $1";
    USED_ONCE = "SELECT digest FROM used_once WHERE kind = $1 AND digest = $2 AND expires_at > $3";
    USE_ONCE = "INSERT INTO used_once (kind, digest, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    // Sign-ins
    ADD_LOGIN = "INSERT INTO login (id, version, browser, login, expires_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    REPLACE_LOGIN = "UPDATE login SET version = version + 1, login = $3, expires_at = $4 \
        WHERE id = $1 AND version = $2";
    LOGIN = "SELECT version, id, browser, login FROM login WHERE id = $1";

    // Sessions
    /// An account that was frozen since its password was checked gets no session.
    ADD_SESSION = "INSERT INTO session (digest, kind, person, user_name, method, loa, authenticated_at, proved_at, \
        started_at, idle_until, ends_at, login_id) \
        SELECT $1, $2, id, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM person WHERE id = $3 AND standing = 'open' \
        ON CONFLICT DO NOTHING";
    EXTEND_SESSION = "UPDATE session SET idle_until = $2 WHERE digest = $1 AND idle_until > $3 AND ends_at > $3";
    /// What refers to the session follows it, by the tables' ON UPDATE CASCADE.
    RENEW_SESSION = "UPDATE session SET digest = $2, method = $3, loa = $4, authenticated_at = $5, proved_at = $6, \
        idle_until = $7 WHERE digest = $1 AND idle_until > $8 AND ends_at > $8";
    /// Locks the row: whoever ends the session at the same time waits, or has already ended it.
    HOLD_SESSION = "UPDATE session SET ending = 0 WHERE digest = $1";
    END_SESSION = "UPDATE session SET ending = 1 WHERE digest = $1";
    END_SESSIONS_OF = "UPDATE session SET ending = 1 WHERE person = $1 AND digest <> $2";
    END_SESSIONS_OF_KIND = "UPDATE session SET ending = 1 WHERE person = $1 AND kind = $2";
    END_LAPSED_SESSIONS = "UPDATE session SET ending = 1 WHERE idle_until < $1 \
        AND digest IN (SELECT digest FROM session WHERE idle_until < $1 ORDER BY idle_until LIMIT $2)";
    /// Tells the services of the sessions that this transaction ends.
    TELL_ENDED = "INSERT INTO outbox (id, kind, body, tries, created_at, due_at) \
        SELECT p.logout_id, p.logout_kind, p.logout_body, 0, $1, $1 \
        FROM session s JOIN participation p ON p.session = s.digest \
        WHERE s.ending = 1 AND p.logout_id IS NOT NULL ON CONFLICT DO NOTHING";
    /// Participations, codes, tokens and enrolments fall with it, by the tables' ON DELETE CASCADE.
    REMOVE_ENDED = "DELETE FROM session WHERE ending = 1";
    SESSION = "SELECT digest, kind, person, user_name, method, loa, authenticated_at, proved_at, started_at, \
        idle_until, ends_at, login_id FROM session \
        WHERE digest = $1 AND kind = $2 AND idle_until > $3 AND ends_at > $3";
    SESSIONS_OF = "SELECT digest, kind, person, user_name, method, loa, authenticated_at, proved_at, started_at, \
        idle_until, ends_at, login_id FROM session WHERE person = $1 ORDER BY started_at";

    // Participations
    /// A service knows a session by one `sid`: whoever draws another at the same time reads again.
    ADD_PARTICIPATION = "INSERT INTO participation (session, client, sid, subject, kind, logout_id, logout_kind, \
        logout_body) SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE NOT EXISTS \
        (SELECT 1 FROM participation WHERE session = $1 AND client = $2 AND sid <> $3) \
        ON CONFLICT (session, client, subject) DO UPDATE SET kind = excluded.kind";
    PARTICIPATIONS = "SELECT session, client, sid, subject, kind, logout_id, logout_kind, logout_body \
        FROM participation WHERE session = $1";
    /// After [`HOLD_SESSION`], so that nobody joins between this and what follows.
    EXPECT_PARTICIPATIONS = "UPDATE session SET ending = 0 WHERE digest = $1 \
        AND (SELECT COUNT(*) FROM participation WHERE session = $1) = $2";
    REMOVE_PARTICIPATION = "DELETE FROM participation WHERE session = $1 AND client = $2";
    PARTICIPATIONS_KNOWN = "SELECT session, client, sid, subject, kind, logout_id, logout_kind, logout_body \
        FROM participation WHERE client = $1 AND subject = $2";

    // Sign-outs that go through the browser
    ADD_LOGOUT = "INSERT INTO logout (id, version, browser, round, expires_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    REPLACE_LOGOUT = "UPDATE logout SET version = version + 1, round = $3 WHERE id = $1 AND version = $2";
    LOGOUT = "SELECT version, id, browser, round, expires_at FROM logout WHERE id = $1 AND expires_at > $2";
    LAST_LOGOUT_OF = "SELECT version, id, browser, round, expires_at FROM logout \
        WHERE browser = $1 AND expires_at > $2 ORDER BY expires_at DESC LIMIT 1";

    // What persons agreed to
    ADD_CONSENT = "INSERT INTO consent (person, service, released, chosen, withheld, basis, given_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    REPLACE_CONSENT = "UPDATE consent SET released = $3, chosen = $4, withheld = $5, basis = $6, given_at = $7 \
        WHERE person = $1 AND service = $2 AND given_at = $8";
    /// Locks the row, as [`HOLD_SESSION`] does.
    HOLD_CONSENT = "UPDATE consent SET given_at = given_at WHERE person = $1 AND service = $2 AND given_at = $3";
    WITHDRAW_CONSENT = "DELETE FROM consent WHERE person = $1 AND service = $2";
    CONSENT = "SELECT person, service, released, chosen, withheld, basis, given_at FROM consent \
        WHERE person = $1 AND service = $2";
    CONSENTS_OF = "SELECT person, service, released, chosen, withheld, basis, given_at FROM consent \
        WHERE person = $1 ORDER BY given_at";

    // Codes and tokens
    ADD_CODE = "INSERT INTO code (digest, client, person, session, granted, expires_at, spent_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    SPEND_CODE = "UPDATE code SET spent_at = $3 \
        WHERE digest = $1 AND client = $2 AND spent_at IS NULL AND expires_at > $3";
    REVOKE_CODE = "UPDATE code SET spent_at = COALESCE(spent_at, $2) WHERE digest = $1";
    REVOKE_TOKENS_OF_CODE = "DELETE FROM token WHERE code = $1";
    REVOKE_ISSUING_TOKENS_OF_CODE = "DELETE FROM credential_token WHERE code = $1";
    CODE = "SELECT digest, client, person, session, granted, expires_at, spent_at FROM code WHERE digest = $1";
    /// By the sessions of the person, which have an index; tokens fall with their code, by ON DELETE CASCADE.
    REMOVE_CODES_OF_CONSENT = "DELETE FROM code WHERE client = $2 \
        AND session IN (SELECT digest FROM session WHERE person = $1)";
    ADD_TOKEN = "INSERT INTO token (digest, code, client, person, granted, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    TOKEN = "SELECT t.digest, t.code, t.client, t.person, c.session, t.granted, t.expires_at \
        FROM token t JOIN code c ON c.digest = t.code WHERE t.digest = $1";

    // Enrolments
    PUT_ENROLMENT = "INSERT INTO enrolment (person, session, version, enrolment, expires_at) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (person) DO UPDATE SET session = excluded.session, version = enrolment.version + 1, \
        enrolment = excluded.enrolment, expires_at = excluded.expires_at";
    REPLACE_ENROLMENT = "UPDATE enrolment SET version = version + 1, enrolment = $4, expires_at = $5 \
        WHERE person = $1 AND session = $2 AND version = $3";
    END_ENROLMENT = "DELETE FROM enrolment WHERE person = $1 AND session = $2 AND version = $3";
    DROP_ENROLMENT = "DELETE FROM enrolment WHERE person = $1";
    ENROLMENT = "SELECT version, person, session, enrolment FROM enrolment WHERE person = $1";

    // Answers that wait to be fetched
    ADD_ARTIFACT = "INSERT INTO artifact (digest, service, session, message, expires_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    TAKE_ARTIFACT = "DELETE FROM artifact WHERE digest = $1 AND service = $2 AND expires_at > $3";
    REMOVE_ARTIFACTS_OF_CONSENT = "DELETE FROM artifact WHERE service = $2 \
        AND session IN (SELECT digest FROM session WHERE person = $1)";
    ARTIFACT = "SELECT digest, service, session, message, expires_at FROM artifact WHERE digest = $1";

    // Other identity providers
    ADD_UPSTREAM_REQUEST = "INSERT INTO upstream_request (digest, request, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    TAKE_UPSTREAM_REQUEST = "DELETE FROM upstream_request WHERE digest = $1 AND expires_at > $2";
    UPSTREAM_REQUEST = "SELECT request FROM upstream_request WHERE digest = $1 AND expires_at > $2";
    /// An identity that is linked stays linked as it is; and an account that was frozen meanwhile gets no link.
    ADD_LINK = "INSERT INTO linked (issuer, subject, person, loa, linked_at) \
        SELECT $1, $2, id, $4, $5 FROM person WHERE id = $3 AND standing = 'open' ON CONFLICT DO NOTHING";
    /// Changes nothing but locks the row: a link that is being removed signs nobody in.
    HOLD_LINK = "UPDATE linked SET loa = loa WHERE issuer = $1 AND subject = $2 AND person = $3";
    REMOVE_LINK = "DELETE FROM linked WHERE issuer = $1 AND subject = $2 AND person = $3";
    REMOVE_LINKS_OF = "DELETE FROM linked WHERE person = $1";
    LINK = "SELECT issuer, subject, person, loa, linked_at FROM linked WHERE issuer = $1 AND subject = $2";
    LINKS_OF = "SELECT issuer, subject, person, loa, linked_at FROM linked WHERE person = $1 \
        ORDER BY linked_at, issuer, subject";
    ADD_UPSTREAM_KEY = "INSERT INTO upstream_key (purpose, sealed, certificate) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    UPSTREAM_KEYS = "SELECT purpose, sealed, certificate FROM upstream_key";

    // Wallets
    ADD_PRESENTATION = "INSERT INTO presentation (id, login, browser, carrier, stage, typed, response_code, phone, \
        sealed, tries, began_at, shown_until, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING";
    DROP_IDLE_PRESENTATIONS = "DELETE FROM presentation WHERE login = $1 \
        AND stage IN ('waiting', 'done', 'refused', 'elsewhere', 'failed')";
    MOVE_PRESENTATION = "UPDATE presentation SET stage = $3 WHERE id = $1 AND stage = $2 AND expires_at > $4";
    END_PRESENTATION = "UPDATE presentation SET stage = $3, sealed = $5 \
        WHERE id = $1 AND stage = $2 AND expires_at > $4";
    ANSWER_PRESENTATION = "UPDATE presentation SET stage = 'answered', response_code = $2, sealed = $3, \
        expires_at = $5 WHERE id = $1 AND stage = 'judging' AND expires_at > $4";
    SHOW_PRESENTATION_DIGITS = "UPDATE presentation SET stage = 'digits', phone = $2 \
        WHERE id = $1 AND stage = 'answered' AND expires_at > $3";
    TRY_PRESENTATION_DIGITS = "UPDATE presentation SET tries = tries + 1 \
        WHERE id = $1 AND stage = 'digits' AND tries < $2 AND expires_at > $3";
    PRESENTATION = "SELECT id, login, browser, carrier, stage, typed, response_code, phone, sealed, tries, began_at, \
        shown_until, expires_at FROM presentation WHERE id = $1";
    PRESENTATION_BY_CODE = "SELECT id, login, browser, carrier, stage, typed, response_code, phone, sealed, tries, \
        began_at, shown_until, expires_at FROM presentation WHERE response_code = $1";
    PRESENTATION_BY_TYPED = "SELECT id, login, browser, carrier, stage, typed, response_code, phone, sealed, tries, \
        began_at, shown_until, expires_at FROM presentation WHERE typed = $1";
    PRESENTATIONS_OF = "SELECT id, login, browser, carrier, stage, typed, response_code, phone, sealed, tries, \
        began_at, shown_until, expires_at FROM presentation WHERE login = $1 ORDER BY began_at, id";
    /// In the words of its index.
    MOVED_PRESENTATIONS = "SELECT login, id, stage FROM presentation WHERE stage <> 'waiting' AND expires_at > $1";
    /// As [`ADD_LINK`]. There is no other basis: what was issued here is known by its place in a status list.
    ADD_WALLET_IDENTITY = "INSERT INTO wallet_identity (issuer, number, person, basis, loa, linked_at) \
        SELECT $1, $2, id, 'owner_proof', $4, $5 FROM person WHERE id = $3 AND standing = 'open' ON CONFLICT DO NOTHING";
    /// As [`HOLD_LINK`].
    HOLD_WALLET_IDENTITY = "UPDATE wallet_identity SET loa = loa WHERE issuer = $1 AND number = $2 AND person = $3";
    REMOVE_WALLET_IDENTITY = "DELETE FROM wallet_identity WHERE issuer = $1 AND number = $2 AND person = $3";
    REMOVE_WALLET_IDENTITIES_OF = "DELETE FROM wallet_identity WHERE person = $1";
    WALLET_IDENTITY = "SELECT issuer, number, person, loa, linked_at FROM wallet_identity \
        WHERE issuer = $1 AND number = $2";
    WALLET_IDENTITIES_OF = "SELECT issuer, number, person, loa, linked_at FROM wallet_identity \
        WHERE person = $1 ORDER BY linked_at, issuer, number";
    ADD_WALLET_PROOF = "INSERT INTO wallet_proof (digest, proof, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    TAKE_WALLET_PROOF = "DELETE FROM wallet_proof WHERE digest = $1 AND expires_at > $2";
    WALLET_PROOF = "SELECT proof FROM wallet_proof WHERE digest = $1 AND expires_at > $2";
    ADD_VERIFIER_KEY = "INSERT INTO verifier_key (purpose, sealed, certificate, anchor) \
        VALUES ('requests', $1, $2, $3) ON CONFLICT DO NOTHING";
    VERIFIER_KEY = "SELECT sealed, certificate, anchor FROM verifier_key WHERE purpose = 'requests'";

    // Clients and signing keys
    ADD_CLIENT = "INSERT INTO client (id, service, metadata, state, protocol) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    REPLACE_CLIENT = "UPDATE client SET service = $2, metadata = $3, state = $4 WHERE id = $1 AND protocol = $5";
    CLIENT = "SELECT service, protocol, metadata, state FROM client WHERE id = $1";
    CLIENTS = "SELECT service, protocol, metadata, state FROM client";
    REFRESH_CLIENT = "UPDATE client SET service = $2, metadata = $3 WHERE id = $1";
    PUT_METADATA_SOURCE = "INSERT INTO metadata_source (client, url, signers, due_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (client) DO UPDATE SET url = excluded.url, signers = excluded.signers, due_at = excluded.due_at";
    DROP_METADATA_SOURCE = "DELETE FROM metadata_source WHERE client = $1";
    SCHEDULE_METADATA = "UPDATE metadata_source SET due_at = $3 WHERE client = $1 AND due_at = $2";
    METADATA_SOURCES_DUE = "SELECT client, url, signers, due_at FROM metadata_source WHERE due_at <= $1 \
        ORDER BY due_at LIMIT $2";
    ADD_SIGNING_KEY = "INSERT INTO signing_key (kid, algorithm, sealed, published_at, active_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    SIGNING_KEYS = "SELECT kid, algorithm, sealed, published_at, active_at FROM signing_key";
    RAISE_REVISION = "UPDATE revision SET number = number + 1 WHERE id = 1";
    REVISION = "SELECT number FROM revision WHERE id = 1";

    // Credentials for wallets
    ADD_OFFER = "INSERT INTO credential_offer (digest, person, loa, provenance, mac, tries, expires_at, spent_at) \
        SELECT $1, id, $3, $4, $5, $6, $7, $8 FROM person WHERE id = $2 AND standing = 'open' ON CONFLICT DO NOTHING";
    REMOVE_OFFERS_OF = "DELETE FROM credential_offer WHERE person = $1";
    TRY_OFFER = "UPDATE credential_offer SET tries = tries + 1 \
        WHERE digest = $1 AND tries < $2 AND spent_at IS NULL AND expires_at > $3";
    SPEND_OFFER = "UPDATE credential_offer SET spent_at = $2 \
        WHERE digest = $1 AND spent_at IS NULL AND expires_at > $2";
    OFFER = "SELECT digest, person, loa, provenance, mac, tries, expires_at, spent_at FROM credential_offer \
        WHERE digest = $1";
    ADD_ISSUING_TOKEN = "INSERT INTO credential_token (digest, person, loa, provenance, holder, remaining, \
        expires_at, code, scope) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    USE_ISSUING_TOKEN = "UPDATE credential_token SET remaining = remaining - $2 \
        WHERE digest = $1 AND remaining >= $2 AND expires_at > $3";
    REMOVE_ISSUING_TOKENS_OF = "DELETE FROM credential_token WHERE person = $1";
    ISSUING_TOKEN = "SELECT digest, person, loa, provenance, holder, remaining, expires_at, code, scope \
        FROM credential_token WHERE digest = $1";
    ADD_PUSHED_REQUEST = "INSERT INTO pushed_request (digest, client, request, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    TAKE_PUSHED_REQUEST = "DELETE FROM pushed_request WHERE digest = $1 AND client = $2 AND expires_at > $3";
    PUSHED_REQUEST = "SELECT digest, client, request, expires_at FROM pushed_request WHERE digest = $1";
    ADD_CREDENTIAL = "INSERT INTO issued_credential (id, person, format, list, place, loa, provenance, holder, \
        notification, notified, issued_at, expires_at, revoked_at) \
        SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM person \
        WHERE id = $2 AND standing = 'open' ON CONFLICT DO NOTHING";
    HOLD_CREDENTIAL = "UPDATE issued_credential SET revoked_at = NULL \
        WHERE id = $1 AND person = $2 AND revoked_at IS NULL";
    REVOKE_CREDENTIAL = "UPDATE issued_credential SET revoked_at = $3 \
        WHERE id = $1 AND person = $2 AND revoked_at IS NULL";
    REVOKE_CREDENTIALS_OF = "UPDATE issued_credential SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL";
    REVOKE_NOTIFIED = "UPDATE issued_credential SET revoked_at = $2 \
        WHERE notification = $1 AND revoked_at IS NULL";
    NOTE_NOTIFICATION = "UPDATE issued_credential SET notified = $2 WHERE notification = $1";
    CREDENTIALS_OF = "SELECT id, person, format, list, place, loa, provenance, holder, notification, notified, issued_at, \
        expires_at, revoked_at FROM issued_credential WHERE person = $1 ORDER BY issued_at, id";
    CREDENTIALS_NOTIFIED = "SELECT id, person, format, list, place, loa, provenance, holder, notification, notified, issued_at, \
        expires_at, revoked_at FROM issued_credential WHERE notification = $1 ORDER BY id";
    CREDENTIAL_AT = "SELECT id, person, format, list, place, loa, provenance, holder, notification, notified, issued_at, \
        expires_at, revoked_at FROM issued_credential WHERE list = $1 AND place = $2";
    REVOKED_PLACES = "SELECT place FROM issued_credential WHERE list = $1 AND revoked_at IS NOT NULL";
    STATUS_LISTS = "SELECT list, COUNT(*) FROM issued_credential GROUP BY list ORDER BY list DESC LIMIT 1";
    ADD_ISSUER_KEY = "INSERT INTO issuer_key (role, nth, sealed, certificate, made_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT DO NOTHING";
    ISSUER_KEYS = "SELECT role, nth, sealed, certificate, made_at FROM issuer_key ORDER BY role, nth";
    REBIND = "UPDATE authenticator SET binding = $3 WHERE id = $1 AND binding = $2";

    // The outbox and the audit
    ADD_DELIVERY = "INSERT INTO outbox (id, kind, body, tries, created_at, due_at) VALUES ($1, $2, $3, 0, $4, $4) \
        ON CONFLICT DO NOTHING";
    /// What was delivered rests no longer; that it was, does.
    DELIVERED = "UPDATE outbox SET delivered_at = $2, body = '' WHERE id = $1 AND delivered_at IS NULL";
    RETRY = "UPDATE outbox SET tries = tries + 1, due_at = $2 WHERE id = $1 AND delivered_at IS NULL";
    OUTBOX_DUE = "SELECT id, kind, body, tries, created_at FROM outbox \
        WHERE delivered_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $2";
    DELIVERY = "SELECT tries, delivered_at FROM outbox WHERE id = $1";
    OUTBOX_WAITING = "SELECT COUNT(*), MIN(created_at) FROM (SELECT created_at FROM outbox \
        WHERE delivered_at IS NULL ORDER BY due_at LIMIT $1) AS waiting";
    ADD_AUDIT = "INSERT INTO audit (at, person, event, detail) VALUES ($1, $2, $3, $4)";
    AUDIT_OF = "SELECT sequence, at, person, event, detail FROM audit WHERE person = $1 \
        ORDER BY sequence DESC LIMIT $2";
    AUDIT_TAIL = "SELECT sequence, at, person, event, detail FROM audit ORDER BY sequence DESC LIMIT $1";

    // Sweeping: each at most a batch, oldest first
    SWEEP_LOGINS = "DELETE FROM login WHERE expires_at < $1 \
        AND id IN (SELECT id FROM login WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_ENROLMENTS = "DELETE FROM enrolment WHERE expires_at < $1 \
        AND person IN (SELECT person FROM enrolment WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_TOKENS = "DELETE FROM token WHERE expires_at < $1 \
        AND digest IN (SELECT digest FROM token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    /// A code stays while a token of it does, so that a second use of it is recognised.
    SWEEP_CODES = "DELETE FROM code WHERE expires_at < $1 \
        AND digest IN (SELECT c.digest FROM code c WHERE c.expires_at < $1 \
        AND NOT EXISTS (SELECT 1 FROM token t WHERE t.code = c.digest) \
        AND NOT EXISTS (SELECT 1 FROM credential_token t WHERE t.code = c.digest) ORDER BY c.expires_at LIMIT $2)";
    SWEEP_ATTEMPTS = "DELETE FROM attempts WHERE expires_at < $1 \
        AND key IN (SELECT key FROM attempts WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_ACTIVATIONS = "DELETE FROM activation WHERE expires_at < $1 \
        AND person IN (SELECT person FROM activation WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_NOT_ME = "DELETE FROM not_me WHERE expires_at < $1 \
        AND digest IN (SELECT digest FROM not_me WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_USED_ONCE = "DELETE FROM used_once WHERE expires_at < $1 \
        AND digest IN (SELECT digest FROM used_once WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_ARTIFACTS = "DELETE FROM artifact WHERE expires_at < $1 \
        AND digest IN (SELECT digest FROM artifact WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_LOGOUTS = "DELETE FROM logout WHERE expires_at < $1 \
        AND id IN (SELECT id FROM logout WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_UPSTREAM_REQUESTS = "DELETE FROM upstream_request WHERE expires_at < $1 AND digest IN \
        (SELECT digest FROM upstream_request WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_OFFERS = "DELETE FROM credential_offer WHERE expires_at < $1 AND digest IN \
        (SELECT digest FROM credential_offer WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_ISSUING_TOKENS = "DELETE FROM credential_token WHERE expires_at < $1 AND digest IN \
        (SELECT digest FROM credential_token WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_PUSHED_REQUESTS = "DELETE FROM pushed_request WHERE expires_at < $1 AND digest IN \
        (SELECT digest FROM pushed_request WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_PRESENTATIONS = "DELETE FROM presentation WHERE expires_at < $1 AND id IN \
        (SELECT id FROM presentation WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_WALLET_PROOFS = "DELETE FROM wallet_proof WHERE expires_at < $1 AND digest IN \
        (SELECT digest FROM wallet_proof WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    SWEEP_OUTBOX = "DELETE FROM outbox WHERE delivered_at < $1 \
        AND id IN (SELECT id FROM outbox WHERE delivered_at < $1 ORDER BY delivered_at LIMIT $2)";
}
