-- What somebody who knows PostgreSQL, this data and the rules of the day would write by hand for the same table:
-- people by place and status. Written apart from courses/standing.sql; bench.measure checks that both say the same.
WITH RECURSIVE
rule (name, years, required, warns, frequency) AS (VALUES
    ('school', 5, 72, 365, 5), ('own', 3, 48, 0, NULL), ('group', 1, 16, 0, NULL),
    ('college', 3, NULL, 180, 3), ('university', 5, NULL, 365, 5)
),
staff AS (
    SELECT e.id AS job, e.person_id, e.starts_on AS hired, i.{place} AS place, rule.*,
        CASE WHEN name = 'group' THEN DATE '2026-09-01' WHEN name IN ('school', 'own') AND plan.ends_on IS NOT NULL
            THEN plan.starts_on ELSE (DATE '2026-11-20' - MAKE_INTERVAL(years))::date END AS first,
        CASE WHEN name = 'group' THEN DATE '2027-08-31' WHEN name IN ('school', 'own') AND plan.ends_on IS NOT NULL
            THEN plan.ends_on ELSE DATE '2026-11-20' END AS last,
        name = 'group' OR name IN ('school', 'own') AND plan.ends_on IS NOT NULL AS is_dated
    FROM schools_employment e
    JOIN schools_institution i ON i.id = e.institution_id
    JOIN rule ON rule.name = CASE WHEN e.institution_id = {own} THEN 'own'
        WHEN i.kind = 'school' AND e.staff_group = 'психолог' THEN 'group' ELSE i.kind END
    LEFT JOIN LATERAL (
        SELECT d.starts_on, d.ends_on
        FROM schools_document d
        WHERE d.author_id = e.person_id AND d.institution_id = e.institution_id AND d.kind = 'individual_plan'
            AND d.in_force_id IS NOT NULL AND d.starts_on <= DATE '2026-11-20'
        ORDER BY d.starts_on DESC
        LIMIT 1
    ) plan ON TRUE
    WHERE e.starts_on <= DATE '2026-11-20' AND (e.ends_on IS NULL OR e.ends_on >= DATE '2026-11-20') AND {scope}
),
good AS (
    SELECT s.job, s.name, s.first, s.last, r.id, r.kind, r.starts_on, r.ends_on, r.provider_id, r.document_key,
        r.category = 'formal' AS formal, r.recognition <> '' AS recognised,
        r.precision = 'day' AND r.delivery_mode = 'offline' AS present,
        CASE r.precision WHEN 'day' THEN r.ends_on ELSE r.starts_on END AS ended,
        COALESCE(CASE WHEN r.unit = 'hour' THEN r.amount ELSE r.approved_hours END, 0) AS hours
    FROM staff s
    JOIN courses_trainingrecord r USING (person_id)
    JOIN schools_institution place ON place.id = r.institution_id
    WHERE r.status = 'verified' AND r.role = 'participant' AND r.ends_on <= DATE '2026-11-20'
        AND r.file_id IS NOT NULL
        AND (r.document_type = 'programme' OR r.document_type = 'certificate' AND r.document_number <> ''
            AND r.document_on IS NOT NULL)
        AND (r.category = 'formal' OR r.category = 'nonformal' AND r.recognition <> '')
        AND r.kind NOT IN (
            'mentoring', 'learning_organisation', 'network', 'interactive', 'self_study', 'open_lesson')
        AND EXISTS (
            SELECT FROM courses_providerright p
            WHERE p.provider_id = r.provider_id AND r.ends_on BETWEEN p.starts_on AND COALESCE(p.ends_on, 'infinity')
                AND COALESCE(p.institution_id, r.institution_id) = r.institution_id
                AND COALESCE(p.district_id, place.district_id) = place.district_id)
),
numbered AS (
    SELECT list, job, id, starts_on, ends_on, ended, hours, kind, name, recognised, present,
        ROW_NUMBER() OVER (PARTITION BY list, job ORDER BY hours DESC, ends_on, id) AS no,
        document_key <> '' AND ROW_NUMBER() OVER (
            PARTITION BY list, job, provider_id, document_key ORDER BY hours DESC, ends_on, id) > 1 AS copied
    FROM good
    CROSS JOIN LATERAL (
        SELECT 'sum' AS list WHERE formal AND hours > 0 AND ended >= first AND ends_on <= last
        UNION ALL
        SELECT 'event'
    ) lists
),
clash AS (
    SELECT b.list, b.job, b.id, b.no, ARRAY_AGG(a.id) AS stronger
    FROM numbered a
    JOIN numbered b ON b.list = a.list AND b.job = a.job AND b.no > a.no
        AND b.starts_on <= a.ends_on AND a.starts_on <= b.ends_on
    WHERE a.present AND b.present AND NOT a.copied AND NOT b.copied AND NOT EXISTS (
        SELECT FROM courses_confirmedpair c
        WHERE c.revoked_at IS NULL AND c.first_id = LEAST(a.id, b.id) AND c.second_id = GREATEST(a.id, b.id))
    GROUP BY b.list, b.job, b.id, b.no
),
ordered AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY list, job ORDER BY no) AS turn FROM clash
),
fallen (list, job, turn, ids) AS (
    SELECT list, job, turn, ARRAY[id] FROM ordered WHERE turn = 1
    UNION ALL
    SELECT o.list, o.job, o.turn, CASE WHEN o.stronger <@ f.ids THEN f.ids ELSE f.ids || o.id END
    FROM fallen f
    JOIN ordered o ON o.list = f.list AND o.job = f.job AND o.turn = f.turn + 1
),
outcome AS (
    SELECT DISTINCT ON (list, job) list, job, ids FROM fallen ORDER BY list, job, turn DESC
),
sums AS (
    SELECT n.job, SUM(n.hours) FILTER (WHERE list = 'sum') AS hours,
        MAX(n.ended) FILTER (WHERE list = 'event' AND CASE n.kind
            WHEN 'course' THEN n.hours >= CASE n.name WHEN 'college' THEN 36 WHEN 'university' THEN 72 ELSE 0.1 END
                OR n.recognised AND n.name IN ('college', 'university')
            WHEN 'short_event' THEN n.recognised AND n.name IN ('college', 'university')
            WHEN 'internship' THEN n.hours >= CASE WHEN n.name IN ('college', 'university') THEN 72 ELSE 0.1 END
                OR n.name = 'university' AND n.ended = n.ends_on AND n.ends_on - n.starts_on >= 13
            WHEN 'retraining' THEN n.name <> 'university' OR n.hours >= 250
            WHEN 'second_degree' THEN n.name IN ('college', 'university')
            WHEN 'postgraduate' THEN n.name IN ('college', 'university')
            WHEN 'degree' THEN n.name IN ('college', 'university')
        END) AS event
    FROM numbered n
    LEFT JOIN outcome o USING (list, job)
    WHERE NOT n.copied AND (o.ids IS NULL OR n.id <> ALL (o.ids))
    GROUP BY n.job
),
answer AS (
    SELECT place, person_id,
        CASE
            WHEN frequency IS NULL THEN NULL
            WHEN event + MAKE_INTERVAL(frequency) >= DATE '2026-11-20' THEN 5
            WHEN COALESCE(event, hired) + MAKE_INTERVAL(frequency) < DATE '2026-11-20' THEN 0
            WHEN COALESCE(event, hired) + MAKE_INTERVAL(frequency) <= DATE '2026-11-20' + warns THEN 1
            ELSE 2
        END AS frequency,
        CASE
            WHEN required IS NULL THEN NULL
            WHEN COALESCE(hours, 0) >= required THEN 5
            WHEN is_dated AND last < DATE '2026-11-20' THEN 0
            WHEN is_dated AND last - DATE '2026-11-20' <= warns THEN 1
            WHEN is_dated THEN 2
            WHEN hired + MAKE_INTERVAL(years) < DATE '2026-11-20' THEN 0
            WHEN hired + MAKE_INTERVAL(years) <= DATE '2026-11-20' + warns THEN 1
            ELSE 2
        END AS status
    FROM staff
    LEFT JOIN sums USING (job)
)
SELECT place, LEAST(status, frequency) AS worse, COUNT(*)
FROM (
    SELECT place, person_id, MIN(COALESCE(status, frequency)) AS status, MIN(frequency) AS frequency
    FROM answer
    GROUP BY place, person_id
) people
GROUP BY place, worse
