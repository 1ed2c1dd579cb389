-- Everything that the gateway keeps. Instants are microseconds since 1970-01-01T00:00:00Z;
-- digests, identifiers and JSON are text. The tables, columns and rules are those of the
-- SQLite file of the same name: BIGINT there is INTEGER, BYTEA is BLOB.

CREATE TABLE person (
    id                 TEXT NOT NULL PRIMARY KEY,
    user_name          TEXT,                 -- the first one given
    standing           TEXT NOT NULL CHECK (standing IN ('open', 'frozen')),
    password           TEXT,                 -- a PHC string; none before activation
    password_at        BIGINT,
    epoch              BIGINT NOT NULL,
    enrolments         BIGINT NOT NULL,
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
    created_at         BIGINT NOT NULL
);

CREATE TABLE user_name (
    name   TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id)
);

CREATE TABLE authenticator (
    id            TEXT NOT NULL PRIMARY KEY,
    person        TEXT NOT NULL UNIQUE REFERENCES person (id),
    sealed_key    BYTEA NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'inactive', 'frozen')),
    last_step     BIGINT NOT NULL,
    binding       TEXT NOT NULL,             -- JSON
    usable_from   BIGINT NOT NULL,
    nth           BIGINT NOT NULL,
    bound_at      BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    deletion_hash TEXT NOT NULL
);

CREATE TABLE activation (
    person     TEXT NOT NULL PRIMARY KEY,
    mac        TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX activation_expires ON activation (expires_at);

CREATE TABLE not_me (
    digest     TEXT NOT NULL PRIMARY KEY,
    person     TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX not_me_expires ON not_me (expires_at);

CREATE TABLE attempts (
    key        TEXT NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    attempts   TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX attempts_expires ON attempts (expires_at);

CREATE TABLE used_once (
    kind       TEXT NOT NULL,
    digest     TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX used_once_expires ON used_once (expires_at);

CREATE TABLE login (
    id         TEXT NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    browser    TEXT NOT NULL,
    login      TEXT NOT NULL,                -- JSON
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_expires ON login (expires_at);

CREATE TABLE session (
    digest           TEXT NOT NULL PRIMARY KEY,
    kind             TEXT NOT NULL CHECK (kind IN ('account', 'enrolment', 'single_sign_on')),
    person           TEXT NOT NULL,
    user_name        TEXT NOT NULL,
    method           TEXT NOT NULL,
    loa              TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    proved_at        BIGINT NOT NULL,
    started_at       BIGINT NOT NULL,
    idle_until       BIGINT NOT NULL,
    ends_at          BIGINT NOT NULL,
    login_id         TEXT,
    ending           BIGINT NOT NULL DEFAULT 0  -- 1 only within the transaction that ends it
);
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
);

CREATE TABLE enrolment (
    person     TEXT NOT NULL PRIMARY KEY,
    session    TEXT NOT NULL REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    enrolment  TEXT NOT NULL,                -- JSON
    expires_at BIGINT NOT NULL
);
CREATE INDEX enrolment_session ON enrolment (session);
CREATE INDEX enrolment_expires ON enrolment (expires_at);

CREATE TABLE code (
    digest     TEXT NOT NULL PRIMARY KEY,
    client     TEXT NOT NULL,
    person     TEXT NOT NULL,
    session    TEXT NOT NULL REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE,
    granted    TEXT NOT NULL,                -- JSON
    expires_at BIGINT NOT NULL,
    spent_at   BIGINT
);
CREATE INDEX code_session ON code (session);
CREATE INDEX code_expires ON code (expires_at);

-- A token's session is its code's.
CREATE TABLE token (
    digest     TEXT NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL REFERENCES code (digest) ON DELETE CASCADE,
    client     TEXT NOT NULL,
    person     TEXT NOT NULL,
    granted    TEXT NOT NULL,                -- JSON
    expires_at BIGINT NOT NULL
);
CREATE INDEX token_code ON token (code);
CREATE INDEX token_expires ON token (expires_at);

CREATE TABLE client (
    id       TEXT NOT NULL PRIMARY KEY,
    service  TEXT NOT NULL,                  -- JSON
    metadata TEXT NOT NULL,                  -- JSON, RFC 7591
    state    TEXT NOT NULL CHECK (state IN ('enabled', 'disabled'))
);

CREATE TABLE signing_key (
    kid          TEXT NOT NULL PRIMARY KEY,
    algorithm    TEXT NOT NULL,
    sealed       BYTEA NOT NULL,
    published_at BIGINT NOT NULL,
    active_at    BIGINT NOT NULL
);

-- Raised whenever clients or signing keys are written.
CREATE TABLE revision (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL
);
INSERT INTO revision (id, number) VALUES (1, 0);

CREATE TABLE outbox (
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('mail', 'back_channel_logout')),
    body         TEXT NOT NULL,              -- JSON; emptied when delivered
    tries        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    delivered_at BIGINT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE delivered_at IS NULL;
CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE delivered_at IS NOT NULL;

CREATE TABLE audit (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       BIGINT NOT NULL,
    person   TEXT,
    event    TEXT NOT NULL,
    detail   TEXT NOT NULL
);
CREATE INDEX audit_person ON audit (person, sequence) WHERE person IS NOT NULL;
