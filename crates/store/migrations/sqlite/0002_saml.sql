-- Services that speak SAML, what persons agreed to, and answers that wait to be fetched.

ALTER TABLE client ADD COLUMN protocol TEXT NOT NULL DEFAULT 'openid_connect';

-- What a person agreed that a service receives. A set that grew is asked for anew.
CREATE TABLE consent (
    person   TEXT NOT NULL REFERENCES person (id),
    service  TEXT NOT NULL,
    released TEXT NOT NULL,                  -- names separated by one space, in order
    given_at INTEGER NOT NULL,
    PRIMARY KEY (person, service)
) STRICT, WITHOUT ROWID;

-- An answer that its service fetches with an artifact, once.
CREATE TABLE artifact (
    digest     TEXT NOT NULL PRIMARY KEY,
    service    TEXT NOT NULL,
    message    BLOB NOT NULL,                -- sealed
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX artifact_expires ON artifact (expires_at);

-- A person as another identity provider knows it, linked once by the account's owner.
CREATE TABLE linked (
    issuer    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    person    TEXT NOT NULL REFERENCES person (id),
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX linked_person ON linked (person);
