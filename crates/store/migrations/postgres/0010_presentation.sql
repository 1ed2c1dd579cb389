-- Signing in by a wallet: what was asked of one, whom its credentials name, and our key as a verifier.

-- A request to a wallet, until the browser that began has taken what came of it.
CREATE TABLE presentation (
    id            TEXT NOT NULL PRIMARY KEY,
    login         TEXT NOT NULL,             -- the sign-in that it is for
    browser       TEXT NOT NULL,             -- digest of the cookie of the browser that began
    carrier       TEXT NOT NULL CHECK (carrier IN ('link', 'qr')),
    stage         TEXT NOT NULL CHECK (stage IN ('waiting', 'fetched', 'judging', 'answered', 'digits', 'done', 'refused', 'failed')),
    typed         TEXT UNIQUE,               -- digest of what may be typed in place of the picture
    response_code TEXT UNIQUE,               -- digest of what the wallet's redirect brings
    phone         TEXT,                      -- digest of the cookie of the browser that the digits are shown in
    sealed        BYTEA NOT NULL,             -- what was asked, then what was shown; nothing when it is over
    tries         BIGINT NOT NULL,
    began_at      BIGINT NOT NULL,
    shown_until   BIGINT NOT NULL,          -- when the picture lapses
    expires_at    BIGINT NOT NULL
);
CREATE INDEX presentation_login ON presentation (login);
CREATE INDEX presentation_expires ON presentation (expires_at);

-- A person as an issuer of credentials knows them.
CREATE TABLE wallet_identity (
    issuer    TEXT NOT NULL,
    number    TEXT NOT NULL,                 -- personal_administrative_number
    person    TEXT NOT NULL REFERENCES person (id),
    basis     TEXT NOT NULL CHECK (basis IN ('owner_proof', 'issued')),
    loa       TEXT NOT NULL CHECK (loa IN ('low', 'substantial', 'high')),
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, number)
);
CREATE INDEX wallet_identity_person ON wallet_identity (person);

-- The key that signs requests to wallets, and its authority. It stays: wallets know the authority.
CREATE TABLE verifier_key (
    purpose     TEXT NOT NULL PRIMARY KEY CHECK (purpose IN ('requests')),
    sealed      BYTEA NOT NULL,
    certificate BYTEA NOT NULL,
    anchor      BYTEA NOT NULL
);
