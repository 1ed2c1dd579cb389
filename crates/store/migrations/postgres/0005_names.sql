-- A service may know a person by several names in one session, each of a kind.

ALTER TABLE participation ADD COLUMN kind TEXT CHECK (kind IN ('transient', 'persistent', 'email_address'));
-- Until now the kind was told by the name; that of a client of OpenID Connect is never asked for.
UPDATE participation SET kind =
    CASE WHEN substr(subject, 1, 1) = '_' THEN 'transient' WHEN subject LIKE '%@%' THEN 'email_address'
        ELSE 'persistent' END;
ALTER TABLE participation ALTER COLUMN kind SET NOT NULL;
ALTER TABLE participation DROP CONSTRAINT participation_pkey;
ALTER TABLE participation ADD PRIMARY KEY (session, client, subject);
