-- Credentials for wallets: offers, the tokens that they become, what was issued, and the issuer's keys.

-- An offer to a person. A person has one at most.
CREATE TABLE credential_offer (
    digest     TEXT NOT NULL PRIMARY KEY,    -- of the code
    person     TEXT NOT NULL,
    loa        TEXT NOT NULL CHECK (loa IN ('low', 'substantial', 'high')),
    provenance TEXT NOT NULL,                -- JSON
    mac        TEXT NOT NULL,                -- of what was mailed
    tries      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at   BIGINT
);
CREATE INDEX credential_offer_person ON credential_offer (person);
CREATE INDEX credential_offer_expires ON credential_offer (expires_at);

CREATE TABLE credential_token (
    digest     TEXT NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    loa        TEXT NOT NULL CHECK (loa IN ('low', 'substantial', 'high')),
    provenance TEXT NOT NULL,                -- JSON
    holder     TEXT,                         -- the thumbprint of the key that it is bound to
    remaining  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX credential_token_person ON credential_token (person);
CREATE INDEX credential_token_expires ON credential_token (expires_at);

-- Never removed: a place in a status list is given once.
CREATE TABLE issued_credential (
    id           TEXT NOT NULL PRIMARY KEY,
    person       TEXT NOT NULL,
    format       TEXT NOT NULL CHECK (format IN ('dc+sd-jwt', 'mso_mdoc')),
    list         BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    loa          TEXT NOT NULL CHECK (loa IN ('low', 'substantial', 'high')),
    provenance   TEXT NOT NULL,              -- JSON
    holder       TEXT NOT NULL,              -- the thumbprint of the holder's key
    notification TEXT NOT NULL,              -- the digest of its notification's identifier
    notified     TEXT,
    issued_at    BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    UNIQUE (list, place)
);
CREATE INDEX issued_credential_person ON issued_credential (person);
CREATE INDEX issued_credential_notification ON issued_credential (notification);
CREATE INDEX issued_credential_revoked ON issued_credential (list) WHERE revoked_at IS NOT NULL;

-- The anchor is the first of its role for good; of signers the last one signs.
CREATE TABLE issuer_key (
    role        TEXT NOT NULL CHECK (role IN ('anchor', 'signer')),
    nth         BIGINT NOT NULL,
    sealed      BYTEA NOT NULL,
    certificate BYTEA NOT NULL,
    made_at     BIGINT NOT NULL,
    PRIMARY KEY (role, nth)
);
