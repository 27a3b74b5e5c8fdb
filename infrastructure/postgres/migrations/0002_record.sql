-- One call for each act: what is stored and its ledger entry commit together, or neither does.

-- Answers the ledger entry's number, or 0 where this very act is already stored (the answer to the first try was lost),
-- -1 where the journey has moved since it was decided, -2 where the directory has.
--
-- No table lock: appends to one journey wait for each other, appends and a change of the directory exclude each other,
-- all else goes on side by side.
CREATE FUNCTION relais.record(
    p_network uuid,
    p_originator uuid,
    p_expected integer,
    p_counter integer,
    p_states bytea[],
    p_set_epochs bytea[],
    p_set_ordinals integer[],
    p_set_payloads bytea[],
    p_set_signatures bytea[],
    p_grant_epochs bytea[],
    p_grant_holders uuid[],
    p_grant_generations integer[],
    p_grant_envelopes bytea[],
    p_destroyed_epochs bytea[],
    p_destroyed_holders uuid[],
    p_card_faces smallint[],
    p_card_epochs bytea[],
    p_card_envelopes bytea[],
    p_shred_key integer,
    p_shred bytea,
    p_header bytea,
    p_subject uuid,
    p_session_key bytea,
    p_body bytea,
    p_trace_epoch bytea,
    p_trace bytea
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
        SELECT coalesce(max(version), 0) INTO v_version FROM relais.event
            WHERE network = p_network AND originator = p_originator;
        IF v_version <> p_expected THEN
            IF EXISTS (SELECT FROM relais.ledger_entry WHERE sha256(header) = sha256(p_header)) THEN
                RETURN 0;
            END IF;
            RETURN -1;
        END IF;
    END IF;
    IF p_counter IS NOT NULL THEN
        SELECT coalesce(max(version), 0) INTO v_version FROM relais.event
            WHERE network = p_network AND originator = p_network;
        IF v_version <> p_counter THEN
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

-- What a session needs of a journey: one call. ``grants`` are those of the session's own holders for the epochs that it
-- has not opened yet; ``payloads`` and ``signatures`` name everybody an epoch was ever granted to.
CREATE FUNCTION relais.load(
    p_network uuid,
    p_originator uuid,
    p_holders uuid[],
    p_known bytea[],
    OUT counter integer,
    OUT states bytea[],
    OUT payloads bytea[],
    OUT signatures bytea[],
    OUT grant_epochs bytea[],
    OUT grant_holders uuid[],
    OUT grant_generations integer[],
    OUT grant_envelopes bytea[],
    OUT destroyed_epochs bytea[],
    OUT destroyed_holders uuid[],
    OUT card_faces smallint[],
    OUT card_versions integer[],
    OUT card_epochs bytea[],
    OUT card_envelopes bytea[],
    OUT shred_key integer,
    OUT shred bytea
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT coalesce(max(version), 0) INTO counter FROM relais.event
        WHERE network = p_network AND originator = p_network;
    -- To whoever holds nothing here, a journey that exists and one that does not cost and answer the same.
    IF NOT EXISTS (SELECT FROM relais.epoch_grant AS g
                   WHERE g.network = p_network AND g.originator = p_originator AND g.holder = ANY (p_holders)) THEN
        RETURN;
    END IF;
    SELECT array_agg(e.state ORDER BY e.version) INTO states FROM relais.event AS e
        WHERE e.network = p_network AND e.originator = p_originator;
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

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA relais FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.record, relais.load TO relais_app;

-- The cards that a session can open, with what opens them: one call for a whole list. Grants and sets of epochs that the
-- session has opened before are left out.
CREATE FUNCTION relais.shelf(p_network uuid, p_holders uuid[], p_faces smallint[], p_known bytea[])
RETURNS TABLE (
    originator uuid, face smallint, version integer, epoch bytea, envelope bytea,
    grant_holder uuid, grant_generation integer, grant_envelope bytea,
    payloads bytea[], signatures bytea[], shred_key integer, shred bytea
) LANGUAGE sql STABLE AS $$
    SELECT c.originator, c.face, c.version, c.epoch, c.envelope, g.holder, g.generation,
           CASE WHEN k.epoch IS NULL THEN g.envelope END,
           CASE WHEN k.epoch IS NULL THEN
               (SELECT array_agg(s.payload ORDER BY s.ordinal) FROM relais.grant_set AS s
                WHERE s.network = c.network AND s.originator = c.originator AND s.epoch = c.epoch) END,
           CASE WHEN k.epoch IS NULL THEN
               (SELECT array_agg(s.signature ORDER BY s.ordinal) FROM relais.grant_set AS s
                WHERE s.network = c.network AND s.originator = c.originator AND s.epoch = c.epoch) END,
           h.house_key, h.envelope
    FROM relais.card AS c
    JOIN LATERAL (
        SELECT g.holder, g.generation, g.envelope FROM relais.epoch_grant AS g
        WHERE g.network = c.network AND g.originator = c.originator AND g.epoch = c.epoch
          AND g.holder = ANY (p_holders) AND g.envelope IS NOT NULL
        ORDER BY g.holder, g.generation LIMIT 1
    ) AS g ON true
    JOIN relais.shred_secret AS h ON h.network = c.network AND h.originator = c.originator
    LEFT JOIN unnest(p_known) AS k (epoch) ON k.epoch = c.epoch
    WHERE c.network = p_network AND c.face = ANY (p_faces)
$$;
REVOKE EXECUTE ON FUNCTION relais.shelf FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.shelf TO relais_app;
