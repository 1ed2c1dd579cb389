-- A wallet asks for credentials by itself: its request waits for the person, and becomes a code, and a token.

CREATE TABLE pushed_request (
    digest     TEXT NOT NULL PRIMARY KEY,    -- of what is in its name
    client     TEXT NOT NULL,
    request    TEXT NOT NULL,                -- JSON
    expires_at BIGINT NOT NULL
);
CREATE INDEX pushed_request_expires ON pushed_request (expires_at);

-- Of one that an offer became there is no code, and it is good for whatever is issued.
ALTER TABLE credential_token ADD COLUMN code TEXT REFERENCES code (digest) ON DELETE CASCADE;
ALTER TABLE credential_token ADD COLUMN scope TEXT;
CREATE INDEX credential_token_code ON credential_token (code);
