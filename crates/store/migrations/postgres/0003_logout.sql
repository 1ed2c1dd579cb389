-- Single logout: sessions found by what a service knows them by, and sign-outs that go through the browser.

CREATE INDEX participation_known ON participation (client, subject);

-- Services that are told of a sign-out one after the other, by the browser that it began in.
CREATE TABLE logout (
    id         TEXT NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    browser    TEXT NOT NULL,                -- digest of its cookie
    round      TEXT NOT NULL,                -- JSON of the broker
    expires_at BIGINT NOT NULL
);
CREATE INDEX logout_browser ON logout (browser);
CREATE INDEX logout_expires ON logout (expires_at);
