-- The store of Relais. What lies in clear here is the list of docs/threat-model.md, and a test reads it out of a dump.
-- Every table names its network. Nothing carries a time: times are inside what is sealed.

CREATE SCHEMA relais;

-- Events of journeys and summaries (sealed) and lines of the directory (in clear, signed; originator = network).
CREATE TABLE relais.event (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    state bytea NOT NULL,
    PRIMARY KEY (network, originator, version)
);

-- Who was granted an epoch, ever, in one act: signed by the session that did it. The payload names every grant of the
-- act by its digest, and stays when a grant is destroyed.
CREATE TABLE relais.grant_set (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    epoch bytea NOT NULL CHECK (octet_length(epoch) = 32),
    ordinal integer NOT NULL CHECK (ordinal >= 0),
    payload bytea NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (network, originator, epoch, ordinal)
);

-- An epoch's key sealed to one holder. The envelope is taken out when a restriction destroys the grant.
CREATE TABLE relais.epoch_grant (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    epoch bytea NOT NULL CHECK (octet_length(epoch) = 32),
    holder uuid NOT NULL,
    generation integer NOT NULL CHECK (generation > 0),
    envelope bytea,
    PRIMARY KEY (network, originator, epoch, holder, generation)
);
CREATE INDEX epoch_grant_holder ON relais.epoch_grant (network, holder, originator, epoch);

-- What a list shows of a journey or a summary; face 1 under identity, 2 under frame, 3 under a summary's frame.
CREATE TABLE relais.card (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    face smallint NOT NULL CHECK (face BETWEEN 1 AND 3),
    version integer NOT NULL,
    epoch bytea NOT NULL CHECK (octet_length(epoch) = 32),
    envelope bytea NOT NULL,
    PRIMARY KEY (network, originator, face)
);

-- The house keys that a stored shred secret may be under: the newest, and while a rotation lasts those before. Once a
-- number is gone from here nothing can be stored under that key. They are the installation's and of no network.
CREATE TABLE relais.house_key (number integer PRIMARY KEY CHECK (number > 0));
INSERT INTO relais.house_key (number) VALUES (1);

-- The secret that erasure destroys, wrapped under a house key that is not in the database.
CREATE TABLE relais.shred_secret (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    house_key integer NOT NULL REFERENCES relais.house_key,
    envelope bytea NOT NULL,
    PRIMARY KEY (network, originator)
);

-- The journeys and summaries that were erased: nothing more is ever stored about one.
CREATE TABLE relais.erased (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    PRIMARY KEY (network, originator)
);

-- A group's private half sealed to one member (a referent), or an older one sealed to the group's newer generation.
CREATE TABLE relais.group_secret (
    network uuid NOT NULL,
    holder uuid NOT NULL,
    generation integer NOT NULL,
    member uuid NOT NULL,
    member_generation integer NOT NULL,
    envelope bytea NOT NULL,
    PRIMARY KEY (network, holder, generation, member, member_generation)
);
CREATE INDEX group_secret_member ON relais.group_secret (network, member);

-- A referent's key bundle under their passphrase, and their own sealed space.
CREATE TABLE relais.account (
    network uuid NOT NULL,
    referent uuid NOT NULL,
    bundle bytea NOT NULL,
    space bytea,
    PRIMARY KEY (network, referent)
);

-- The ledger. The transaction id is taken before the number, so a reader can tell a gap that may still be filled.
CREATE TABLE relais.ledger_entry (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network uuid NOT NULL,
    header bytea NOT NULL
);
CREATE UNIQUE INDEX ledger_entry_header ON relais.ledger_entry (sha256(header));

CREATE TABLE relais.ledger_body (
    entry bigint PRIMARY KEY,
    network uuid NOT NULL,
    subject uuid NOT NULL,
    session_key bytea NOT NULL,
    body bytea NOT NULL,
    trace_epoch bytea,
    trace bytea
);
CREATE INDEX ledger_body_subject ON relais.ledger_body (network, subject, entry);

-- A session's ledger key, sealed to the coordination and to the second auditor.
CREATE TABLE relais.ledger_key (
    network uuid NOT NULL,
    session_key bytea NOT NULL,
    holder uuid NOT NULL,
    generation integer NOT NULL,
    envelope bytea NOT NULL,
    PRIMARY KEY (network, session_key, holder, generation)
);

-- The order of the ledger: leaves of one Merkle tree for each network, and the signed checkpoints over it.
CREATE TABLE relais.ledger_leaf (
    network uuid NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    entry bigint NOT NULL UNIQUE,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    PRIMARY KEY (network, position)
);
CREATE TABLE relais.checkpoint (
    network uuid NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (network, size)
);

-- Sessions: not in the write-ahead log, no replica, no base backup; our dumps leave them out. The finder is derived from
-- the cookie's secret, and so is the key of what is sealed: the table alone opens nothing and names nobody.
CREATE UNLOGGED TABLE relais.session (
    finder bytea PRIMARY KEY,
    network uuid NOT NULL,
    sealed bytea NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNLOGGED TABLE relais.session_keys (
    finder bytea NOT NULL REFERENCES relais.session ON DELETE CASCADE,
    originator uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (finder, originator)
);

-- Recorded rows stay: by the privileges below, and by these triggers against the owner's own hand.
CREATE FUNCTION relais.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['event', 'grant_set', 'erased', 'ledger_entry', 'ledger_body', 'ledger_key',
                                'ledger_leaf', 'checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON relais.%I
                        FOR EACH ROW EXECUTE FUNCTION relais.refuse_change()', name);
        EXECUTE format('CREATE TRIGGER stays_whole BEFORE TRUNCATE ON relais.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change()', name);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA relais TO relais_app, relais_retention;
GRANT SELECT, INSERT ON relais.event, relais.grant_set, relais.ledger_entry, relais.ledger_body, relais.ledger_key,
    relais.ledger_leaf, relais.checkpoint TO relais_app;
GRANT SELECT, INSERT ON relais.epoch_grant, relais.card, relais.shred_secret, relais.group_secret, relais.account
    TO relais_app;
GRANT UPDATE (envelope) ON relais.epoch_grant TO relais_app;
GRANT UPDATE ON relais.card TO relais_app;
GRANT UPDATE (bundle, space) ON relais.account TO relais_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON relais.session, relais.session_keys TO relais_app;
-- The pages can neither take a shred secret away nor replace one: relais_retention does, by the functions of erasure.
GRANT SELECT ON relais.erased, relais.house_key TO relais_app;
GRANT SELECT, INSERT, DELETE ON relais.house_key TO relais_retention;
