-- Erasing a journey, and wrapping the others anew. Both are done as relais_retention, by these functions and no other way:
-- the pages (relais_app) can neither take a shred secret away nor replace one.

-- The house keys that a stored shred secret may be under: the newest, and while a rotation lasts those before. Once a
-- number is gone from here nothing can be stored under that key. They are the installation's and of no network.
CREATE TABLE relais.house_key (number integer PRIMARY KEY CHECK (number > 0));
INSERT INTO relais.house_key (number) SELECT 1 UNION SELECT house_key FROM relais.shred_secret;
ALTER TABLE relais.shred_secret ADD FOREIGN KEY (house_key) REFERENCES relais.house_key;

-- What was erased: nothing more is ever stored about it.
CREATE TABLE relais.erased (
    network uuid NOT NULL,
    originator uuid NOT NULL,
    PRIMARY KEY (network, originator)
);
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON relais.erased
    FOR EACH ROW EXECUTE FUNCTION relais.refuse_change();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON relais.erased
    FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change();

-- Whoever decided before an erasure and stores after it is refused as where somebody else was first. The lock that
-- relais.record takes on a journey is the one that relais.erase takes, so the two never cross.
CREATE FUNCTION relais.refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM relais.erased WHERE network = NEW.network AND originator = NEW.originator) THEN
        RAISE EXCEPTION 'erased' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_erased BEFORE INSERT ON relais.event
    FOR EACH ROW WHEN (NEW.originator <> NEW.network) EXECUTE FUNCTION relais.refuse_erased();
CREATE TRIGGER not_erased BEFORE INSERT ON relais.grant_set
    FOR EACH ROW EXECUTE FUNCTION relais.refuse_erased();

-- Destroys what opens a journey or summary, with the house's ledger entries that name it. The grants given are those that
-- the entries name, by the SHA-256 of their envelopes. Answers 1; 0 where it was erased before; -1 where other grants are
-- there: read them again.
CREATE FUNCTION relais.erase(
    p_network uuid,
    p_originator uuid,
    p_grant_epochs bytea[],
    p_grant_holders uuid[],
    p_grant_generations integer[],
    p_grant_digests bytea[],
    p_headers bytea[],
    p_session_key bytea,
    p_bodies bytea[],
    p_key_holders uuid[],
    p_key_generations integer[],
    p_key_envelopes bytea[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_before boolean;
    v_entry bigint;
BEGIN
    IF p_originator = p_network THEN
        RAISE EXCEPTION 'the directory stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(p_originator::text, 2));
    v_before := EXISTS (SELECT FROM relais.erased WHERE network = p_network AND originator = p_originator);
    IF NOT v_before AND EXISTS (
        WITH stored AS (
            SELECT epoch, holder, generation, sha256(envelope) AS digest FROM relais.epoch_grant
            WHERE network = p_network AND originator = p_originator AND envelope IS NOT NULL
        ), given AS (
            SELECT * FROM unnest(p_grant_epochs, p_grant_holders, p_grant_generations, p_grant_digests)
        )
        (TABLE stored EXCEPT TABLE given) UNION ALL (TABLE given EXCEPT TABLE stored)
    ) THEN
        RETURN -1;
    END IF;
    DELETE FROM relais.epoch_grant WHERE network = p_network AND originator = p_originator;
    DELETE FROM relais.card WHERE network = p_network AND originator = p_originator;
    DELETE FROM relais.shred_secret WHERE network = p_network AND originator = p_originator;
    DELETE FROM relais.session_keys WHERE originator = p_originator;
    IF v_before THEN
        RETURN 0;
    END IF;
    INSERT INTO relais.erased (network, originator) VALUES (p_network, p_originator);
    FOR place IN 1 .. cardinality(p_headers) LOOP
        INSERT INTO relais.ledger_entry (network, header) VALUES (p_network, p_headers[place])
            RETURNING id INTO v_entry;
        INSERT INTO relais.ledger_body (entry, network, subject, session_key, body)
            VALUES (v_entry, p_network, p_originator, p_session_key, p_bodies[place]);
    END LOOP;
    INSERT INTO relais.ledger_key (network, session_key, holder, generation, envelope)
        SELECT p_network, p_session_key, given.*
        FROM unnest(p_key_holders, p_key_generations, p_key_envelopes) AS given;
    RETURN 1;
END $$;

-- Puts shred secrets under another house key, each where it is still what was read. Answers how many.
CREATE FUNCTION relais.wrap_anew(
    p_networks uuid[], p_originators uuid[], p_before bytea[], p_after bytea[], p_house_key integer
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_number integer;
BEGIN
    UPDATE relais.shred_secret AS s SET house_key = p_house_key, envelope = given.after
        FROM unnest(p_networks, p_originators, p_before, p_after) AS given (network, originator, before, after)
        WHERE s.network = given.network AND s.originator = given.originator AND s.envelope = given.before;
    GET DIAGNOSTICS v_number = ROW_COUNT;
    RETURN v_number;
END $$;

REVOKE EXECUTE ON FUNCTION relais.erase, relais.wrap_anew, relais.refuse_erased FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.erase, relais.wrap_anew TO relais_retention;
REVOKE UPDATE, DELETE ON relais.shred_secret FROM relais_app;
GRANT SELECT ON relais.erased, relais.house_key TO relais_app;
GRANT SELECT, INSERT, DELETE ON relais.house_key TO relais_retention;
