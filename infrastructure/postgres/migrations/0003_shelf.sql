-- A list opens a card with a key that the session has: a holder's generation, not the holder alone. Whoever left a group
-- still has its older key, and may hold another grant of the same card through a group that they are in.
DROP FUNCTION relais.shelf;

-- The cards that a session can open, with what opens them: one call for a whole list. ``p_holders`` and
-- ``p_generations`` are the session's keys. Grants and sets of epochs that it has opened before are left out.
CREATE FUNCTION relais.shelf(
    p_network uuid, p_holders uuid[], p_generations integer[], p_faces smallint[], p_known bytea[]
)
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
        SELECT g.holder, g.generation, g.envelope
        FROM unnest(p_holders, p_generations) AS mine (holder, generation)
        JOIN relais.epoch_grant AS g ON g.network = c.network AND g.originator = c.originator
            AND g.holder = mine.holder AND g.generation = mine.generation AND g.epoch = c.epoch
        WHERE g.envelope IS NOT NULL
        LIMIT 1
    ) AS g ON true
    JOIN relais.shred_secret AS h ON h.network = c.network AND h.originator = c.originator
    LEFT JOIN unnest(p_known) AS k (epoch) ON k.epoch = c.epoch
    WHERE c.network = p_network AND c.face = ANY (p_faces)
$$;
REVOKE EXECUTE ON FUNCTION relais.shelf FROM PUBLIC;
GRANT EXECUTE ON FUNCTION relais.shelf TO relais_app;
