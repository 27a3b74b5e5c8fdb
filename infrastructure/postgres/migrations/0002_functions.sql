-- What is asked of the store as one call: an act, the opening of a journey, an erasure.

-- Nothing is stored about a journey that was erased, even if it was decided before: the writer is refused as if
-- somebody else had been first. relais.record and relais.erase take the same lock on a journey, so the two never cross.
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

-- Stores one act: its rows and its ledger entry commit together, or neither does. Answers the ledger entry's number; 0
-- if this very act is already stored (the answer to the first try was lost); -1 if the journey has moved since the act
-- was decided; -2 if the directory has.
--
-- No table lock: appends to one journey wait for each other, appends and a change of the directory exclude each other,
-- all else goes on side by side. An event's version is looked for from where it should stand, not among all of its
-- journey.
CREATE FUNCTION relais.record(
    p_network uuid, p_originator uuid, p_expected integer, p_counter integer, p_states bytea[],
    p_set_epochs bytea[], p_set_ordinals integer[], p_set_payloads bytea[], p_set_signatures bytea[],
    p_grant_epochs bytea[], p_grant_holders uuid[], p_grant_generations integer[], p_grant_envelopes bytea[],
    p_destroyed_epochs bytea[], p_destroyed_holders uuid[],
    p_card_faces smallint[], p_card_epochs bytea[], p_card_envelopes bytea[],
    p_shred_key integer, p_shred bytea,
    p_header bytea, p_subject uuid, p_session_key bytea, p_body bytea, p_trace_epoch bytea, p_trace bytea
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_version integer;
    v_entry bigint;
BEGIN
    IF p_originator IS NOT DISTINCT FROM p_network THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_network::text, 1));
    ELSE
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_network::text, 1));
    END IF;
    IF p_expected IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_originator::text, 2));
        SELECT max(version) INTO v_version FROM relais.event
            WHERE network = p_network AND originator = p_originator AND version >= p_expected;
        IF coalesce(v_version, 0) <> p_expected THEN
            IF EXISTS (SELECT FROM relais.ledger_entry WHERE sha256(header) = sha256(p_header)) THEN
                RETURN 0;
            END IF;
            RETURN -1;
        END IF;
    END IF;
    IF p_counter IS NOT NULL THEN
        SELECT max(version) INTO v_version FROM relais.event
            WHERE network = p_network AND originator = p_network AND version >= p_counter;
        IF coalesce(v_version, 0) <> p_counter THEN
            RETURN -2;
        END IF;
    END IF;
    INSERT INTO relais.ledger_entry (network, header) VALUES (p_network, p_header)
        ON CONFLICT (sha256(header)) DO NOTHING RETURNING id INTO v_entry;
    IF v_entry IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO relais.ledger_body (entry, network, subject, session_key, body, trace_epoch, trace)
        VALUES (v_entry, p_network, p_subject, p_session_key, p_body, p_trace_epoch, p_trace);
    IF p_states IS NOT NULL THEN
        INSERT INTO relais.event (network, originator, version, state)
            SELECT p_network, p_originator, p_expected + place, state
            FROM unnest(p_states) WITH ORDINALITY AS given (state, place);
    END IF;
    IF p_set_epochs IS NOT NULL THEN
        INSERT INTO relais.grant_set (network, originator, epoch, ordinal, payload, signature)
            SELECT p_network, p_originator, given.*
            FROM unnest(p_set_epochs, p_set_ordinals, p_set_payloads, p_set_signatures) AS given;
    END IF;
    IF p_grant_epochs IS NOT NULL THEN
        INSERT INTO relais.epoch_grant (network, originator, epoch, holder, generation, envelope)
            SELECT p_network, p_originator, given.*
            FROM unnest(p_grant_epochs, p_grant_holders, p_grant_generations, p_grant_envelopes) AS given;
    END IF;
    IF p_destroyed_epochs IS NOT NULL THEN
        UPDATE relais.epoch_grant AS g SET envelope = NULL
            FROM unnest(p_destroyed_epochs, p_destroyed_holders) AS d (epoch, holder)
            WHERE g.network = p_network AND g.originator = p_originator AND g.epoch = d.epoch
              AND g.holder = d.holder;
    END IF;
    IF p_card_faces IS NOT NULL THEN
        INSERT INTO relais.card (network, originator, face, version, epoch, envelope)
            SELECT p_network, p_originator, face, p_expected + coalesce(cardinality(p_states), 0), epoch, envelope
            FROM unnest(p_card_faces, p_card_epochs, p_card_envelopes) AS given (face, epoch, envelope)
            ON CONFLICT (network, originator, face) DO UPDATE
            SET version = excluded.version, epoch = excluded.epoch, envelope = excluded.envelope;
    END IF;
    IF p_shred IS NOT NULL THEN
        INSERT INTO relais.shred_secret (network, originator, house_key, envelope)
            VALUES (p_network, p_originator, p_shred_key, p_shred);
    END IF;
    RETURN v_entry;
END $$;

-- Gives a session everything that it needs of a journey but its entries, which are read first: what is read here is
-- never older. ``grants`` are those of the session's own holders for the epochs that it has not opened yet; ``payloads``
-- and ``signatures`` name every holder that an epoch was ever granted to.
CREATE FUNCTION relais.load(
    p_network uuid, p_originator uuid, p_holders uuid[], p_known bytea[],
    OUT counter integer, OUT payloads bytea[], OUT signatures bytea[],
    OUT grant_epochs bytea[], OUT grant_holders uuid[], OUT grant_generations integer[], OUT grant_envelopes bytea[],
    OUT destroyed_epochs bytea[], OUT destroyed_holders uuid[],
    OUT card_faces smallint[], OUT card_versions integer[], OUT card_epochs bytea[], OUT card_envelopes bytea[],
    OUT shred_key integer, OUT shred bytea
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT version INTO counter FROM relais.event
        WHERE network = p_network AND originator = p_network ORDER BY version DESC LIMIT 1;
    counter := coalesce(counter, 0);
    -- To whoever holds nothing here, a journey that exists and one that does not cost and answer the same.
    IF NOT EXISTS (SELECT FROM relais.epoch_grant AS g
                   WHERE g.network = p_network AND g.originator = p_originator AND g.holder = ANY (p_holders)) THEN
        RETURN;
    END IF;
    SELECT array_agg(s.payload ORDER BY s.epoch, s.ordinal), array_agg(s.signature ORDER BY s.epoch, s.ordinal)
        INTO payloads, signatures
        FROM relais.grant_set AS s WHERE s.network = p_network AND s.originator = p_originator;
    SELECT array_agg(g.epoch), array_agg(g.holder), array_agg(g.generation), array_agg(g.envelope)
        INTO grant_epochs, grant_holders, grant_generations, grant_envelopes
        FROM relais.epoch_grant AS g
        WHERE g.network = p_network AND g.originator = p_originator AND g.holder = ANY (p_holders)
          AND g.envelope IS NOT NULL AND g.epoch <> ALL (p_known);
    SELECT array_agg(g.epoch), array_agg(g.holder) INTO destroyed_epochs, destroyed_holders
        FROM relais.epoch_grant AS g
        WHERE g.network = p_network AND g.originator = p_originator AND g.envelope IS NULL;
    SELECT array_agg(c.face), array_agg(c.version), array_agg(c.epoch), array_agg(c.envelope)
        INTO card_faces, card_versions, card_epochs, card_envelopes
        FROM relais.card AS c WHERE c.network = p_network AND c.originator = p_originator;
    SELECT s.house_key, s.envelope INTO shred_key, shred FROM relais.shred_secret AS s
        WHERE s.network = p_network AND s.originator = p_originator;
END $$;

-- Destroys the grants, cards and shred secret of a journey or summary, with the house's ledger entries that name them.
-- The grants given are those that the entries name, by the SHA-256 of their envelopes. Answers 1; 0 if it was erased
-- before; -1 if other grants are stored: read them again.
CREATE FUNCTION relais.erase(
    p_network uuid, p_originator uuid,
    p_grant_epochs bytea[], p_grant_holders uuid[], p_grant_generations integer[], p_grant_digests bytea[],
    p_headers bytea[], p_session_key bytea, p_bodies bytea[],
    p_key_holders uuid[], p_key_generations integer[], p_key_envelopes bytea[]
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

-- Puts shred secrets under another house key, each if it is still the one that was read. Answers how many.
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

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA relais FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.record, relais.load TO relais_app;
GRANT EXECUTE ON FUNCTION relais.erase, relais.wrap_anew TO relais_retention;
