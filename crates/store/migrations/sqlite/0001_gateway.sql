-- Everything that the gateway keeps. Instants are microseconds since 1970-01-01T00:00:00Z;
-- digests, identifiers and JSON are text. The tables, columns and rules are those of the
-- PostgreSQL file of the same name: INTEGER there is BIGINT, BLOB is BYTEA.

CREATE TABLE person (
    id                 TEXT NOT NULL PRIMARY KEY,
    user_name          TEXT,                 -- the first one given
    standing           TEXT NOT NULL CHECK (standing IN ('open', 'frozen')),
    password           TEXT,                 -- a PHC string; none before activation
    password_at        INTEGER,
    epoch              INTEGER NOT NULL,
    enrolments         INTEGER NOT NULL,
    lang               TEXT NOT NULL,
    family_name        TEXT NOT NULL,
    given_name         TEXT NOT NULL,
    birth_family_name  TEXT NOT NULL,
    birth_given_name   TEXT NOT NULL,
    birth_country      TEXT NOT NULL,
    birth_region       TEXT,
    birth_locality     TEXT NOT NULL,
    birth_date         TEXT NOT NULL,
    mother_family_name TEXT NOT NULL,
    mother_given_name  TEXT NOT NULL,
    nationalities      TEXT NOT NULL,        -- separated by one space
    email              TEXT NOT NULL,
    created_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE user_name (
    name   TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authenticator (
    id            TEXT NOT NULL PRIMARY KEY,
    person        TEXT NOT NULL UNIQUE REFERENCES person (id),
    sealed_key    BLOB NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'inactive', 'frozen')),
    last_step     INTEGER NOT NULL,
    binding       TEXT NOT NULL,             -- JSON
    usable_from   INTEGER NOT NULL,
    nth           INTEGER NOT NULL,
    bound_at      INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    deletion_hash TEXT NOT NULL
) STRICT;

CREATE TABLE activation (
    person     TEXT NOT NULL PRIMARY KEY,
    mac        TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX activation_expires ON activation (expires_at);

CREATE TABLE not_me (
    digest     TEXT NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX not_me_expires ON not_me (expires_at);

CREATE TABLE attempts (
    key        TEXT NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    attempts   TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_expires ON attempts (expires_at);

CREATE TABLE used_once (
    kind       TEXT NOT NULL,
    digest     TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_once_expires ON used_once (expires_at);

CREATE TABLE login (
    id         TEXT NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    browser    TEXT NOT NULL,
    login      TEXT NOT NULL,                -- JSON
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_expires ON login (expires_at);

CREATE TABLE session (
    digest           TEXT NOT NULL PRIMARY KEY,
    kind             TEXT NOT NULL CHECK (kind IN ('account', 'enrolment', 'single_sign_on')),
    person           TEXT NOT NULL,
    user_name        TEXT NOT NULL,
    method           TEXT NOT NULL,
    loa              TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    proved_at        INTEGER NOT NULL,
    started_at       INTEGER NOT NULL,
    idle_until       INTEGER NOT NULL,
    ends_at          INTEGER NOT NULL,
    login_id         TEXT,
    ending           INTEGER NOT NULL DEFAULT 0  -- 1 only within the transaction that ends it
) STRICT;
CREATE INDEX session_person ON session (person);
CREATE INDEX session_idle ON session (idle_until);
CREATE INDEX session_ending ON session (ending) WHERE ending = 1;

-- What hangs on a session moves with it and falls with it.
CREATE TABLE participation (
    session     TEXT NOT NULL REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE,
    client      TEXT NOT NULL,
    sid         TEXT NOT NULL,
    subject     TEXT NOT NULL,
    logout_id   TEXT,
    logout_kind TEXT,
    logout_body TEXT,
    PRIMARY KEY (session, client)
) STRICT;

CREATE TABLE enrolment (
    person     TEXT NOT NULL PRIMARY KEY,
    session    TEXT NOT NULL REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    enrolment  TEXT NOT NULL,                -- JSON
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX enrolment_session ON enrolment (session);
CREATE INDEX enrolment_expires ON enrolment (expires_at);

CREATE TABLE code (
    digest     TEXT NOT NULL PRIMARY KEY,
    client     TEXT NOT NULL,
    person     TEXT NOT NULL,
    session    TEXT NOT NULL REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE,
    granted    TEXT NOT NULL,                -- JSON
    expires_at INTEGER NOT NULL,
    spent_at   INTEGER
) STRICT;
CREATE INDEX code_session ON code (session);
CREATE INDEX code_expires ON code (expires_at);

-- A token's session is its code's.
CREATE TABLE token (
    digest     TEXT NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL REFERENCES code (digest) ON DELETE CASCADE,
    client     TEXT NOT NULL,
    person     TEXT NOT NULL,
    granted    TEXT NOT NULL,                -- JSON
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX token_code ON token (code);
CREATE INDEX token_expires ON token (expires_at);

CREATE TABLE client (
    id       TEXT NOT NULL PRIMARY KEY,
    service  TEXT NOT NULL,                  -- JSON
    metadata TEXT NOT NULL,                  -- JSON, RFC 7591
    state    TEXT NOT NULL CHECK (state IN ('enabled', 'disabled'))
) STRICT;

CREATE TABLE signing_key (
    kid          TEXT NOT NULL PRIMARY KEY,
    algorithm    TEXT NOT NULL,
    sealed       BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    active_at    INTEGER NOT NULL
) STRICT;

-- Raised whenever clients or signing keys are written.
CREATE TABLE revision (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, number) VALUES (1, 0);

CREATE TABLE outbox (
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('mail', 'back_channel_logout')),
    body         TEXT NOT NULL,              -- JSON; emptied when delivered
    tries        INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    delivered_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE delivered_at IS NULL;
CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE delivered_at IS NOT NULL;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    person   TEXT,
    event    TEXT NOT NULL,
    detail   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_person ON audit (person, sequence) WHERE person IS NOT NULL;
