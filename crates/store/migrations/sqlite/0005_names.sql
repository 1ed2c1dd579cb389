-- A service may know a person by several names in one session, each of a kind.

CREATE TABLE participation_named (
    session     TEXT NOT NULL REFERENCES session (digest) ON UPDATE CASCADE ON DELETE CASCADE,
    client      TEXT NOT NULL,
    sid         TEXT NOT NULL,
    subject     TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('transient', 'persistent', 'email_address')),
    logout_id   TEXT,
    logout_kind TEXT,
    logout_body TEXT,
    PRIMARY KEY (session, client, subject)
) STRICT;
-- Until now the kind was told by the name; that of a client of OpenID Connect is never asked for.
INSERT INTO participation_named
    SELECT session, client, sid, subject,
        CASE WHEN substr(subject, 1, 1) = '_' THEN 'transient' WHEN subject LIKE '%@%' THEN 'email_address'
            ELSE 'persistent' END,
        logout_id, logout_kind, logout_body
    FROM participation;
DROP TABLE participation;
ALTER TABLE participation_named RENAME TO participation;
CREATE INDEX participation_known ON participation (client, subject);
