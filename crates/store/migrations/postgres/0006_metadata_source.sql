-- Where the metadata of a service is read again, if not from an operator's file.

CREATE TABLE metadata_source (
    client  TEXT NOT NULL PRIMARY KEY,       -- its entity ID
    url     TEXT NOT NULL,
    signers TEXT NOT NULL,                   -- pinned certificates, as the broker writes them; may be empty
    due_at  BIGINT NOT NULL
);
CREATE INDEX metadata_source_due ON metadata_source (due_at);
