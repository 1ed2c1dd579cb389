-- Other identity providers: what was asked of them, and how sure the proof was that linked a person.

ALTER TABLE linked ADD COLUMN loa TEXT NOT NULL DEFAULT 'low' CHECK (loa IN ('low', 'substantial', 'high'));

-- A request to another identity provider, until it is answered; or its answer, until the browser that began fetches it.
CREATE TABLE upstream_request (
    digest     TEXT NOT NULL PRIMARY KEY,
    request    TEXT NOT NULL,                -- JSON of the broker
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX upstream_request_expires ON upstream_request (expires_at);

-- The keys of this installation as a service of other identity providers. They stay, since partners keep them by hand.
CREATE TABLE upstream_key (
    purpose     TEXT NOT NULL PRIMARY KEY CHECK (purpose IN ('signing', 'decryption')),
    sealed      BLOB NOT NULL,
    certificate BLOB NOT NULL
) STRICT, WITHOUT ROWID;
