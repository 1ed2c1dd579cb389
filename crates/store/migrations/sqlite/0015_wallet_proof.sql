-- Proofs by wallet towards the account's own pages: what they asked for, until KAÜ asks for it; then what was shown,
-- until the page that asked uses it up.
CREATE TABLE wallet_proof (
    digest     TEXT NOT NULL PRIMARY KEY,    -- of the handle that the browser brings
    proof      TEXT NOT NULL,                -- JSON of the broker
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX wallet_proof_expires ON wallet_proof (expires_at);
